"""What the card of a ringing call says beyond the name: how often they called, the note, the manager's name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from crm.models import Counterparty
from crm.selectors import keys_of
from telephony.models import CallRecord

WEEK: Final = timedelta(days=7)
KINDS: Final = ("counterparty", "person")
LONGEST_NOTE: Final = 200  # characters of its first line


@dataclass(frozen=True, slots=True)
class Known:
    """`calls`: calls from this number in seven days, without the one that goes on."""

    calls: int
    note: str  # the first line
    manager: tuple[int, str] | None  # id and name: the manager may have no internal number here

    def as_json(self) -> dict[str, Any]:
        """For the page's script."""
        manager = {"id": self.manager[0], "name": self.manager[1]} if self.manager else None
        return {"calls": self.calls, "note": self.note, "manager": manager}


def known(*, pbx_id: int, number: str, call: str, owner: tuple[str, int] | None, now: datetime) -> Known:
    """Two queries: one over the index of outside numbers, one for the owner (`KINDS`, id)."""
    company = _company(*owner) if owner else None
    note = company.note.strip().partition("\n")[0].strip() if company else ""
    manager = (company.manager.pk, str(company.manager)) if company and company.manager else None
    return Known(calls=_calls(pbx_id, number, call, now), note=note[:LONGEST_NOTE], manager=manager)


def _calls(pbx_id: int, number: str, call: str, now: datetime) -> int:
    last10 = keys_of(number)[1]
    if not last10:
        return 0
    records = CallRecord.objects.filter(outside_last10=last10, started__gte=now - WEEK, pbx_id=pbx_id)
    return records.filter(direction=CallRecord.Direction.INBOUND).exclude(linkedid=call).count()


def _company(kind: str, pk: int) -> Counterparty | None:
    rows = Counterparty.objects.select_related("manager")
    return rows.filter(contact_persons=pk).first() if kind == "person" else rows.filter(pk=pk).first()
