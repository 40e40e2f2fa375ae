"""Everything that goes wrong over HTTP has a code of its own, and the link comes back by itself."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import trustme

from telephony.ami import actions
from telephony.ami.account import LinkTimings
from telephony.ami.errors import LinkLost
from telephony.ami.link import AmiLink
from telephony.ami.reasons import Reason
from telephony.core.enums import LinkState
from tests.ami.ajam_server import AjamServer, Request, page
from tests.ami.server import QUICK, AmiServer, Office, block, until
from tests.ami.test_ajam import HANGUP, over_http

IMPATIENT = replace(QUICK, connect=0.3, greeting=0.3)  # where silence is what is tested


async def reason_of(port: int, **options: object) -> Reason:
    """What a link over HTTP says about this port after its first attempt."""
    async with Office(port, transport="ajam", **options).running(None) as office:
        await until(lambda: office.link.status.reason)
        assert office.link.status.state is LinkState.CONNECTING
        return office.link.status.reason


@asynccontextmanager
async def saying(data: bytes, *, close: bool = True) -> AsyncIterator[int]:
    """A server that answers anything, and even nothing, like this, and says that this was all."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if data:
            writer.write(data)
            writer.write_eof()
        if not close:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_nobody_listens() -> None:
    async with saying(b"") as port:
        pass
    assert await reason_of(port) is Reason.REFUSED


@pytest.mark.parametrize("host", ["no-such-host.invalid", "bad host", "a/b", "", "\u2024\u2024", "a" * 70 + ".example"])
async def test_a_host_without_an_address(host: str) -> None:
    assert await reason_of(1, host=host) is Reason.HOST_UNKNOWN


async def test_packets_that_vanish() -> None:
    """A full accept queue drops the next SYN, as a firewall does."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        clients = [socket.socket() for _ in range(3)]
        for client in clients:
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        assert await reason_of(full.getsockname()[1], timings=IMPATIENT) is Reason.CONNECT_TIMEOUT
        for client in clients:
            client.close()


HTML = b"<!DOCTYPE html>\r\n\r\nEvent-like: text\r\n\r\n"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (page(HTML, status="404 Not Found", kind="text/html"), Reason.AJAM_MISSING),
        (page(b"", status="405 Method Not Allowed"), Reason.AJAM_MISSING),
        (page(HTML, kind="text/html"), Reason.AJAM_MISSING),
        (page(b""), Reason.AJAM_MISSING),
        (page(b"", "Location: https://pbx.example/rawman", status="301 Moved"), Reason.HTTP_REDIRECT),
        (page(b"", "Location: /asterisk/rawman", status="307 Temporary Redirect"), Reason.HTTP_REDIRECT),
        (page(b"", "WWW-Authenticate: Basic", status="401 Unauthorized"), Reason.HTTP_ERROR),
        (page(HTML, status="403 Forbidden"), Reason.HTTP_ERROR),
        (page(HTML, status="502 Bad Gateway"), Reason.HTTP_ERROR),
        (b"HTTP/1.1 banana\r\n\r\n", Reason.HTTP_ERROR),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nResponse: Succ", Reason.HTTP_ERROR),
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", Reason.NOT_ASTERISK),
        (b"\xff" * 100_000, Reason.NOT_ASTERISK),
        (b"", Reason.CLOSED_EARLY),
    ],
)
async def test_somebody_else_answers(said: bytes, reason: Reason) -> None:
    async with saying(said, close=said == b"") as port:
        assert await reason_of(port) is reason


async def test_a_silent_port() -> None:
    async with saying(b"", close=False) as port:
        assert await reason_of(port, timings=IMPATIENT) is Reason.SILENT


async def test_ami_over_tcp_answers() -> None:
    async with AmiServer().running() as server:
        assert await reason_of(server.port) is Reason.AMI_PORT
        assert [action["Action"] for action in server.actions if action.get("Action") != "Ping"] == []


async def test_a_redirect_is_not_followed() -> None:
    async with AjamServer().running() as other:
        to = f"Location: http://127.0.0.1:{other.port}/rawman"
        async with saying(page(b"", to, status="308 Permanent Redirect"), close=False) as port:
            assert await reason_of(port) is Reason.HTTP_REDIRECT
        assert other.requests == []


async def test_another_prefix() -> None:
    async with AjamServer("/asterisk").running() as server:
        assert await reason_of(server.port) is Reason.AJAM_MISSING
        async with over_http(server, http_prefix="/asterisk").running() as office:
            assert office.link.status.state is LinkState.UP


async def test_a_wrong_password_is_not_tried_again_until_somebody_asks() -> None:
    async with AjamServer().running() as server, over_http(server, secret="wrong").running(None) as office:
        await office.reach(LinkState.DENIED)
        assert (server.names, office.states) == (["Challenge", "Login"], [("denied", "denied")])
        office.link.retry()
        await until(lambda: server.names == ["Challenge", "Login"] * 2)
        await office.reach(LinkState.DENIED)
        office.link.reconfigure(replace(office.link.account, secret="s3cret"))
        await office.reach(LinkState.UP)


# --- Later ----------------------------------------------------------------------------------------------------------
async def test_a_restart_of_the_pbx() -> None:
    reads: list[int] = []

    async def resync(link: AmiLink) -> None:
        reads.append(len(reads))

    server = AjamServer()
    async with server.running(), over_http(server, resync=resync).running() as office:
        call = actions.originate(channel="PJSIP/101", context="internal", extension="102")
        server.answers["Originate"] = lambda session, action: session.respond(action, "Message: queued")
        waiting = asyncio.create_task(office.link.originate(call))
        await until(lambda: "Originate" in server.names and server.session.polls)
        server.restart()
        with pytest.raises(LinkLost):
            await waiting
        await until(lambda: office.link.status.counters.logins == 2)
        await office.reach(LinkState.UP)
        assert office.states == [("resync", ""), ("up", ""), ("down", "lost"), ("resync", "lost"), ("up", "")]
        assert (reads, server.names.count("Originate")) == ([0, 1], 1)
        await server.session.happen(HANGUP)
        await until(lambda: office.events)


async def test_a_session_that_the_pbx_has_forgotten() -> None:
    """The cookie is unknown after a quick restart, or when `httptimeout` has passed: "Permission denied"."""
    async with AjamServer().running() as server, over_http(server).running() as office:
        await until(lambda: server.session.polls)
        forgotten = server.sessions.copy()
        server.sessions.clear()
        for session in forgotten.values():
            await session.happen(HANGUP)  # the poll under way comes back; the next one is a stranger's
        await until(lambda: office.link.status.counters.logins == 2)
        await office.reach(LinkState.UP)
        assert ("down", "lost") in office.states
        assert len(office.events) == 1


@pytest.mark.parametrize(
    ("cut", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + HANGUP + b"Event: Newcha", "lost"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nEvent\r\n", "lost"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + HANGUP, "lost"),  # no WaitEventComplete
        (page(b""), "lost"),  # another WaitEvent of this session took over
        (page(b"", status="503 Service Unavailable"), "lost"),  # "Shutdown in progress"
        (page(HTML, kind="text/html"), "lost"),
        (page(HTML, status="404 Not Found"), "ajam_missing"),  # webenabled = no and a reload
        (b"", "lost"),
    ],
)
async def test_events_that_are_cut_off_are_read_anew(cut: bytes, reason: str) -> None:
    cuts: list[bytes] = []

    def instead(request: Request) -> bytes | None:
        return cuts.pop() if cuts and request.name == "WaitEvent" else None

    async with AjamServer(instead=instead).running() as server, over_http(server).running() as office:
        await until(lambda: server.session.polls)
        cuts.append(cut)  # for the next poll
        await server.session.happen(HANGUP)
        await until(lambda: office.link.status.counters.logins == 2)
        await office.reach(LinkState.UP)
        assert office.states[2:] == [("down", reason), ("resync", reason), ("up", "")]
        seen = len(office.events)
        await server.session.happen(HANGUP)
        await until(lambda: len(office.events) == seen + 1)


async def test_a_list_that_is_cut_off_is_no_list() -> None:
    def instead(request: Request) -> bytes | None:
        if request.name != "QueueStatus":
            return None
        body = block("Response: Success", f"ActionID: {request.action['ActionID']}", "EventList: start")
        return b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + body

    async with AjamServer(instead=instead).running() as server, over_http(server).running() as office:
        with pytest.raises(LinkLost):
            await office.link.collect(actions.queue_status())
        await until(lambda: office.link.status.counters.logins == 2)


async def test_a_page_of_somebody_else_instead_of_an_answer() -> None:
    def instead(request: Request) -> bytes | None:
        return page(HTML, kind="text/html") if request.name == "Getvar" else None

    async with AjamServer(instead=instead).running() as server, over_http(server).running() as office:
        with pytest.raises(LinkLost) as caught:
            await office.link.send(actions.get_variable("A"))
        assert caught.value.reason is Reason.AJAM_MISSING
        await office.reach(LinkState.UP)


@pytest.mark.parametrize("deaf_to", [{"WaitEvent"}, {"Ping"}, {"WaitEvent", "Ping", "Logoff"}])
async def test_a_deaf_pbx_is_noticed_and_replaced(deaf_to: set[str]) -> None:
    """Polls that never end, or actions that are never answered while polls still are."""
    timings = LinkTimings(ping_interval=0.05, ping_deadline=0.2, backoff_first=0.01, backoff_max=0.05, goodbye=0.2)
    deaf = False

    async def deaf_or_not(request: Request) -> bytes:
        if deaf and request.name in deaf_to:
            await asyncio.Event().wait()
        return await usual(request)

    server = AjamServer()
    server.longest_wait = 0.05
    usual = server._answer
    server._answer = deaf_or_not  # type: ignore[method-assign]  # may be deaf
    async with server.running(), over_http(server, timings=timings).running() as office:
        await until(lambda: "Ping" in server.names)
        deaf = True
        await until(lambda: ("down", "deaf") in office.states)
        deaf = False
        await office.reach(LinkState.UP)


# --- TLS ------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(ca: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("tls") / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return str(path)


def server_side(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


async def test_https(ca: trustme.CA, ca_file: str) -> None:
    good = server_side(ca.issue_cert("127.0.0.1"))
    named = server_side(ca.issue_cert("pbx.example"))
    async with AjamServer().running(good) as server:
        async with over_http(server, tls=True, tls_ca_file=ca_file).running() as office:
            await server.session.happen(HANGUP)
            await until(lambda: office.events)
        assert await reason_of(server.port, tls=True) is Reason.TLS_UNTRUSTED
        assert await reason_of(server.port, tls=True, tls_ca_file="/no/such/file") is Reason.TLS_CA_FILE
        assert await reason_of(server.port) is Reason.TLS_EXPECTED
        async with over_http(server, tls=True, tls_verify=False).running() as office:
            assert office.link.status.state is LinkState.UP
    async with AjamServer().running(named) as server:
        assert await reason_of(server.port, tls=True, tls_ca_file=ca_file) is Reason.TLS_WRONG_HOST
        trust = {"tls": True, "tls_ca_file": ca_file, "tls_hostname": "pbx.example"}
        async with over_http(server, **trust).running() as office:
            assert office.link.status.state is LinkState.UP


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Reason.TLS_NOT_SPOKEN),
        (b"Asterisk Call Manager/11.0.0\r\n", Reason.TLS_NOT_SPOKEN),
        (b"", Reason.TLS_FAILED),
    ],
)
async def test_https_where_nobody_speaks_tls(said: bytes, reason: Reason) -> None:
    timings = QUICK if said else replace(QUICK, connect=1, greeting=0.3)
    async with saying(said, close=False) as port:
        assert await reason_of(port, tls=True, timings=timings) is reason
