"""What a page may ask of a PBX, and what comes back. Values only; who may ask is decided in telephony/rules.py."""

import re
from dataclasses import dataclass
from typing import Final

from telephony.core.enums import OutcomeKind

DIALABLE: Final = re.compile(r"[0-9*#+]{1,32}")  # all that may ever reach a dialplan


def dialable(number: str) -> bool:
    """True if the text may be dialled as it is."""
    return DIALABLE.fullmatch(number) is not None


@dataclass(frozen=True, slots=True)
class Originate:
    """Ring `extension`'s own phone, then dial `number` from it (click to dial)."""

    extension: str
    number: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End `extension`'s leg of the call `call_id`: when it talks with one party, that ends the call."""

    extension: str
    call_id: str


Command = Originate | Hangup


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command."""

    kind: OutcomeKind
    reason: str = ""  # a code of telephony/live/reasons.py: translated where it is shown
    detail: str = ""  # what the PBX said, for the journal and the tooltip; hostile text
