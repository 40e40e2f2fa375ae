"""What can go wrong with one action. A caller catches `AmiError`; the classes say whether the PBX may have acted."""
# ruff: noqa: N818 - named by what happened, as the gateway reads them: "except LinkLost"

from collections.abc import Mapping

from telephony.ami.reasons import Reason


class AmiError(Exception):
    """Base of all errors of the link."""


class UnsafeValue(AmiError):
    """A value cannot go on the wire: control characters or too long. Names the field, never shows the value."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


class ActionFailed(AmiError):
    """Asterisk answered `Response: Error` (or an OriginateResponse of Failure): it did not act.

    `message` is its whole answer.
    """

    def __init__(self, message: Mapping[str, str]) -> None:
        text = message.get("Message", "").strip()  # "No Contacts found\n" comes with a line end
        super().__init__(text or f"{message.get('Response', '')}, reason {message.get('Reason', 'not given')}")
        self.message = message

    @property
    def text(self) -> str:
        """What Asterisk said (hostile text, English): for the journal and the tooltip."""
        return str(self)

    @property
    def permission_denied(self) -> bool:
        """The account lacks the write class of this action."""
        return self.text == "Permission denied"


class ActionTimeout(AmiError):
    """No (complete) answer within the deadline. It may or may not have happened; it is never sent again."""

    def __init__(self, action: str, seconds: float) -> None:
        super().__init__(f"{action}: no answer within {seconds:g} s")
        self.action = action


class LinkDown(AmiError):
    """There is no logged-in connection: nothing was sent, nothing is queued."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value or "not connected")
        self.reason = reason


class LinkLost(AmiError):
    """The connection dropped before the answer. It may or may not have happened; it is never sent again."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
