"""What telephony keeps in the database."""

from telephony.models.calls import CallLeg, CallParticipant, CallRecord
from telephony.models.checks import PbxCheck, PhoneContact
from telephony.models.journal import ActionLog
from telephony.models.pbx import GatewayLease, Pbx
from telephony.models.popups import PopupClaim

__all__ = [
    "ActionLog",
    "CallLeg",
    "CallParticipant",
    "CallRecord",
    "GatewayLease",
    "Pbx",
    "PbxCheck",
    "PhoneContact",
    "PopupClaim",
]
