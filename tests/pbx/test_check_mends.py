"""The strongest test of the PBX check: break a real Asterisk, add the very lines it prints, and the finding is gone."""

from collections.abc import Iterator

import pytest

from tests import left_out
from tests.pbx.asterisk import Asterisk
from tests.pbx.checked import CheckedPbx, as_it_was, codes, named, row
from tests.pbx.conftest import VERSIONS

pytestmark = pytest.mark.pbx


@pytest.fixture(scope="module", params=VERSIONS)
def running(request: pytest.FixtureRequest) -> Iterator[CheckedPbx]:
    asterisk = Asterisk(request.param, left_out.require(f"asterisk-{request.param}"))
    try:
        asterisk.start()
        yield CheckedPbx(asterisk)
    finally:
        asterisk.stop()


@pytest.fixture
def bed(running: CheckedPbx) -> Iterator[CheckedPbx]:
    with as_it_was(running):
        yield running


def test_a_missing_right(bed: CheckedPbx) -> None:
    bed.edit("manager_one.conf", "write = call,originate,agent,reporting,system", "write = reporting", "manager reload")
    before = bed.look()
    features = ["parking", "originate", "hangup", "transfer", "park", "variables", "queue_members"]
    classes = ["call", "originate", "agent"]
    missing = named(before, "right_missing")
    assert row(missing) == (
        "error",
        "right_missing",
        {"account": "astpanel", "classes": classes, "features": features},
    )
    bed.follow(missing)
    after = bed.look()
    assert codes(before) - codes(after) == {"right_missing"}


def test_a_missing_read_class(bed: CheckedPbx) -> None:
    bed.edit("manager_one.conf", "read = call,agent,user,system", "read = agent,user", "manager reload")
    before = bed.look()
    missing = named(before, "read_missing")
    assert row(missing) == ("error", "read_missing", {"account": "astpanel", "classes": ["call", "system"]})
    bed.follow(missing)
    assert codes(before) - codes(bed.look()) == {"read_missing"}


def test_more_than_is_read(bed: CheckedPbx) -> None:
    listener = "[astpanel-listen]\nsecret = CHANGE-ME".replace("CHANGE-ME", bed.asterisk.secret)
    bed.edit("manager_split.conf", "eventfilter = !Event", ";eventfilter = !Event")
    bed.edit("manager_split.conf", "read = call,agent,user,system", "read = all", "manager reload")
    assert listener in (bed.asterisk.inside / "etc/manager_split.conf").read_text()
    before = bed.look(username="astpanel-listen", control_username="astpanel-control", control_secret="s3cret")
    too_much = named(before, "reads_too_much")
    assert row(too_much) == ("info", "reads_too_much", {"account": "astpanel-listen", "classes": ["all"]})
    bed.follow(too_much)
    after = bed.look(username="astpanel-listen", control_username="astpanel-control", control_secret="s3cret")
    assert codes(before) - codes(after) == {"reads_too_much"}


def test_an_account_that_does_not_exist(bed: CheckedPbx) -> None:
    before = bed.look(username="newcomer")
    bed.follow(named(before, "login_failed"))
    after = bed.look(username="newcomer")
    assert (before.connected, after.connected) == (False, True)
    assert codes(after) == codes(bed.look())


def test_three_accounts_instead_of_one(bed: CheckedPbx) -> None:
    """The accounts are printed whole; the newer Asterisk gets filters by name, the older by regular expressions."""
    bed.edit("manager.conf", '#include "manager_split.conf"', "", "manager reload")
    one = named(bed.look(), "one_account")
    bed.follow(one)
    assert ("eventfilter(action(exclude),name(VarSet)) =" in one.lines[0].text) == (bed.asterisk.version == "22")
    report = bed.look_at(bed.split())
    assert codes(report) == codes(bed.look()) - {"one_account"}
    assert [line for line in bed.log().splitlines() if "filter" in line.lower()] == []


def test_missing_hints(bed: CheckedPbx) -> None:
    bed.edit("extensions_hints.conf", "exten => 101,hint,PJSIP/101&Custom:DND101\n", "", "dialplan reload")
    bed.edit("extensions_hints.conf", "PJSIP/102&Custom:DND102", "PJSIP/102", "dialplan reload")
    before = bed.look(numbers=("101", "102", "103"))
    missing = named(before, "hint_missing")
    assert row(missing) == ("error", "hint_missing", {"numbers": ["101"]})
    assert row(named(before, "hint_without_dnd")) == ("warning", "hint_without_dnd", {"numbers": ["102"]})
    bed.follow(missing)
    after = bed.look(numbers=("101", "102", "103"))
    assert codes(before) - codes(after) == {"hint_missing"}


def test_only_a_pattern_for_hints(bed: CheckedPbx) -> None:
    whole = (bed.asterisk.inside / "etc/extensions_hints.conf").read_text()
    pattern = "[hints]\nexten => _1[01]X,hint,PJSIP/${EXTEN}&Custom:DND${EXTEN}\n"
    bed.edit("extensions_hints.conf", whole, pattern, "dialplan reload")
    before = bed.look()
    found = named(before, "hint_pattern")
    assert row(found) == ("warning", "hint_pattern", {"numbers": ["101", "102"]})
    bed.follow(found)
    assert codes(before) - codes(bed.look()) == {"hint_pattern"}


def test_a_hint_without_its_switch(bed: CheckedPbx) -> None:
    bed.edit("extensions_hints.conf", "PJSIP/102&Custom:DND102", "PJSIP/102", "dialplan reload")
    found = named(bed.look(), "hint_without_dnd")
    bed.edit("extensions_hints.conf", "exten => 102,hint,PJSIP/102\n", "")  # "put these lines in place of the old ones"
    bed.follow(found)
    assert "hint_without_dnd" not in codes(bed.look())


def test_no_parking(bed: CheckedPbx) -> None:
    parking = (bed.asterisk.inside / "etc/res_parking.conf").read_text()
    bed.edit("res_parking.conf", parking, "")
    bed.without_module("res_parking.so")
    before = bed.look()
    missing = named(before, "parking_missing")
    assert row(missing) == ("warning", "parking_missing", {})
    assert "parking_ok" not in codes(before)
    bed.follow(missing)
    after = bed.look()
    assert codes(before) - codes(after) == {"parking_missing"}
    assert row(named(after, "parking_ok")) == ("ok", "parking_ok", {"lots": ["default 801–820"]})


def test_web_server_off(bed: CheckedPbx) -> None:
    bed.edit("http.conf", "enabled = yes", "enabled = no", "module reload http")
    before = bed.look()
    off = named(before, "http_off")
    assert row(off) == ("warning", "http_off", {})
    assert codes(before).isdisjoint({"recordings_reachable", "ajam_ok", "websocket_ok"})
    bed.follow(off)
    after = bed.look()
    assert codes(before) - codes(after) == {"http_off"}
    assert codes(after) - codes(before) == {"recordings_reachable", "ajam_ok", "websocket_ok"}


def test_ajam_off(bed: CheckedPbx) -> None:
    bed.edit("manager.conf", "webenabled = yes", "webenabled = no", "manager reload")
    before = bed.look()
    off = named(before, "ajam_off")
    bed.follow(off)
    assert (row(off)[:2], codes(before) - codes(bed.look())) == (("info", "ajam_off"), {"ajam_off"})


def test_recordings_cannot_be_fetched(bed: CheckedPbx) -> None:
    bed.edit("ari.conf", "enabled = yes", "enabled = no", "module reload res_ari.so")
    before = bed.look()
    off = named(before, "ari_off")
    bed.follow(off)
    assert (row(off)[:2], codes(before) - codes(bed.look())) == (("warning", "ari_off"), {"ari_off"})


def test_no_websocket(bed: CheckedPbx) -> None:
    bed.without_module("res_pjsip_transport_websocket.so")
    before = bed.look()
    off = named(before, "websocket_off")
    bed.follow(off)
    assert (row(off)[:2], codes(before) - codes(bed.look())) == (("info", "websocket_off"), {"websocket_off"})


def test_no_recording(bed: CheckedPbx) -> None:
    bed.edit("extensions.conf", "MixMonitor(${RECORDINGS}/${UNIQUEID}.wav,b)", "NoOp()", "dialplan reload")
    before = bed.look()
    none = named(before, "recording_none")
    bed.follow(none)
    assert (row(none)[:2], codes(before) - codes(bed.look())) == (("warning", "recording_none"), {"recording_none"})


def test_slots_that_phones_cannot_dial(bed: CheckedPbx) -> None:
    bed.edit("extensions.conf", "include => parkedcalls\ninclude => parkedcalls-short\n", "", "dialplan reload")
    before = bed.look()
    found = named(before, "parking_not_dialable")
    assert row(found) == ("info", "parking_not_dialable", {"lots": ["default", "short"], "context": "internal"})
    bed.follow(found)
    assert row(named(bed.look(), "parking_not_dialable"))[2] == {"lots": ["short"], "context": "internal"}
