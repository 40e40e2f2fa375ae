"""Everything that can stand in the way of a link has a code of its own."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from telephony.ami import dial
from telephony.ami.account import AmiAccount, LinkTimings
from telephony.ami.reasons import Reason
from telephony.core.enums import LinkState
from tests.ami.server import QUICK, AmiServer, Office, Peer, until

IMPATIENT = replace(QUICK, greeting=0.3)  # where silence is what is tested
PROBING = replace(QUICK, greeting=3)  # where an answer comes after half of it


async def reason_of(port: int, **options: object) -> Reason:
    """What a link says about this port after its first attempt."""
    async with Office(port, **options).running(None) as office:
        await until(lambda: office.link.status.reason)
        assert office.link.status.state is LinkState.CONNECTING
        return office.link.status.reason


@asynccontextmanager
async def speaking(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object]) -> AsyncIterator[int]:
    """A server that is no Asterisk."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            talk(reader, writer)
            await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_nobody_listens() -> None:
    async with speaking(lambda reader, writer: None) as port:
        pass
    assert await reason_of(port) is Reason.REFUSED


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70 + ".example", "bad host", "", "\u2024\u2024"])
async def test_a_host_without_an_address(host: str) -> None:
    reason = await reason_of(1, host=host)
    assert reason in (Reason.HOST_UNKNOWN, Reason.REFUSED if host == "" else Reason.HOST_UNKNOWN)


async def test_an_address_without_a_route() -> None:
    assert await reason_of(5038, host="255.255.255.255") is Reason.HOST_UNREACHABLE


def test_errors_of_several_addresses_are_one_reason() -> None:
    text = "Multiple exceptions: [Errno 111] Connect call failed ('::1', 1, 0, 0), [Errno 101] Network is unreachable"
    assert dial.classify(OSError(text)) is Reason.REFUSED
    assert dial.classify(OSError("Multiple exceptions: [Errno 113] x, [Errno 101] y")) is Reason.HOST_UNREACHABLE
    assert dial.classify(OSError("Multiple exceptions: [Errno 110] x, [Errno 101] y")) is Reason.CONNECT_TIMEOUT
    assert dial.classify(TimeoutError()) is Reason.CONNECT_TIMEOUT
    assert dial.classify(ConnectionResetError()) is Reason.CLOSED_EARLY


async def test_packets_that_vanish() -> None:
    """A full accept queue drops the next SYN, as a firewall does."""
    with socket.socket() as full, contextlib.ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        timings = replace(QUICK, connect=0.2)
        assert await reason_of(full.getsockname()[1], timings=timings) is Reason.CONNECT_TIMEOUT


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", Reason.NOT_ASTERISK),
        (b"220 mail.example ESMTP\r\n", Reason.NOT_ASTERISK),
        (b"Asterisk Call Manager", Reason.SILENT),
        (b"\x00" * 300, Reason.NOT_ASTERISK),
        (b"x" * 10_000_000, Reason.NOT_ASTERISK),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", Reason.HTTP_SERVER),
        (b"", Reason.SILENT),
    ],
)
async def test_somebody_else_answers(said: bytes, reason: Reason) -> None:
    timings = IMPATIENT if reason is Reason.SILENT else QUICK
    async with speaking(lambda reader, writer: writer.write(said)) as port:
        assert await reason_of(port, timings=timings) is reason


async def test_closed_before_the_greeting() -> None:
    async with speaking(lambda reader, writer: writer.close()) as port:
        assert await reason_of(port) is Reason.CLOSED_EARLY


async def test_a_web_server_is_recognised_although_it_waits_to_be_asked() -> None:
    asked = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        assert await reason_of(server.sockets[0].getsockname()[1], timings=PROBING) is Reason.HTTP_SERVER
    assert set(asked) == {b"Action: Ping\r\n\r\n"}  # no secret went to it


async def test_a_wrong_password_is_shown_and_not_tried_again() -> None:
    async with AmiServer().running() as server, Office(server.port, secret="wrong").running(None) as office:
        await office.reach(LinkState.DENIED)
        assert office.states == [("denied", "denied")]
        await server.peers[0].gone.wait()
        async with Office(1).running(None) as other:  # meanwhile a link that tries again does so many times
            await until(lambda: other.link.status.counters.attempts > 10)
        assert len(server.peers) == 1
        office.link.reconfigure(AmiAccount("127.0.0.1", "astpanel", "s3cret", server.port))
        await office.reach(LinkState.UP)


async def test_a_name_that_cannot_be_sent_is_denied() -> None:
    async with AmiServer().running() as server, Office(server.port, username="a\r\nb").running(None) as office:
        await office.reach(LinkState.DENIED)
        assert server.actions == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [("Login Already In Use", Reason.LOGIN_IN_USE), ("Permission denied", Reason.LOGIN_REFUSED)],
)
async def test_other_refusals_of_the_login_are_tried_again(said: str, reason: Reason) -> None:
    def login(peer: Peer, action: dict[str, str]) -> None:
        peer.respond(action, f"Message: {said}", response="Error")

    async with AmiServer(Login=login).running() as server:
        assert await reason_of(server.port) is reason
        await until(lambda: len(server.peers) >= 1)


async def test_no_answer_to_the_login() -> None:
    async with AmiServer(Login=lambda peer, action: None).running() as server:
        timings = LinkTimings(login=0.05, backoff_first=0.01)
        assert await reason_of(server.port, timings=timings) is Reason.LOGIN_TIMEOUT


async def test_garbage_instead_of_an_answer_to_the_login() -> None:
    def login(peer: Peer, action: dict[str, str]) -> None:
        peer.send(b"\xff\xfe" * 1000 + b"\r\n\r\nFoo: bar\r\n\r\n")
        peer.respond(action, "Message: Authentication accepted")

    async with AmiServer(Login=login).running() as server, Office(server.port).running() as office:
        assert office.link.status.counters.garbage == 3  # a line and two blocks


# --- TLS ------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


def server_side(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


@pytest.fixture(scope="module")
def ca_file(ca: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("tls") / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return str(path)


async def test_tls_with_a_good_certificate(ca: trustme.CA, ca_file: str) -> None:
    tls = server_side(ca.issue_cert("127.0.0.1"))
    async with (
        AmiServer().running(tls) as server,
        Office(server.port, tls=True, tls_ca_file=ca_file).running() as office,
    ):
        assert office.link.status.version == "22.10.1"
        server.peers[0].drop()
        await until(lambda: len(server.peers) == 2)
        await office.reach(LinkState.UP)


async def test_tls_by_the_name_in_the_certificate(ca: trustme.CA, ca_file: str) -> None:
    tls = server_side(ca.issue_cert("pbx.example"))
    async with AmiServer().running(tls) as server:
        assert await reason_of(server.port, tls=True, tls_ca_file=ca_file) is Reason.TLS_WRONG_HOST
        async with Office(server.port, tls=True, tls_ca_file=ca_file, tls_hostname="pbx.example").running():
            pass


async def test_tls_with_an_unknown_certificate(ca: trustme.CA) -> None:
    tls = server_side(ca.issue_cert("127.0.0.1"))
    async with AmiServer().running(tls) as server:
        assert await reason_of(server.port, tls=True) is Reason.TLS_UNTRUSTED
        assert server.actions == []
        async with Office(server.port, tls=True, tls_verify=False).running():
            pass


async def test_tls_with_an_expired_certificate(ca: trustme.CA, ca_file: str) -> None:
    tls = server_side(
        ca.issue_cert(
            "127.0.0.1", not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=datetime(2021, 1, 1, tzinfo=UTC)
        )
    )
    async with AmiServer().running(tls) as server:
        assert await reason_of(server.port, tls=True, tls_ca_file=ca_file) is Reason.TLS_EXPIRED


@pytest.mark.parametrize("content", [None, "", "no certificate"])
async def test_a_ca_file_of_no_use(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    assert await reason_of(1, tls=True, tls_ca_file=str(path)) is Reason.TLS_CA_FILE


async def test_tls_against_a_plain_port() -> None:
    async with AmiServer().running() as server:
        assert await reason_of(server.port, tls=True) is Reason.TLS_NOT_SPOKEN


async def test_a_plain_link_against_a_tls_port(ca: trustme.CA) -> None:
    async with AmiServer().running(server_side(ca.issue_cert("127.0.0.1"))) as server:
        assert await reason_of(server.port, timings=PROBING) is Reason.TLS_EXPECTED
        assert server.actions == []


async def test_tls_against_a_port_that_says_nothing() -> None:
    async with speaking(lambda reader, writer: None) as port:
        assert await reason_of(port, tls=True, timings=IMPATIENT) is Reason.TLS_FAILED
