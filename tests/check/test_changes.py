"""What is different from one check to the next."""

from telephony.check.changes import Difference, difference
from telephony.check.finding import Finding, Level
from telephony.check.hidden import hidden_by
from telephony.core.reducer import WANTED_EVENTS

OK = Finding("connected", Level.OK, {"version": "22"})
INFO = Finding("phones_off", Level.INFO, {"numbers": ["101"]})
MISSING = Finding("hint_missing", Level.ERROR, {"numbers": ["101"]})
MORE = Finding("hint_missing", Level.ERROR, {"numbers": ["101", "102"]})
OLD = Finding("version_ended", Level.WARNING, {"version": "16"})


def denied(account: str) -> Finding:
    return Finding("login_failed", Level.ERROR, {"account": account})


def test_appeared_gone_changed() -> None:
    assert difference([OK, MISSING], [OK, OLD]) == Difference(appeared=(OLD,), gone=(MISSING,))
    assert difference([MISSING], [MORE]) == Difference(changed=(MORE,))
    assert difference([denied("a")], [denied("b")]) == Difference(appeared=(denied("b"),), gone=(denied("a"),))


def test_what_is_in_order_comes_and_goes() -> None:
    assert not difference([OK], [INFO])
    assert not difference([MISSING, OLD], [OLD, MISSING])


def test_values_that_went_through_the_database() -> None:
    """A list is a list again, whatever it was when it was found."""
    fresh = Finding(MISSING.code, MISSING.level, {"numbers": ("101",)})
    assert not difference([Finding.from_json(MISSING.as_json())], [fresh])


def test_what_filters_keep_back() -> None:
    assert hidden_by(["!Event: VarSet", "!Event: RTCP", "!Event: CEL"]) == ()
    assert hidden_by([]) == ()
    assert hidden_by(["!^Event: (Hangup|Newchannel)[[:space:]]"]) == ("Hangup", "Newchannel")
    assert hidden_by(["Event: Hangup"]) == tuple(sorted(WANTED_EVENTS - {"Hangup", "HangupRequest"}))
    assert hidden_by(["Event: ", "!Event: Newstate"]) == ("Newstate",)
    assert hidden_by(["!(not a regular expression"]) == ()
