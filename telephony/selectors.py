"""What the operator's page reads from the database: the directory of colleagues and the user's recent calls."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db.models import F, Q

from astpanel.accounts.models import Favourite, PanelUser
from astpanel.accounts.selectors import internal_numbers, with_internal_numbers
from crm.matching import Contact
from crm.models import AddressType
from crm.selectors import contacts_by_numbers
from telephony.models import CallParticipant, CallRecord

BY_DEPARTMENT: Final = (
    F("department__order").asc(nulls_last=True),  # people without a department come last on every database
    *("department__name", "last_name", "first_name", "username"),
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """One row of the colleagues' table. `numbers`: internal numbers, the main one first."""

    id: int
    name: str
    numbers: tuple[str, ...]
    group: str  # department, empty = none
    status: str  # accounts.models.Status: what the person says, not what the phone does
    status_until: datetime | None


@dataclass(frozen=True, slots=True)
class RecentCall:
    """A call record seen by one of its participants."""

    record: CallRecord
    number: str  # of the other side
    name: str  # found in the directory, else as the PBX gave it, else empty
    incoming: bool
    others: tuple[str, ...]  # everybody else who took part
    contact: Contact | None = None  # whom the directory knows by the number


def favourites(*, user: PanelUser) -> list[str]:
    """Numbers the user has starred."""
    return list(Favourite.objects.filter(user=user).order_by("number").values_list("number", flat=True))


def colleagues(*, pbx_id: int) -> list[Colleague]:
    """Everybody with an internal number on the PBX (people without a PBX belong to each), by department and name.

    Two queries, however many colleagues.
    """
    users = (
        PanelUser.objects.filter(Q(pbx=pbx_id) | Q(pbx=None), is_active=True)
        .filter(contact_info__type=AddressType.INTERNAL)
        .select_related("department")
        .order_by(*BY_DEPARTMENT)
        .distinct()
    )
    return [
        Colleague(
            id=user.pk,
            name=str(user),
            numbers=tuple(internal_numbers(user)),
            group=user.department.name if user.department else "",
            status=user.status,
            status_until=user.status_until,
        )
        for user in with_internal_numbers(users)
    ]


def recent_calls(*, pbx_id: int, numbers: Sequence[str], limit: int = 30) -> list[RecentCall]:
    """The last finished calls in which one of the numbers took part, newest first."""
    rows = CallParticipant.objects.filter(number__in=numbers, is_extension=True, call__pbx=pbx_id)
    rows = rows.exclude(call__disposition=CallRecord.Disposition.IN_PROGRESS)
    newest = rows.order_by("-started", "-call_id").values_list("call_id", flat=True)
    ids = list(dict.fromkeys(newest[: limit * len(numbers)]))[:limit]
    found = CallRecord.objects.prefetch_related("participants").in_bulk(ids)
    records = [found[pk] for pk in ids if pk in found]
    numbers_seen = {number for record in records for number in numbers_in(record)}
    contacts = contacts_by_numbers(numbers_seen, pbx_id=pbx_id)
    names = {number: contact.name for number, contact in contacts.items()}
    seen = [seen_by(record, set(numbers), names) for record in records]
    return [replace(call, contact=contacts.get(call.number)) for call in seen]


def numbers_in(record: CallRecord) -> set[str]:
    """Of everybody in the call; its participants are prefetched."""
    return {record.caller_number, record.called_number} | {who.number for who in record.participants.all()}


def seen_by(record: CallRecord, own: set[str], names: dict[str, str]) -> RecentCall:
    """The other side is the caller, unless I called: then whom I called."""
    incoming = record.caller_number not in own
    number = record.caller_number if incoming else record.called_number
    given = {who.number: who.name for who in record.participants.all()} | {record.caller_number: record.caller_name}
    others = [
        names.get(who.number) or who.name or who.number
        for who in record.participants.all()
        if who.number not in own and who.number != number
    ]
    return RecentCall(
        record=record,
        number=number,
        name=names.get(number) or given.get(number, ""),
        incoming=incoming,
        others=tuple(dict.fromkeys(others)),
    )
