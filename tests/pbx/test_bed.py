"""The bed itself: both Asterisks start, the phones talk, the shipped AMI accounts may do their duty and no more."""

import socket
import ssl
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests import left_out
from tests.pbx.ami import Ami
from tests.pbx.asterisk import Asterisk
from tests.pbx.configuration import EXTENSIONS
from tests.pbx.office import Office
from tests.pbx.recorder import Recorder

ROOT = Path(__file__).parent.parent.parent
IDLE, UNAVAILABLE = "NOT_INUSE", "UNAVAILABLE"


def _phones(ami: Ami) -> dict[str, str]:
    devices = {event["Device"]: event["State"] for event in ami.list_action("DeviceStateList")}
    return {number: devices[f"PJSIP/{number}"] for number in EXTENSIONS}


def test_the_version_is_the_one_asked_for(asterisk: Asterisk, ami: Ami) -> None:
    assert ami.do("CoreSettings")["AsteriskVersion"].split(".")[0] == asterisk.version


def test_registered_desks_are_idle_and_the_others_unavailable(office: Office, ami: Ami) -> None:
    office.open(Recorder(office.pbx), connected=False)
    office.phone("106").unregister()
    ami.wait("DeviceStateChange", Device="PJSIP/106", State=UNAVAILABLE)
    desks = {"101", "102", "103", "104", "105"}
    assert _phones(ami) == {number: IDLE if number in desks else UNAVAILABLE for number in EXTENSIONS}


def test_call_answer_hang_up(office: Office) -> None:
    office.open(Recorder(office.pbx))
    a, b = office.phone("101"), office.phone("102")
    a.call("102")
    assert b.answer().dialled == "102"
    a.talks()
    for number in ("101", "102"):
        office.saw("BridgeEnter", Channel=f"PJSIP/{number}-*")
    channels = office.ami.list_action("CoreShowChannels")
    seen = [(c["Channel"][:10], c["ChannelStateDesc"]) for c in channels]
    assert sorted(seen) == [("PJSIP/101-", "Up"), ("PJSIP/102-", "Up")]
    assert len({c["BridgeId"] for c in channels}) == 1
    b.hang_up()
    a.over()
    office.quiet()
    assert office.ami.list_action("CoreShowChannels") == []


def test_the_world_outside_calls_in_and_is_called(office: Office) -> None:
    office.open(Recorder(office.pbx))
    client, desk = office.phone("trunk"), office.phone("101")
    client.call("74951112244", clid="79161234567", name="Client One")
    assert desk.answer().remote == '"Client One" <sip:79161234567@127.0.0.1>'
    client.talks()
    desk.hang_up()
    client.over()
    desk.call("74957654321")
    assert client.answer().dialled == "74957654321"
    desk.hang_up()
    client.over()
    office.quiet()


RIGHTS = {
    "astpanel": {"CoreShowChannels", "Originate", "Redirect", "QueuePause", "PJSIPNotify", "DBPut"},
    "astpanel-listen": {"CoreShowChannels"},
    "astpanel-control": {"Originate", "Redirect", "QueuePause"},
    "astpanel-phone": {"PJSIPNotify", "DBPut", "CoreShowChannels"},
}


@pytest.mark.parametrize(("account", "allowed"), RIGHTS.items())
def test_shipped_accounts_may_do_their_duty_only(asterisk: Asterisk, account: str, allowed: set[str]) -> None:
    with asterisk.ami(account) as ami:
        commands = set(ami.do("ListCommands"))
    assert commands & RIGHTS["astpanel"] == allowed


def test_shipped_filters_keep_the_noise_out(asterisk: Asterisk, office: Office) -> None:
    office.open(Recorder(asterisk))
    with asterisk.ami("astpanel-listen") as listen, asterisk.ami() as full:
        office.phone("101").call("600")
        office.phone("101").talks()
        office.phone("101").hang_up()
        listen.wait("Hangup")
        full.wait("Hangup")
        heard = {event["Event"] for _, event in listen.events}
        said = {event["Event"] for _, event in full.events}
    noise = {"VarSet", "Newexten", "TestEvent", "RTCPSent", "RTCPReceived", "CEL"}
    assert {"Newexten", "VarSet"} <= said
    assert heard & noise == set()
    assert {"Newchannel", "Newstate", "Hangup", "ExtensionStatus", "DeviceStateChange"} <= heard


def test_ami_over_tls_with_the_throw_away_certificate(asterisk: Asterisk) -> None:
    context = ssl.create_default_context(cafile=str(asterisk.inside / "keys/ca.crt"))
    with (
        socket.create_connection((asterisk.host, asterisk.ports.ami_tls), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        assert connection.recv(64).startswith(b"Asterisk Call Manager/")


def test_ajam_logs_in(asterisk: Asterisk) -> None:
    http = HTTPConnection(asterisk.host, asterisk.ports.http, timeout=20)
    http.request("GET", f"/rawman?action=login&username=astpanel&secret={asterisk.secret}")
    answer = http.getresponse()
    assert (answer.status, b"Response: Success" in answer.read()) == (200, True)
    assert "mansession_id=" in (answer.getheader("Set-Cookie") or "")
    http.close()


def test_restart_forgets_the_calls_and_keeps_the_registrations(office: Office) -> None:
    office.open(Recorder(office.pbx))
    office.phone("101").call("600")
    office.phone("101").talks()
    office.restart_pbx()
    assert office.ami.list_action("CoreShowChannels") == []
    assert _phones(office.ami)["102"] == IDLE


RUN_THAT_GETS_KILLED = """
import sys
from pathlib import Path
from tests.pbx.asterisk import Asterisk
from tests.pbx.phones import PhoneProcess
pbx = Asterisk(sys.argv[1], Path(sys.argv[2]))
pbx.start()
phones = PhoneProcess(pbx, "101")
print(pbx.process.pid, phones.pid, flush=True)
sys.stdin.read()
"""


def _is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.pbx
@pytest.mark.parametrize("version", ["22", "16"])
def test_nothing_outlives_a_killed_test_run(version: str) -> None:
    left_out.require("phones")
    chroot = left_out.require(f"asterisk-{version}")
    command = [sys.executable, "-c", RUN_THAT_GETS_KILLED, version, str(chroot)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        pids = [int(pid) for pid in run.stdout.readline().split()]
        assert [_is_running(pid) for pid in pids] == [True, True]
        run.kill()
    end = time.monotonic() + 20
    while any(map(_is_running, pids)) and time.monotonic() < end:
        time.sleep(0.02)  # the kernel tells nobody but the parent, and that is gone
    assert [_is_running(pid) for pid in pids] == [False, False]
