"""The plan of a merge: what stays, what moves, what clashes, what is refused."""

from dataclasses import replace

import pytest

from crm.merging.plan import (
    Choice,
    Clash,
    Conflict,
    Plan,
    Refusal,
    RefusedError,
    Side,
    Value,
    default_survivor,
    joined_note,
    make_plan,
)

NUMBER, OTHER = "+74951112233;", "+79160001122;"
KEPT = Side(
    1,
    "Луч",
    manager=7,
    note="Звонить утром.",
    values=(
        Value(10, "phone", NUMBER, "8 495 111-22-33", True),
        Value(11, "email", "a@b.example", "a@b.example", False),
    ),
    persons=((100, "Орлов Иван"),),
    placements=(1000,),
)
DOUBLE = Side(
    2,
    "ООО «Луч»",
    manager=8,
    note="Платит вовремя.",
    values=(
        Value(20, "phone", OTHER, "8 916 000-11-22", True),
        Value(21, "phone", NUMBER, "+7 (495) 111-22-33", False),
        Value(22, "email", "c@d.example", "c@d.example", True),
    ),
    persons=((200, "ОРЛОВ  Иван"), (201, "Петров Пётр")),
    placements=(2000, 2001),
)
PLAN = Plan(
    survivor=1,
    merged=(2,),
    name="Луч",
    manager=7,
    note="Звонить утром.\n\nПлатит вовремя.",
    position="",
    archived=False,
    moved=(20, 22),
    dropped=(21,),
    main_no_more=(20,),
    main_from_now=(),
    persons=(200, 201),
    placements=(2000, 2001),
    clashes=(
        Clash(Conflict.SAME_VALUE, (10, 21)),
        Clash(Conflict.TWO_MAINS, (10, 20)),
        Clash(Conflict.SAME_PERSON, (100, 200)),
    ),
)


def test_what_a_merge_does() -> None:
    assert make_plan([KEPT, DOUBLE], Choice(1)) == PLAN
    assert make_plan([DOUBLE, KEPT], Choice(1)) == PLAN  # whatever order they come in


def test_what_the_administrator_chooses() -> None:
    chosen = make_plan([KEPT, DOUBLE], Choice(1, name=2, manager=2, note="", mains=(20,)))
    clashes = (PLAN.clashes[0], Clash(Conflict.TWO_MAINS, (20, 10)), PLAN.clashes[2])
    other = {"name": "ООО «Луч»", "manager": 8, "note": "", "main_no_more": (10,), "clashes": clashes}
    assert chosen == replace(PLAN, **other)  # type: ignore[arg-type]  # fields of a plan
    assert make_plan([KEPT, DOUBLE], Choice(1, name=99, manager=99, mains=(21, 999))) == PLAN  # nobody of them


def test_a_value_that_goes_hands_on_its_place() -> None:
    plain = replace(KEPT, values=(Value(10, "phone", NUMBER, "1", False),))
    main = replace(DOUBLE, values=(Value(21, "phone", NUMBER, "2", True),))
    plan = make_plan([plain, main], Choice(1))
    assert (plan.moved, plan.dropped, plan.main_no_more, plan.main_from_now) == ((), (21,), (), (10,))


def test_the_same_value_three_times() -> None:
    sides = [Side(pk, "А", values=(Value(pk * 10, "phone", NUMBER, "1", True),)) for pk in (1, 2, 3)]
    plan = make_plan(sides, Choice(2))
    assert (plan.moved, plan.dropped, plan.main_no_more, plan.main_from_now) == ((), (10, 30), (), ())
    other_type = [Side(1, "А", values=(Value(1, "other", NUMBER, "1", True),)), sides[1]]
    assert make_plan(other_type, Choice(1)).clashes == ()


def test_the_source_keeps_its_own() -> None:
    kept = replace(KEPT, source=5, archived=True)
    plan = make_plan([kept, DOUBLE], Choice(1, name=2, manager=2))
    assert plan == replace(PLAN, archived=True)
    both_archived = [replace(side, archived=True) for side in (KEPT, DOUBLE)]
    assert make_plan(both_archived, Choice(1)).archived
    assert not make_plan([replace(KEPT, archived=True), DOUBLE], Choice(1)).archived


@pytest.mark.parametrize(
    ("sides", "refusal"),
    [
        ([KEPT], Refusal.TOO_FEW),
        ([replace(KEPT, source=5), replace(DOUBLE, source=5)], Refusal.TWO_OF_A_SOURCE),
        ([replace(KEPT, source=5), replace(DOUBLE, source=6)], Refusal.TWO_OF_A_SOURCE),
        ([KEPT, replace(DOUBLE, source=5)], Refusal.SOURCE_MUST_BE_KEPT),
        ([replace(KEPT, owner=1), replace(DOUBLE, owner=2)], Refusal.OTHER_COMPANIES),
    ],
)
def test_refusals(sides: list[Side], refusal: Refusal) -> None:
    with pytest.raises(RefusedError) as caught:
        make_plan(sides, Choice(1))
    assert caught.value.refusal == refusal


def test_who_is_proposed() -> None:
    assert default_survivor([KEPT, DOUBLE]) == 2  # more of everything
    assert default_survivor([KEPT, replace(DOUBLE, archived=True)]) == 1
    assert default_survivor([replace(KEPT, source=5, archived=True), DOUBLE]) == 1
    assert default_survivor([Side(3, "А"), Side(2, "Б")]) == 2


def test_notes_are_joined_once_each() -> None:
    notes = [replace(KEPT, note=note) for note in ("а", " б\n", "", "а", "б")]
    assert joined_note(notes) == "а\n\nб"


def test_the_fingerprint_tells_plans_apart() -> None:
    plans = [
        PLAN,
        replace(PLAN, name="x"),
        replace(PLAN, moved=(20,)),
        replace(PLAN, dropped=()),
        replace(PLAN, note=""),
    ]
    assert len({plan.fingerprint for plan in plans}) == 5
    assert make_plan([DOUBLE, KEPT], Choice(1)).fingerprint == PLAN.fingerprint
