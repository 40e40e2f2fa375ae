"""Which step may be opened after which: the whole list as one table."""

import pytest

from astpanel.setup.flow import ORDER, Mark, after, before, gate, resume, route
from astpanel.setup.models import Step

DONE, TRIED = Mark(done=True), Mark(done=False, reason="no answer")
LETTERS = {"d": DONE, "f": TRIED, "e": Mark(done=True, reason="no answer")}
TABLE = """
.......   open  closed closed closed closed closed closed   administrator
d......   done  open   closed closed closed closed closed   agreement
dd.....   done  done   open   closed closed closed closed   configuration
ddf....   done  done   failed closed closed closed closed   configuration
ddddd..   done  done   done   done   done   open   closed   pbx
dddddf.   done  done   done   done   done   failed closed   pbx
ddddddd   done  done   done   done   done   done   done     -
d.ddddd   done  open   done   done   done   done   done     agreement
dddddee   done  done   done   done   done   done   done     -
d.f....   done  open   closed closed closed closed closed   agreement
"""


@pytest.mark.parametrize("line", TABLE.strip().splitlines(), ids=lambda line: line.split()[0])
def test_the_list(line: str) -> None:
    letters, *standings, first = line.split()
    marks = {step: LETTERS[letter] for step, letter in zip(ORDER, letters, strict=True) if letter != "."}
    assert [stop.standing for stop in route(marks)] == standings
    assert (resume(marks) or "-") == first
    open_until = len(ORDER) if first == "-" else ORDER.index(Step(first))
    assert [stop.may_open for stop in route(marks)] == [place <= open_until for place in range(len(ORDER))]
    assert {gate(marks, step) for step in ORDER[open_until + 1 :]} <= {first}


def test_a_failed_change_keeps_a_step_done_and_says_why() -> None:
    stops = route({Step.ADMINISTRATOR: Mark(done=True, reason="no answer")})
    assert (stops[0].standing, stops[0].reason, stops[1].standing) == ("done", "no answer", "open")


def test_back_and_forward() -> None:
    assert [before(step) for step in ORDER] == [None, None, *ORDER[1:-1]]
    assert [after(step) for step in ORDER] == [*ORDER[1:], None]
