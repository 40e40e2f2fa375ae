"""Whatever somebody does in the table: what holds always."""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings

from crm.placing.automatic import place_automatically
from crm.placing.draft import Draft, RefusedError
from crm.placing.posted import from_text, to_text
from crm.placing.rebase import differences, rebase
from tests.crm.placing.drafts import KINDS, draft, opened, worked_on, written

UNHURRIED = settings(deadline=None, max_examples=300)
TYPES = {kind.id: kind.type for kind in KINDS}


def mains(one: Draft) -> Counter[str]:
    return Counter(TYPES[row.kind] for row in written(one) if row.is_main)


@given(opened())
@UNHURRIED
def test_opening_changes_nothing(one: Draft) -> None:
    assert (one.changes(), one.touched, written(one)) == ([], False, one.base)


@given(worked_on())
@UNHURRIED
def test_one_main_row_a_type(one: Draft) -> None:
    """An owner whose rows had a main one keeps having one; somebody without never gets two."""
    had_none = {TYPES[row.kind] for row in one.base} - {TYPES[row.kind] for row in one.base if row.is_main}
    count = mains(one)
    for type_ in {TYPES[row.kind] for row in written(one)}:
        assert count[type_] in ({0, 1} if type_ in had_none else {1})


@given(worked_on())
@UNHURRIED
def test_done_places_the_number_in_one_row(one: Draft) -> None:
    done = place_automatically(one)
    assert done.place is not None
    assert done.place.value in [row.value for row in written(done)]
    assert place_automatically(done) == done


@given(worked_on())
@UNHURRIED
def test_a_posted_draft_is_the_same_draft(one: Draft) -> None:
    assert from_text(to_text(one), draft(number=one.number)) == one


@given(worked_on())
@UNHURRIED
def test_putting_it_elsewhere_gives_the_row_back(one: Draft) -> None:
    """The row the number was put into first is again what it was."""
    if one.place is not None:
        return
    others = [row.key for row in one.rows() if row.kind.is_phone and not row.empty]
    for key in others:
        first = one.set_number(key, keep=True)
        for elsewhere in [row.key for row in first.rows() if row.kind.is_phone and row.empty]:
            assert written(first.set_number(elsewhere)) == written(one.set_number(elsewhere))
        if key.isdigit():
            assert one.set_number(key).delete(key).restore(key) == replace(one, deleted=one.deleted - {key})


@given(worked_on())
@UNHURRIED
def test_deleting_and_taking_back_changes_nothing(one: Draft) -> None:
    stored = [row for row in one.rows() if row.was is not None and not row.deleted and row.key != one.put]
    for row in stored:
        assert one.delete(row.key).restore(row.key) == one


@given(worked_on(), opened())
@UNHURRIED
def test_another_state_of_the_rows_loses_nothing(one: Draft, other: Draft) -> None:
    """Rows that somebody else has written stay, unless this draft says otherwise; the number keeps its place."""
    moved = rebase(one, other.base)
    assert differences(moved, other.base) == []
    touched = {change.row_id for change in differences(one, other.base) if change.mine is not None}
    after = {row.id: row for row in written(moved)}
    for row in other.base:
        if row.id not in touched and row.key not in one.cells and row.key not in one.deleted and row.key != one.put:
            assert (after[row.id].kind, after[row.id].value) == (row.kind, row.value)
    if one.place is not None and one.place.was is None:
        assert moved.place is not None
    try:
        assert place_automatically(moved).place is not None
    except RefusedError:
        raise AssertionError("a number that cannot be placed any more") from None
