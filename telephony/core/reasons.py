"""Why a command ended as it did, as codes: what the gateway says. What the rules say is `telephony.rules.Refusal`.

The words a person reads are in `telephony/live/reasons.py`, one entry for each code.
"""

from enum import StrEnum


class CommandReason(StrEnum):
    """Goes into `Outcome.reason`, the live protocol and the journal. The kind of outcome is given behind each."""

    NONE = ""
    # done
    OWN_PHONE_RINGS = "own_phone_rings"  # originate: lift it, the PBX then dials the other
    HUNG_UP = "hung_up"
    # refused: nothing was sent to the PBX
    BAD_COMMAND = "bad_command"  # unknown name, missing or malformed arguments
    TOO_LATE = "too_late"  # its deadline had passed before it could be carried out
    LINK_DOWN = "link_down"  # the gateway is not connected to the PBX, or still reading its state
    COMMANDS_DOWN = "commands_down"  # the AMI account for commands is not logged in; the detail is its link reason
    RIGHTS_UNKNOWN = "rights_unknown"  # the database is away: the right cannot be checked
    WRONG_PBX = "wrong_pbx"  # the user belongs to another PBX
    NO_DEVICE = "no_device"  # the extension's hint names no device that could ring
    # refused by the PBX
    PBX_REFUSED = "pbx_refused"  # `Response: Error`; the detail says why in the PBX's words
    PBX_NO_RIGHT = "pbx_no_right"  # the AMI account lacks the write class of the action
    # failed
    OWN_PHONE_NO_ANSWER = "own_phone_no_answer"
    OWN_PHONE_BUSY = "own_phone_busy"
    OWN_PHONE_UNREACHABLE = "own_phone_unreachable"  # not registered, or the call could not be set up
    CONGESTION = "congestion"
    INTERNAL_ERROR = "internal_error"  # a defect of ours; the log has the details
    # timed out: it may or may not have happened
    PBX_SILENT = "pbx_silent"  # no answer within the deadline
    LINK_LOST = "link_lost"  # the connection dropped between the action and its answer
    GATEWAY_STOPPING = "gateway_stopping"


class LinkReason(StrEnum):
    """Reasons of the `link` value that do not come from the AMI link (those are `telephony.ami.reasons.Reason`)."""

    GATEWAY_STOPPED = "gateway_stopped"  # a clean stop; a standby takes over if there is one
    GATEWAY_LOST = "gateway_lost"  # set by the web process: no beat for 6 s
