"""A worker's round over what waits: claims it, writes it, notes what became of it.

Acts of one customer are written in their order and never by two workers at once: a claim is worth the number of
attempts it made, and everything that is noted later is guarded by that number.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from crm.models import ContactInfo, CustomerSource, PendingTransfer
from crm.number_rules import stored_rules
from crm.sources.answers import SourceError
from crm.sources.client import OneC
from crm.sources.field_map import FieldMap, MapError, from_json
from crm.sources.odata import NoAccessError
from crm.sources.row_keys import RowKey
from crm.sources.selectors import connection_of
from crm.sources.transfers.acts import Act, RefusedError
from crm.sources.transfers.kinds import KindsOfSource
from crm.sources.transfers.reasons import EVERYTHING, WRITING, Reason, due_at
from crm.sources.transfers.targets import Target, act_of, target_of
from crm.sources.transfers.writing import Writer, Written

State = PendingTransfer.State
MOST: Final = 2_000  # transfers looked at in one round
LONGEST: Final = 240.0  # seconds of one round; the next one goes on

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Round:
    """Session and map of one source."""

    source: CustomerSource
    field_map: FieldMap
    writer: Writer
    kinds: KindsOfSource


def sweep(*, now: datetime) -> dict[str, int]:
    """All sources that may be written → {"done", "waiting", "dropped"} of what was tried."""
    counts: dict[str, int] = defaultdict(int)
    for source in CustomerSource.objects.filter(write_back=True, map_confirmed__isnull=False).exclude(url=""):
        groups = _due(source, now)
        if groups:
            _sweep_source(source, groups, now, counts)
    return dict(counts)


def _due(source: CustomerSource, now: datetime) -> list[list[PendingTransfer]]:
    """By customer, in the order of the acts. One that may be tried lets the customer's others be tried with it."""
    rows = PendingTransfer.objects.filter(source=source, state=State.WAITING).order_by("id")
    groups: dict[str, list[PendingTransfer]] = defaultdict(list)
    for transfer in rows.select_related("contact_info__kind")[:MOST]:
        groups[transfer.external_ref].append(transfer)
    return [group for group in groups.values() if _is_due(group, now)]


def _is_due(group: Iterable[PendingTransfer], now: datetime) -> bool:
    due = [
        one.tried is None or due_at(problem=one.problem, attempts=one.attempts, tried=one.tried) <= now for one in group
    ]
    held = any(one.problem == WRITING and not may for one, may in zip(group, due, strict=True))
    return any(due) and not held


def _sweep_source(
    source: CustomerSource, groups: Sequence[list[PendingTransfer]], now: datetime, counts: dict[str, int]
) -> None:
    try:
        field_map = from_json(source.field_map)
    except MapError:
        log.exception("the field map of source %d cannot be read", source.pk)
        return
    until, reading = time.monotonic() + LONGEST, stored_rules().reading
    try:
        with OneC(connection_of(source)) as client:
            about = Round(source, field_map, Writer(client, field_map, reading), KindsOfSource(client, field_map))
            for group in groups:
                if time.monotonic() > until:
                    return
                if claimed := _claim(group, now):
                    _write_group(about, claimed, now, counts)
    except NoAccessError as error:
        log.warning("nothing can be written to source %d: %s", source.pk, error)
        _note_for_all(source, error, now)


def _claim(group: Iterable[PendingTransfer], now: datetime) -> list[PendingTransfer]:
    """This worker's from now on; what another one has taken, or a person has decided, stays theirs."""
    claimed = []
    for transfer in group:
        seen = PendingTransfer.objects.filter(pk=transfer.pk, state=State.WAITING, attempts=transfer.attempts)
        if seen.filter(problem=transfer.problem).update(attempts=F("attempts") + 1, tried=now, problem=WRITING):
            transfer.attempts += 1
            claimed.append(transfer)
    return claimed


def _write_group(about: Round, claimed: list[PendingTransfer], now: datetime, counts: dict[str, int]) -> None:
    """Raises NoAccessError when the whole source is out of reach."""
    by_target: dict[Target, list[tuple[PendingTransfer, Act]]] = {}
    try:
        for transfer in claimed:
            try:
                target = target_of(transfer, about.field_map)
                act = act_of(transfer, target, about.kinds)
            except RefusedError as error:
                _settle(transfer, counts, problem=error.reason)
                continue
            if act is None:
                _settle(transfer, counts, state=State.DROPPED)
            else:
                by_target.setdefault(target, []).append((transfer, act))
        for target in list(by_target):
            pairs = by_target[target]
            _settle_all(about, target, pairs, about.writer.write(target, [act for _transfer, act in pairs]), counts)
            del by_target[target]
    except NoAccessError as error:
        for transfer in claimed:
            _settle(transfer, counts, problem=error.problem, detail=_words(error))
        if error.problem in EVERYTHING:
            raise


def _settle_all(
    about: Round,
    target: Target,
    pairs: Iterable[tuple[PendingTransfer, Act]],
    written: Written,
    counts: dict[str, int],
) -> None:
    with transaction.atomic():
        _note_moved(about.source, target, written)
        for (transfer, act), outcome in zip(pairs, written.outcomes, strict=True):
            if outcome.reason:
                state = State.DROPPED if outcome.reason == Reason.NO_MAIN else State.WAITING
                _settle(transfer, counts, state=state, problem=outcome.reason)
                continue
            _settle(transfer, counts, state=State.DONE)
            if act.id in written.keys and transfer.contact_info_id is not None:
                rows = ContactInfo.objects.filter(pk=transfer.contact_info_id)
                rows.update(external_key=written.keys[act.id])


def _settle(
    transfer: PendingTransfer,
    counts: dict[str, int],
    *,
    state: str = State.WAITING,
    problem: str = "",
    detail: str = "",
) -> None:
    """Nothing, if this worker's claim is not worth anything any more, or the transfer is settled already."""
    mine = PendingTransfer.objects.filter(
        pk=transfer.pk, state=State.WAITING, attempts=transfer.attempts, problem=WRITING
    )
    counts[state] += mine.update(state=state, problem=problem, detail=detail[:320])


def _note_moved(source: CustomerSource, target: Target, written: Written) -> None:
    """Rows behind a deleted one have other numbers now: ours name them anew."""
    moved = {old: new for old, new in written.moved.items() if old != new}
    if not moved:
        return
    rows = ContactInfo.objects.filter(external_key__startswith=f"{target.entity}|{target.ref}|")
    for row in rows:
        key = RowKey.parse(row.external_key)
        if key is not None and key.place in moved:
            new = RowKey(key.entity, key.ref, moved[key.place], key.kind, key.part)
            ContactInfo.objects.filter(pk=row.pk).update(external_key=str(new))


def _note_for_all(source: CustomerSource, error: NoAccessError, now: datetime) -> None:
    """Each would fail in the same way: 1C is not asked for every one of them, and a wrong password not tried on."""
    waiting = PendingTransfer.objects.filter(source=source, state=State.WAITING).exclude(problem=WRITING)
    waiting.exclude(tried=now).update(
        problem=error.problem, detail=_words(error), tried=now, attempts=F("attempts") + 1
    )


def _words(error: NoAccessError) -> str:
    return error.detail if isinstance(error, SourceError) else ""
