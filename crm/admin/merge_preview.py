"""The preview of a merge as its page shows it: rows to choose from, and what would happen in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.merging.plan import Choice, Clash, Conflict, Plan, Side, joined_note
from crm.merging.selectors import OWNER
from crm.merging.words import CONFLICTS
from crm.models import ContactInfo, ContactPerson


@dataclass(frozen=True, slots=True)
class ShownValue:
    """`fate`: stays, moves, goes. `choice`: name of the radio button when several could be the main one."""

    row: ContactInfo
    fate: str
    main: bool
    choice: str = ""


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One customer in the table."""

    side: Side
    row: Any  # Counterparty or ContactPerson
    values: tuple[ShownValue, ...]
    kept: bool
    name_kept: bool
    manager_kept: bool


@dataclass(frozen=True, slots=True)
class ShownClash:
    """A conflict in words, and what it is about."""

    text: Any
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """All of it. `fixed`: the source keeps name and manager of the one that stays."""

    sides: tuple[ShownSide, ...]
    ids: str
    note: str
    for_counterparties: bool  # they have a note and a manager
    fixed: bool
    clashes: tuple[ShownClash, ...]


def preview_of(model: Any, sides: Sequence[Side], choice: Choice, plan: Plan | None) -> Preview:
    """Three queries: the customers, their values with kinds, and for clashes the persons."""
    ids = [side.id for side in sides]
    related = ("source", "manager") if OWNER[model] == "counterparty" else ("source", "counterparty")
    customers = model.objects.select_related(*related).in_bulk(ids)
    values = ContactInfo.objects.filter(**{f"{OWNER[model]}__in": ids}).select_related("kind").in_bulk()
    kept = next(side for side in sides if side.id == choice.survivor)
    chosen = Choice(
        kept.id,
        name=kept.id if kept.source is not None or choice.name is None else choice.name,
        manager=kept.id if kept.source is not None or choice.manager is None else choice.manager,
    )
    shown = {
        side.id: tuple(_value(values[value.id], plan) for value in side.values if value.id in values) for side in sides
    }
    joined = joined_note([kept, *(side for side in sides if side is not kept)])
    return Preview(
        sides=tuple(
            ShownSide(
                side=side,
                row=customers[side.id],
                values=shown[side.id],
                kept=side.id == chosen.survivor,
                name_kept=side.id == chosen.name,
                manager_kept=side.id == chosen.manager,
            )
            for side in sides
            if side.id in customers
        ),
        ids=",".join(map(str, ids)),
        note=joined if choice.note is None else choice.note,
        for_counterparties=OWNER[model] == "counterparty",
        fixed=kept.source is not None,
        clashes=tuple(_clash(clash, values) for clash in (plan.clashes if plan else ())),
    )


def _value(row: ContactInfo, plan: Plan | None) -> ShownValue:
    if plan is None:
        return ShownValue(row, "stays", row.is_main)
    fate = "goes" if row.pk in plan.dropped else "moves" if row.pk in plan.moved else "stays"
    contested = any(row.pk in clash.ids for clash in plan.clashes if clash.conflict is Conflict.TWO_MAINS)
    main = row.pk in plan.main_from_now or (row.is_main and row.pk not in plan.main_no_more and fate != "goes")
    return ShownValue(row, fate, main, f"main-{row.type}" if contested else "")


def _clash(clash: Clash, values: dict[int, ContactInfo]) -> ShownClash:
    if clash.conflict is Conflict.SAME_PERSON:
        names = ContactPerson.objects.filter(pk__in=clash.ids).order_by("pk").values_list("name", flat=True)
        return ShownClash(CONFLICTS[clash.conflict], tuple(names))
    shown = tuple(values[pk].readable for pk in clash.ids if pk in values)
    if clash.conflict is Conflict.TWO_MAINS and shown:
        return ShownClash(CONFLICTS[clash.conflict], (_("%(value)s stays the main one") % {"value": shown[0]},))
    return ShownClash(CONFLICTS[clash.conflict], tuple(dict.fromkeys(shown)))
