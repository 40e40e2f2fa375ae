"""What a MergeRecord keeps: enough to tell, and to take back by hand, everything a merge did. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from crm.merging.plan import Plan, Side


def told(kind: str, sides: Sequence[Side], plan: Plan) -> dict[str, Any]:
    """`{"kind", "before": [customer as it was], "after": {…}, "moved", "dropped", "persons": [{"id", …, "from"}], …}`.

    `before` has the one that was kept first. `from`: id of the customer whose it was. `main_no_more`, `main_from_now`,
    `placements`: ids. The merge adds `told_apart` (crm/merging/following.py) when somebody was.
    """
    ordered = sorted(sides, key=lambda side: side.id != plan.survivor)
    return {
        "kind": kind,
        "survivor": plan.survivor,
        "before": [_customer(side) for side in ordered],
        "after": {"name": plan.name, "manager": plan.manager, "note": plan.note, "archived": plan.archived},
        "moved": list(_values(ordered, plan.moved)),
        "dropped": list(_values(ordered, plan.dropped)),
        "main_no_more": list(plan.main_no_more),
        "main_from_now": list(plan.main_from_now),
        "persons": [
            {"id": pk, "name": name, "from": side.id}
            for side in ordered
            for pk, name in side.persons
            if pk in plan.persons
        ],
        "placements": list(plan.placements),
    }


def _customer(side: Side) -> dict[str, Any]:
    fields = ("id", "name", "manager", "note", "position", "archived", "source")
    return {field: getattr(side, field) for field in fields}


def _values(sides: Iterable[Side], ids: Sequence[int]) -> Iterable[dict[str, Any]]:
    for side in sides:
        for value in side.values:
            if value.id in ids:
                yield {"id": value.id, "type": value.type, "value": value.text, "main": value.is_main, "from": side.id}
