"""An action on its way: panoramisk's, with an end of its own."""

from collections.abc import Callable
from enum import Enum
from typing import Final

from panoramisk.actions import Action as PanoramiskAction
from panoramisk.utils import IdGenerator

from telephony.ami.actions import Action, encode
from telephony.ami.errors import ActionFailed, AmiError
from telephony.ami.wire import Message

# One for the process: panoramisk keeps every generator ever made. Its name and UUID mark what is ours on the wire.
action_ids: Final = IdGenerator("astpanel")
MARKER: Final = f"astpanel/{action_ids.uid}/"


class Answer(Enum):
    """What ends the waiting."""

    RESPONSE = "response"  # the first response
    LIST = "list"  # the event that says `EventList: Complete`
    ORIGINATE = "originate"  # the OriginateResponse


class PendingAction(PanoramiskAction):  # type: ignore[misc]  # panoramisk ships no types
    """Gets its messages from `add_message` until `future` has a result: a Message, or the tuple of a list's events.

    panoramisk guesses from words ("will follow", "successfully queued") how many messages an answer has; here the
    caller says what is asked for. What does not fit ends the waiting, and never raises into the protocol.
    """

    def __init__(self, action: Action, answer: Answer, encoding: Callable[[Action, str], bytes] = encode) -> None:
        super().__init__({"Action": action.name, "ActionID": action_ids()})
        self.wire = encoding(action, self["ActionID"])
        self.answer = answer
        self.empty_answers = action.empty_answers
        self.events: list[Message] = []

    def add_message(self, message: Message) -> bool:
        """Take one message with our ActionID. True when nothing more is expected."""
        if not self.future.done():
            if "Event" in message:
                self._add_event(message)
            else:
                self._add_response(message)
        return bool(self.future.done())

    def fail(self, error: AmiError) -> None:
        """End the waiting; harmless when it has ended."""
        if not self.future.done():
            self.future.set_exception(error)

    def _add_response(self, message: Message) -> None:
        if message.get("Response") not in ("Success", "Follows", "Goodbye"):
            error = ActionFailed(message)
            if error.text in self.empty_answers:
                self.future.set_result(())
            else:
                self.fail(error)
        elif self.answer is Answer.RESPONSE:
            self.future.set_result(message)
        elif self.answer is Answer.LIST and not _announces_a_list(message):
            self.future.set_result(())

    def _add_event(self, message: Message) -> None:
        if self.answer is Answer.LIST:
            if message.get("EventList") == "Complete" or message["Event"].endswith("Complete"):
                self.future.set_result(tuple(self.events))
            elif message.get("EventList") == "Cancelled":
                self.fail(ActionFailed(message))
            else:
                self.events.append(message)
        elif self.answer is Answer.ORIGINATE and message["Event"] == "OriginateResponse":
            if message.get("Response") == "Success":
                self.future.set_result(message)
            else:
                self.fail(ActionFailed(message))


def _announces_a_list(message: Message) -> bool:
    return message.get("EventList", "").lower() == "start" or "follow" in message.get("Message", "")
