"""History of all numbers of somebody: pages by keyset, counts of a week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Q, QuerySet

from crm.selectors import contacts_by_numbers
from telephony.models import CallParticipant, CallRecord
from telephony.selectors import RecentCall, numbers_in, seen_by

MOST_PARTS: Final = 50  # numbers that are each asked by the index alone; more are asked together
MISSED: Final = (CallRecord.Disposition.MISSED, CallRecord.Disposition.ABANDONED)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Keys:
    """What calls are found by: last 10 digits of outside numbers, internal numbers of a colleague."""

    outside: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.outside or self.internal)


@dataclass(frozen=True, slots=True)
class Place:
    """Of the last call shown: the next page begins after it."""

    started: datetime
    call: int

    def __str__(self) -> str:
        return f"{(self.started - EPOCH) // MICROSECOND}.{self.call}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Raises ValueError."""
        micros, _dot, call = text.partition(".")
        if not (micros.isascii() and micros.isdigit() and call.isascii() and call.isdigit()) or len(text) > 40:
            raise ValueError("no place in a list of calls")
        try:
            return cls(EPOCH + int(micros) * MICROSECOND, int(call))
        except OverflowError:
            raise ValueError("no such time") from None


@dataclass(frozen=True, slots=True)
class Page:
    """Calls, newest first. `before`: the next page's place, None on the last."""

    calls: tuple[RecentCall, ...] = ()
    before: Place | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Calls since some moment; of a customer only those that came in."""

    calls: int = 0
    missed: int = 0


def history(*, pbx_id: int | None, keys: Keys, limit: int = 10, before: Place | None = None) -> Page:
    """Finished calls of any of the numbers on this PBX. At most five queries, however many numbers and calls."""
    if pbx_id is None or not keys:
        return Page()
    ids = _newest(_parts(pbx_id, keys, before), limit + 1)
    found = CallRecord.objects.prefetch_related("participants").in_bulk(list(dict.fromkeys(ids))[:limit])
    records = sorted(found.values(), key=lambda record: (record.started, record.pk), reverse=True)
    last = Place(records[-1].started, records[-1].pk) if records and len(ids) > limit else None
    contacts = contacts_by_numbers({number for one in records for number in numbers_in(one)}, pbx_id=pbx_id)
    names = {number: contact.name for number, contact in contacts.items()}
    if keys.internal:
        return Page(tuple(seen_by(record, set(keys.internal), names) for record in records), last)
    return Page(tuple(_of_customer(record, names) for record in records), last)


def counts(*, pbx_id: int | None, keys: Keys, since: datetime, without: str = "") -> Counts:
    """`without`: linkedid of the call that rings just now. One query."""
    if pbx_id is None or not keys:
        return Counts()
    if keys.internal:
        rows = CallParticipant.objects.filter(number__in=keys.internal, is_extension=True, started__gte=since)
        rows = rows.filter(call__pbx=pbx_id).exclude(call__linkedid=without)
        missed = Q(call__direction="inbound", call__disposition__in=MISSED, rang=True)
        found = rows.aggregate(calls=Count("call", distinct=True), missed=Count("call", filter=missed, distinct=True))
        return Counts(**found)
    calls = CallRecord.objects.filter(pbx=pbx_id, outside_last10__in=keys.outside, started__gte=since)
    calls = calls.filter(direction=CallRecord.Direction.INBOUND).exclude(linkedid=without)
    return Counts(**calls.aggregate(calls=Count("pk"), missed=Count("pk", filter=Q(disposition__in=MISSED))))


def _parts(pbx_id: int, keys: Keys, before: Place | None) -> list[QuerySet[Any]]:
    """One range of an index for each number: (number, -started)."""
    running = CallRecord.Disposition.IN_PROGRESS
    parts: list[QuerySet[Any]] = []
    for some in _each(keys.internal):
        rows = CallParticipant.objects.filter(number__in=some, is_extension=True, call__pbx=pbx_id)
        parts.append(_after(rows.exclude(call__disposition=running), "call_id", before))
    for some in _each(keys.outside):
        calls = CallRecord.objects.filter(pbx=pbx_id, outside_last10__in=some).exclude(disposition=running)
        parts.append(_after(calls, "pk", before))
    return parts


def _each(numbers: Sequence[str]) -> Iterable[Sequence[str]]:
    return [numbers] if len(numbers) > MOST_PARTS else [(number,) for number in numbers]


def _after(rows: QuerySet[Any], key: str, before: Place | None) -> QuerySet[Any]:
    """`started__lte` alone is what the index begins at; the rest only leaves out calls of the same moment."""
    if before is not None:
        rows = rows.filter(started__lte=before.started)
        rows = rows.filter(Q(started__lt=before.started) | Q(**{f"{key}__lt": before.call}))
    return rows.order_by("-started", f"-{key}").values_list("started", key)


def _newest(parts: Sequence[QuerySet[Any]], limit: int) -> list[int]:
    """Ids of the newest calls of all parts, each read no further than `limit`. One query.

    Written out because SQLite knows no LIMIT in a part of a union, unless it is a sub-query, which the ORM cannot say.
    """
    compiled = [part[:limit].query.sql_with_params() for part in parts]
    union = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part" for sql, _ in compiled)  # noqa: S608 - the ORM's own SQL
    values = [value for _, params in compiled for value in params]
    with connection.cursor() as cursor:
        cursor.execute(f"{union} ORDER BY 1 DESC, 2 DESC LIMIT {limit:d}", values)
        return [call for _started, call in cursor.fetchall()]


def _of_customer(record: CallRecord, names: dict[str, str]) -> RecentCall:
    """The other side is the outside number, whoever of the office spoke."""
    incoming = record.direction == CallRecord.Direction.INBOUND
    people = list(record.participants.all())
    outside = [who for who in people if not who.is_extension]
    number = record.caller_number if incoming else next((who.number for who in outside), record.called_number)
    given = next((who.name for who in outside if who.number == number), "") or (record.caller_name if incoming else "")
    others = [names.get(who.number) or who.name or who.number for who in people if who.number != number]
    return RecentCall(record, number, names.get(number) or given, incoming, tuple(dict.fromkeys(others)))
