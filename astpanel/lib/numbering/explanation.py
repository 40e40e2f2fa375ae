"""What became of a typed number, with the way there."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the number is."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    EMERGENCY = "emergency"
    SERVICE = "service"  # of the PBX or the network: voicemail, a feature code, a short number
    INVALID = "invalid"  # nothing is dialled


class Reason(StrEnum):
    """Which built-in rule decided; the words are in crm/numbering_texts.py."""

    # invalid
    EMPTY = "empty"
    CONTROL = "control"  # line ends and other control characters
    CHARACTERS = "characters"  # letters and the like
    TOO_LONG = "too_long"
    NO_NUMBER = "no_number"  # a plus, but no country has such a number
    EMERGENCY_BY_ACCIDENT = "emergency_by_accident"  # another number would turn into an emergency call
    NOT_DIALABLE = "not_dialable"  # the rewrite rule leaves nothing, or too much
    # dialled
    EMERGENCY = "emergency"
    SERVICE = "service"
    INTERNAL = "internal"
    REWRITTEN = "rewritten"
    FEATURE_CODE = "feature_code"
    SHORT = "short"  # shorter than internal numbers
    IN_COUNTRY = "in_country"
    ABROAD = "abroad"
    UNKNOWN = "unknown"  # fits no numbering plan: as typed
    NO_PLAN = "no_plan"  # no rules are set up: as typed


class StepCode(StrEnum):
    """Questions in the order they are asked."""

    CLEANED = "cleaned"
    EXTENSION_DROPPED = "extension_dropped"
    EMERGENCY = "emergency"
    SERVICE = "service"
    INTERNAL = "internal"
    E164 = "e164"
    REWRITE = "rewrite"
    BUILT_IN = "built_in"
    OUTSIDE_PREFIX = "outside_prefix"


@dataclass(frozen=True, slots=True)
class Step:
    """One question: did it fit, and what was the number then. `name`: of the rewrite rule."""

    code: StepCode
    matched: bool
    value: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """`dialled` is `[0-9*#+]{1,32}`, or empty when `kind` is invalid. `e164` only of outside numbers."""

    kind: Kind
    reason: Reason
    dialled: str = ""
    e164: str = ""
    readable: str = ""
    rewrite: str = ""  # name of the rewrite rule that decided
    extension: str = ""  # `доб. 12`: not dialled
    steps: tuple[Step, ...] = ()

    @property
    def rule(self) -> str:
        """Which rule did it: the rewrite rule's name, else the built-in rule's code."""
        return self.rewrite or self.reason
