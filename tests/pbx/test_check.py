"""The PBX check on real Asterisk 22 and 16: an honest result, and which field of the form a closed door points at."""

from collections.abc import Iterator
from typing import Any

import pytest

from telephony.ami.reasons import Reason
from telephony.check.facts import ContactFacts
from telephony.core.reducer import WANTED_EVENTS
from telephony.models import Pbx
from tests import left_out
from tests.pbx.asterisk import Asterisk
from tests.pbx.checked import CheckedPbx, Row, as_it_was, codes, rows
from tests.pbx.configuration import EXTENSIONS
from tests.pbx.conftest import VERSIONS
from tests.pbx.phones import PhoneProcess

pytestmark = pytest.mark.pbx
ENDED = {"16": "2023-10-09"}


@pytest.fixture(scope="module", params=VERSIONS)
def bed(request: pytest.FixtureRequest) -> Iterator[CheckedPbx]:
    """Of its own: nobody else's phones are registered."""
    asterisk = Asterisk(request.param, left_out.require(f"asterisk-{request.param}"))
    try:
        asterisk.start()
        yield CheckedPbx(asterisk)
    finally:
        asterisk.stop()


def honest(bed: CheckedPbx, version: str, *accounts: str) -> list[Row]:
    """The bed as it is shipped, with nobody at the desks."""
    old: list[Row] = [
        ("warning", "version_dangerous", {"version": version}),
        ("warning", "version_ended", {"version": version, "day": ENDED.get(bed.asterisk.version)}),
    ]
    one: list[Row] = [("info", "one_account", {"account": "astpanel"})]
    url = f"127.0.0.1:{bed.asterisk.ports.http}"
    return [
        *(old if bed.asterisk.version in ENDED else []),
        *(one if len(accounts) == 1 else []),
        ("info", "phones_off", {"numbers": list(EXTENSIONS)}),
        ("info", "contacts_none", {}),
        ("info", "queue_empty", {"queues": ["empty"]}),
        ("ok", "connected", {"version": version, "accounts": list(accounts)}),
        ("ok", "hints_ok", {"count": len(EXTENSIONS)}),
        ("ok", "parking_ok", {"lots": ["default 801–820", "short 831–840"]}),
        ("ok", "queues_ok", {"queues": ["callback", "empty", "sales", "support"]}),
        ("ok", "recording_ok", {"names": ["${RECORDINGS}/${UNIQUEID}.wav,b"]}),
        ("ok", "recordings_reachable", {"url": f"http://{url}"}),
        ("ok", "ajam_ok", {"url": f"http://{url}"}),
        ("ok", "websocket_ok", {"url": f"ws://{url}/ws"}),
    ]


def test_the_bed_as_it_is(bed: CheckedPbx) -> None:
    report = bed.look(numbers=EXTENSIONS)
    assert report.version.split(".")[0] == bed.asterisk.version
    assert rows(report) == honest(bed, report.version, "astpanel")
    assert (report.connected, report.reason, report.field) == (True, Reason.NONE, "")


def test_three_accounts(bed: CheckedPbx) -> None:
    report = bed.look_at(bed.split(), numbers=EXTENSIONS)
    accounts = ("astpanel-listen", "astpanel-control", "astpanel-phone")
    assert rows(report) == honest(bed, report.version, *accounts)


def test_over_http_the_same_is_found(bed: CheckedPbx) -> None:
    ajam: dict[str, Any] = {"transport": Pbx.Transport.AJAM, "port": bed.asterisk.ports.http}
    assert rows(bed.look(numbers=EXTENSIONS, **ajam)) == rows(bed.look(numbers=EXTENSIONS))


def test_over_tls_the_same_is_found(bed: CheckedPbx) -> None:
    authority = (bed.asterisk.inside / "keys/ca.crt").read_text()
    tls: dict[str, Any] = {"tls": True, "port": bed.asterisk.ports.ami_tls, "tls_ca": authority}
    assert rows(bed.look(numbers=EXTENSIONS, **tls)) == rows(bed.look(numbers=EXTENSIONS))


def test_numbers_that_nobody_has(bed: CheckedPbx) -> None:
    report = bed.look(numbers=("101", "199"), own="198")
    found = [row for row in rows(report) if row[0] in ("error", "warning") and row[1] != "queue_strangers"]
    assert [row for row in found if not row[1].startswith("version_")] == [
        ("error", "number_unknown", {"numbers": ["199", "198"]}),
        ("warning", "own_number_off", {"number": "198"}),
    ]
    assert [report.registered(number) for number in ("101", "198", "777")] == [False, False, None]


def test_a_phone_that_is_registered(bed: CheckedPbx) -> None:
    phones = PhoneProcess(bed.asterisk, "103")
    try:
        phones.phones["103"].register()
        whole = bed.look(numbers=EXTENSIONS, own="103")
        listener = bed.look(numbers=EXTENSIONS, own="103", username="astpanel-listen")
    finally:
        phones.close()
    assert (whole.registered("103"), whole.registered("101")) == (True, False)
    assert ("ok", "own_number_on", {"number": "103"}) in rows(whole)
    assert ("ok", "contacts_ok", {"count": 1, "models": ["?"]}) in rows(whole)  # the bed's phones say no name
    (contact,) = whole.contacts or ()
    assert contact == ContactFacts("103", contact.uri, "", "NonQualified")
    assert contact.uri.startswith("sip:103@127.0.0.1:")
    assert listener.contacts == whole.contacts  # without write=system: told number by number
    assert (whole.facts.contacts_complete, listener.facts.contacts_complete) == (True, False)


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"secret": "wrong"}, Reason.DENIED, "username"),
        ({"username": "nobody"}, Reason.DENIED, "username"),
        ({"port": 1}, Reason.REFUSED, "port"),
        ({"host": "no-such-host.invalid"}, Reason.HOST_UNKNOWN, "host"),
        ({"tls": True}, Reason.TLS_NOT_SPOKEN, "tls"),
        ({"transport": "ajam"}, Reason.AMI_PORT, "port"),
    ],
)
def test_a_door_that_stays_closed(bed: CheckedPbx, changes: dict[str, Any], reason: Reason, field: str) -> None:
    report = bed.look(**changes)
    assert (report.connected, report.reason, report.field, report.version) == (False, reason, field, "")
    account = str(changes.get("username", "astpanel"))
    assert rows(report) == [("error", "login_failed", {"account": account, "duty": "all", "reason": reason.value})]


def test_ports_of_other_doors(bed: CheckedPbx) -> None:
    ports = bed.asterisk.ports
    assert bed.look(port=ports.http).reason is Reason.HTTP_SERVER
    assert bed.look(port=ports.ami_tls).reason is Reason.TLS_EXPECTED
    wrong_path = bed.look(port=ports.http, transport="ajam", http_prefix="/asterisk")
    assert (wrong_path.reason, wrong_path.field) == (Reason.AJAM_MISSING, "http_prefix")


def test_one_of_three_accounts_is_denied(bed: CheckedPbx) -> None:
    pbx = bed.split()
    pbx.control_secret = "wrong"
    report = bed.look_at(pbx, numbers=EXTENSIONS)
    assert report.connected
    assert rows(report)[0] == (
        "error",
        "login_failed",
        {"account": "astpanel-control", "duty": "control", "reason": "denied"},
    )
    assert [finding.code for finding in report.findings if finding.level.value == "error"] == ["login_failed"]


def test_a_context_that_does_not_exist(bed: CheckedPbx) -> None:
    (context,) = (row for row in rows(bed.look(dial_context="nowhere")) if row[0] == "error")
    assert context[1] == "context_missing"
    assert (context[2]["context"], "internal" in context[2]["contexts"]) == ("nowhere", True)


def test_filters_that_hide_what_is_needed(bed: CheckedPbx) -> None:
    with as_it_was(bed):
        bed.edit("manager_one.conf", "eventfilter = !Event: CEL", "eventfilter = !Event: Bridge", "manager reload")
        (hidden,) = (row for row in rows(bed.look()) if row[1] == "filters_hide")
    assert hidden[2]["events"] == sorted(name for name in WANTED_EVENTS if name.startswith("Bridge"))


def test_variables_in_every_event(bed: CheckedPbx) -> None:
    with as_it_was(bed):
        bed.edit("manager.conf", "webenabled = yes", "webenabled = yes\nchannelvars = SECRET", "manager reload")
        report = bed.look()
    assert ("info", "channelvars", {"value": "SECRET"}) in rows(report)
    assert "channelvars" not in codes(bed.look())
