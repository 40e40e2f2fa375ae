"""The keys by which calls of an outside number are found, computed anew when numbers are read in another way."""

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet

from astpanel.lib.phone_numbers import Reading, number_keys
from crm.keyed_rows import KeyedRows, register
from telephony.models import CallParticipant, CallRecord

OUTSIDERS = Prefetch("participants", CallParticipant.objects.filter(is_extension=False).exclude(number=""))


def outside_number(call: CallRecord) -> str:
    """Who called from outside, or who was called there: as the record is written (telephony/services.py)."""
    if call.direction == CallRecord.Direction.INTERNAL:
        return ""
    if call.direction == CallRecord.Direction.INBOUND:
        return call.caller_number
    return next((who.number for who in call.participants.all()), call.called_number)


def _rows() -> QuerySet[CallRecord]:
    return CallRecord.objects.all()


def _recompute(ids: Sequence[int], reading: Reading) -> int:
    outside = _rows().filter(pk__in=ids).exclude(direction=CallRecord.Direction.INTERNAL)
    changed = []
    for call in outside.select_for_update().prefetch_related(OUTSIDERS).order_by():
        number = outside_number(call)
        keys = number_keys(number, reading)
        if number and keys != (call.outside_e164, call.outside_last10):
            call.outside_e164, call.outside_last10 = keys
            changed.append(call)
    CallRecord.objects.bulk_update(changed, ["outside_e164", "outside_last10"])
    return len(changed)


register("calls", KeyedRows(_rows, _recompute))
