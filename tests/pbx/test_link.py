"""The AMI link against real Asterisks: log-in, rights, lists, filters, values, and a restart."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from telephony.ami import actions
from telephony.ami.account import AmiAccount
from telephony.ami.errors import ActionFailed
from telephony.ami.link import AmiLink
from telephony.ami.reasons import Reason
from telephony.ami.resync import load_snapshot
from telephony.core.enums import LinkState
from telephony.core.snapshot import PbxSnapshot
from tests.ami.server import until
from tests.pbx.asterisk import Asterisk
from tests.pbx.configuration import EXTENSIONS
from tests.pbx.ways import WAYS, way

CALL_EVENTS = frozenset({"Newchannel", "Newstate", "Hangup"})


class Eye:
    """A link and all that it said."""

    def __init__(self, asterisk: Asterisk, *, wanted: frozenset[str] | None = CALL_EVENTS, **account: Any) -> None:
        where = {"host": asterisk.host, "port": asterisk.ports.ami, "username": "full", "secret": asterisk.secret}
        self.names: list[str] = []
        self.bytes = b""
        self.snapshots: list[PbxSnapshot] = []
        self.link = AmiLink(
            AmiAccount(**{**where, **account}),
            on_event=lambda message, received: self.names.append(message["Event"]),
            resync=self.read,
            wanted=wanted,
            tap=self.tap,
        )

    def tap(self, data: bytes, received: float) -> None:
        self.bytes += data

    async def read(self, link: AmiLink) -> None:
        self.snapshots.append(await load_snapshot(link))

    @asynccontextmanager
    async def open(self, state: LinkState | None = LinkState.UP) -> AsyncIterator[AmiLink]:
        task = asyncio.create_task(self.link.run())
        try:
            if state is not None:
                await until(lambda: self.link.status.state is state, 60)
            yield self.link
        finally:
            await self.link.close()
            await task


every_way = pytest.mark.parametrize("by", WAYS)
either_way = pytest.mark.parametrize("by", ["ami", "ajam-http"])


@every_way
@pytest.mark.parametrize("challenge", [False, True])
async def test_log_in_and_the_whole_state(asterisk: Asterisk, by: str, challenge: bool) -> None:
    eye = Eye(asterisk, challenge=challenge, **way(asterisk, by))
    async with eye.open() as link:
        (snapshot,) = eye.snapshots
        status = link.status
    assert (status.version.split(".")[0], status.missing) == (asterisk.version, ())
    assert (status.counters.garbage, status.counters.orphans, status.counters.decode_errors) == (0, 0, 0)
    assert {event["Exten"] for event in snapshot.hints} >= set(EXTENSIONS)
    assert {event["Device"] for event in snapshot.devices} >= {f"PJSIP/{number}" for number in EXTENSIONS}
    assert {event["Event"] for event in snapshot.queues} >= {"QueueParams", "QueueMember"}
    assert snapshot.missing == ()


@either_way
@pytest.mark.parametrize(
    ("username", "missing", "lists"),
    [
        ("astpanel-listen", {"parking", "originate", "hangup", "transfer", "park", "variables"}, ("ParkedCalls",)),
        ("astpanel-control", {"channels", "version"}, ("CoreShowChannels",)),
    ],
)
async def test_what_an_account_lacks_is_known(
    asterisk: Asterisk, username: str, missing: set[str], lists: tuple[str, ...], by: str
) -> None:
    eye = Eye(asterisk, username=username, **way(asterisk, by))
    async with eye.open() as link:
        assert set(link.status.missing) >= missing
        assert eye.snapshots[0].missing == lists
        if username == "astpanel-listen":
            with pytest.raises(ActionFailed) as caught:
                await link.send(actions.hangup("PJSIP/101-00000000"))
            assert caught.value.permission_denied


@every_way
async def test_every_list_action(asterisk: Asterisk, by: str) -> None:
    async with Eye(asterisk, **way(asterisk, by)).open() as link:
        lots = await link.collect(actions.parking_lots())
        assert {lot["Name"] for lot in lots} == {"default", "short"}
        for listing in (actions.pjsip_show_contacts(), actions.bridge_list(), actions.parked_calls("default")):
            assert isinstance(await link.collect(listing), tuple)
        with pytest.raises(ActionFailed, match="not found"):
            await link.collect(actions.bridge_info("none"))


@every_way
@pytest.mark.parametrize(("username", "secret"), [("full", "wrong"), ("nobody", "s3cret")])
async def test_a_wrong_log_in_is_denied(asterisk: Asterisk, username: str, secret: str, by: str) -> None:
    eye = Eye(asterisk, username=username, secret=secret, **way(asterisk, by))
    async with eye.open(LinkState.DENIED) as link:
        assert (link.status.reason, link.status.counters.attempts) == (Reason.DENIED, 1)


async def test_wrong_ports(asterisk: Asterisk) -> None:
    async def reason(base: dict[str, Any] | None = None, **account: Any) -> Reason:
        async with Eye(asterisk, **{**(base or {}), **account}).open(None) as link:
            await until(lambda: link.status.reason, 60)
            return link.status.reason

    ports, secure, https = asterisk.ports, way(asterisk, "ami-tls"), way(asterisk, "ajam-https")
    assert await reason(port=ports.http) is Reason.HTTP_SERVER
    assert await reason(port=ports.ami_tls) is Reason.TLS_EXPECTED
    assert await reason(secure, port=ports.ami) is Reason.TLS_NOT_SPOKEN
    assert await reason(secure, port=ports.https) is Reason.HTTP_SERVER
    assert await reason(transport="ajam", port=ports.ami) is Reason.AMI_PORT
    assert await reason(transport="ajam", port=ports.ami_tls) is Reason.TLS_EXPECTED
    assert await reason(transport="ajam", port=ports.https) is Reason.TLS_EXPECTED
    assert await reason(https, port=ports.http) is Reason.TLS_NOT_SPOKEN
    assert await reason(https, port=ports.ami) is Reason.TLS_NOT_SPOKEN
    assert await reason(https, port=ports.ami_tls) is Reason.AMI_PORT
    for over_tls in (secure, https):
        assert await reason(over_tls, tls_ca_file="") is Reason.TLS_UNTRUSTED
        assert await reason(over_tls, tls_hostname="pbx.example") is Reason.TLS_WRONG_HOST
    assert await reason(transport="ajam", port=ports.http, http_prefix="/asterisk") is Reason.AJAM_MISSING


@contextmanager
def changed(asterisk: Asterisk, file: str, old: str, new: str, reload: str) -> Iterator[None]:
    """Another line in a file of the PBX's configuration, for the length of the block."""
    path = asterisk.inside / "etc" / file
    before = path.read_text()
    assert old in before
    try:
        path.write_text(before.replace(old, new, 1))
        _command(asterisk, reload)
        yield
    finally:
        path.write_text(before)
        _command(asterisk, reload)


def _command(asterisk: Asterisk, command: str) -> None:
    with asterisk.ami() as ami:
        ami.do("Command", Command=command)


async def test_a_prefix_and_ajam_switched_off(asterisk: Asterisk) -> None:
    account = way(asterisk, "ajam-http")
    with changed(asterisk, "http.conf", "[general]", "[general]\nprefix = asterisk", "module reload http"):
        async with Eye(asterisk, **account, http_prefix="/asterisk").open() as link:
            assert link.status.missing == ()
        async with Eye(asterisk, **account).open(None) as link:
            await until(lambda: link.status.reason is Reason.AJAM_MISSING, 60)
    async with Eye(asterisk, **account).open() as link:
        with changed(asterisk, "manager.conf", "webenabled = yes", "webenabled = no", "manager reload"):
            await until(lambda: link.status.reason is Reason.AJAM_MISSING, 60)
        await until(lambda: link.status.state is LinkState.UP, 60)


@every_way
async def test_values_arrive_as_they_were_given(asterisk: Asterisk, by: str) -> None:
    """Commas, quotes, backslashes and brackets are Asterisk's own separators; the name is Cyrillic and hostile."""
    hostile = 'a,b="x",c\\d;e(f[g&h=%41+i'
    async with Eye(asterisk, **way(asterisk, by)).open() as link:
        call = actions.originate(
            channel="Local/600@internal",
            application="Wait",
            data="60",
            channel_id="astpanel-link-1",
            other_channel_id="astpanel-link-1;2",
            caller=actions.caller_id('Иван "<script>', "101"),
            variables={"FIRST": hostile, "SECOND": "2"},
        )
        answered = await link.originate(call)
        channel = answered["Channel"]
        assert answered["Uniqueid"] == "astpanel-link-1"

        async def value(name: str) -> str:
            return (await link.send(actions.get_variable(name, channel)))["Value"]

        await link.send(actions.set_variable("THIRD", hostile, channel))
        assert [await value(name) for name in ("FIRST", "SECOND", "THIRD")] == [hostile, "2", hostile]
        assert await value("CALLERID(all)") == '"Иван script" <101>'

        async def hang_up_until_refused() -> None:
            """The channel's own thread ends it, when it comes to it."""
            async with asyncio.timeout(20):
                while True:
                    await link.send(actions.hangup(channel))

        with pytest.raises(ActionFailed, match="No such channel"):
            await hang_up_until_refused()


@every_way
async def test_a_call_that_cannot_be_made_says_why(asterisk: Asterisk, by: str) -> None:
    async with Eye(asterisk, **way(asterisk, by)).open() as link:
        with pytest.raises(ActionFailed) as caught:
            await link.originate(actions.originate(channel="PJSIP/9999", context="internal", extension="600"))
        assert caught.value.message["Reason"] == "0"


@either_way
async def test_noise_is_not_sent_at_all(asterisk: Asterisk, by: str) -> None:
    """Variables and dialplan steps are most of a call's events. 22 filters by name, 16 by a regular expression."""
    account = way(asterisk, by)
    quiet, loud = Eye(asterisk, **account), Eye(asterisk, wanted=None, **account)
    async with quiet.open() as link, loud.open():
        call = actions.originate(channel="Local/600@internal", application="Wait", data="60", variables={"A": "1"})
        answered = await link.originate(call)
        await link.send(actions.hangup(answered["Channel"]))
        await until(lambda: quiet.names.count("Hangup") == loud.names.count("Hangup") == 2)
    assert {"VarSet", "Newexten"} <= set(loud.names)
    assert [name for name in (b"VarSet", b"Newexten", b"CEL") if b"Event: " + name in quiet.bytes] == []
    assert set(quiet.names) <= CALL_EVENTS


@either_way
async def test_a_restart_of_the_pbx(asterisk: Asterisk, by: str) -> None:
    eye = Eye(asterisk, **way(asterisk, by))
    async with eye.open() as link:
        await asyncio.to_thread(asterisk.restart)
        await until(lambda: link.status.counters.logins >= 2 and link.status.state is LinkState.UP, 90)
        await until(lambda: {event["Exten"] for event in eye.snapshots[-1].hints} >= set(EXTENSIONS), 60)
        assert link.status.counters.drops >= 1
