"""A 1C publication: a web server that speaks the part of OData v3 that the portal uses, over the rows of a Base.

with serve(ut11(customers=20)) as onec:
    onec.url, onec.connection      # http://127.0.0.1:…/торговля
    onec.base.row("Catalog_Партнеры", ref)
    onec.fault("500", entity="Catalog_Партнеры")
    onec.sessions_opened, onec.open_sessions, onec.requests
"""

import base64
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from crm.sources.odata import Connection
from tests.crm.sources.onec_base import Base, Row
from tests.crm.sources.onec_requests import JSON, Answer, ODataError, Request, answer, parse

USER, SECRET = "Панель", "пароль-для-чтения"
PAGE: Final = "<!doctype html><html><body><form>Войдите в приложение</form></body></html>"
MINUTE: Final = 60  # seconds
STATUSES: Final = ("400", "401", "403", "404", "405", "406", "412", "500", "503")


@dataclass
class Fault:
    """What goes wrong with the next `times` requests that fit.

    A status; "odata" (500 with 1C's words); "html", "json" (broken), "cut" (no answer), "half" (of an answer), "deaf"
    (no answer until the server ends), "stuck" (likewise behind the half of an answer), "drip" (headers, then a byte a
    second), "slow" (a byte a second from the first), "lost" (done, but the answer is cut), "big" (a very long answer),
    "no_list", "unfiltered" ($filter is not heeded).
    """

    kind: str
    times: int = 1
    entity: str = ""
    method: str = ""
    words: str = ""
    after: int = 0  # so many fitting requests go well before


@dataclass
class OneCServer:
    """The running publication."""

    base: Base
    port: int = 0
    scheme: str = "http"
    faults: list[Fault] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)  # "GET Catalog_X?$top=1", decoded
    sessions_opened: int = 0
    open_sessions: set[str] = field(default_factory=set)
    reuse: bool = True  # whether the publication manages sessions
    licences: int = 100  # sessions at once
    connections: int = 0
    before_write: list[Callable[[], None]] = field(default_factory=list)  # each called once, before a write
    after_write: list[Callable[[], None]] = field(default_factory=list)
    before_read: dict[int, Callable[[], None]] = field(default_factory=dict)  # before the GET number so and so
    refuse: Callable[[str, Row], str] = lambda _entity, _values: ""  # what the configuration says against a write
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """As an administrator types it."""
        return f"{self.scheme}://127.0.0.1:{self.port}/{self.base.name}"

    @property
    def connection(self) -> Connection:
        """With the right log-in."""
        return Connection(self.url, USER, SECRET)

    def fault(self, kind: str, **values: Any) -> None:
        """See Fault."""
        self.faults.append(Fault(kind, **values))

    def asked(self, method: str) -> list[str]:
        """The entities that were asked so."""
        return [line.split(" ", 1)[1].split("?")[0] for line in self.requests if line.startswith(f"{method} ")]

    def next_fault(self, request: Request) -> Fault | None:
        """The one that falls due now."""
        for one in self.faults:
            if one.entity in {"", request.entity} and one.method in {"", request.method} and one.times:
                if one.after:
                    one.after -= 1
                    continue
                one.times -= 1
                return one
        return None


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    onec: OneCServer

    def setup(self) -> None:
        super().setup()
        with self.onec.base.lock:
            self.onec.connections += 1

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = parse(self.command, self.path, self.onec.base.name, body, self.headers.get("If-Match"))
        with self.onec.base.lock:
            self.onec.requests.append(f"{self.command} {request.told}")
            fault = self.onec.next_fault(request)
        if fault is not None and fault.kind == "unfiltered":
            request = replace(request, options={**request.options, "$filter": ""})
        elif fault is not None:
            self._misbehave(fault, request)
            return
        if self.headers.get("Authorization") != _basic():
            self._send(Answer(401, PAGE.encode(), "text/html", {"WWW-Authenticate": 'Basic realm="1C"'}))
        elif request.foreign:
            self._send(Answer(404, PAGE.encode(), "text/html"))
        elif (refused := self._session()) is not None:
            self._send(refused)
        else:
            self._send(self._answer(request))

    do_POST = do_PATCH = do_DELETE = do_PUT = do_GET  # noqa: N815 - http.server looks them up by these names

    def _answer(self, request: Request) -> Answer:
        with self.onec.base.lock:
            if request.method != "GET" and self.onec.before_write:
                self.onec.before_write.pop(0)()
            reads = sum(1 for line in self.onec.requests if line.startswith("GET "))
            if request.method == "GET" and reads in self.onec.before_read:
                self.onec.before_read.pop(reads)()
            try:
                said = answer(self.onec.base, request, self.onec.refuse, f"http://{self.headers['Host']}")
            except ODataError as error:
                return error.answer
            if request.method != "GET" and self.onec.after_write:
                self.onec.after_write.pop(0)()
            return said

    def _misbehave(self, fault: Fault, request: Request) -> None:
        if fault.kind == "deaf":
            self.onec.ended.wait(MINUTE)
        elif fault.kind in {"stuck", "drip", "slow"}:
            self._dawdle(fault.kind, request)
        elif fault.kind == "lost":
            self._answer(request)
        elif fault.kind == "odata":
            self._send(ODataError(500, "-1", fault.words or "Не удалось записать").answer)
            return
        elif fault.kind in STATUSES:
            self._send(Answer(int(fault.kind), PAGE.encode(), "text/html"))
            return
        elif fault.kind == "half":
            whole = self._answer(request)
            self._send(Answer(whole.status, whole.body[: len(whole.body) // 2], whole.type), length=len(whole.body))
        elif fault.kind == "big":
            self._send(Answer(200, b'{"value":["' + b"x" * 2_000_000 + b'"]}'))
            return
        elif fault.kind in {"html", "json", "no_list"}:
            said = {"html": PAGE.encode(), "json": b'{"value": [{"Ref_Key": ', "no_list": b'{"value": "x"}'}[fault.kind]
            self._send(Answer(200, said, "text/html" if fault.kind == "html" else JSON))
            return
        self.close_connection = True

    def _dawdle(self, kind: str, request: Request) -> None:
        """For a minute at most: who waits longer is told so by the end of the connection."""
        whole = self._answer(request)
        if kind == "slow":
            self._drip(b"HTTP/1.1 200 OK\r\nX-Padding: " + b"x" * MINUTE)
            return
        self._send(Answer(whole.status, whole.body[:1], whole.type), length=len(whole.body))
        if kind == "drip":
            self._drip(whole.body[1:])
        else:
            self.wfile.write(whole.body[1 : len(whole.body) // 2])
            self.onec.ended.wait(MINUTE)

    def _drip(self, data: bytes) -> None:
        for byte in data[:MINUTE]:
            self.wfile.write(bytes([byte]))
            if self.onec.ended.wait(1):
                return

    def _session(self) -> Answer | None:
        """1C's sessions: None: goes on in one."""
        cookies = dict(part.strip().partition("=")[::2] for part in (self.headers.get("Cookie") or "").split(";"))
        wish, own = self.headers.get("IBSession"), cookies.get("ibsession", "")
        with self.onec.base.lock:
            if own and own not in self.onec.open_sessions:
                return Answer(400, PAGE.encode(), "text/html")
            if own and wish == "finish":
                self.onec.open_sessions.discard(own)
            if own:
                return None
            if len(self.onec.open_sessions) >= self.onec.licences:
                return Answer(406, PAGE.encode(), "text/html")
            self.onec.sessions_opened += 1
            if self.onec.reuse and wish == "start":
                self._new_session = uuid4().hex
                self.onec.open_sessions.add(self._new_session)
        return None

    _new_session = ""

    def _send(self, answer: Answer, length: int | None = None) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body) if length is None else length))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self._new_session:
            self.send_header("Set-Cookie", f"ibsession={self._new_session}; Path=/{quote(self.onec.base.name)}")
            self._new_session = ""
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle of an answer is what some tests are about."""


def _basic() -> str:
    return "Basic " + base64.b64encode(f"{USER}:{SECRET}".encode()).decode()


@contextmanager
def serve(base: Base, tls: ssl.SSLContext | None = None) -> Iterator[OneCServer]:
    """The publication of the base, on a free port of this machine."""
    onec = OneCServer(base, scheme="https" if tls else "http")
    server = _Server(("127.0.0.1", 0), type("Publication", (Handler,), {"onec": onec}))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    onec.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield onec
    finally:
        onec.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
