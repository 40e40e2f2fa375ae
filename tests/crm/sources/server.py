"""A web server that stands for 1C's publication: bases under their names, a log-in, and misbehaviour on demand."""

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from tests.crm.sources.documents import BOMB, FAMILIES, LOG_IN_PAGE, MODIFIED, OWN_CUSTOMERS, STRANGE, document

USER, SECRET = "Панель", "пароль-для-чтения"
SERVICE = "/odata/standard.odata/$metadata"
DOCUMENTS = {name: document(entities) for name, entities in FAMILIES.items()} | {
    "modified": document(MODIFIED),
    "own": document(OWN_CUSTOMERS),
    "strange": document(STRANGE),
    "empty": document({}),
    "торговля": document(FAMILIES["ut11"]),
    "bomb": BOMB,
    "page": LOG_IN_PAGE,
    "binary": bytes(range(256)) * 10,
}


class Handler(BaseHTTPRequestHandler):
    """`/<base>/odata/standard.odata/$metadata`."""

    meanwhile: Callable[[], None] | None = None  # what happens while 1C builds its answer

    def do_GET(self) -> None:
        if self.meanwhile is not None:
            self.meanwhile()
        base, _, rest = unquote(self.path).strip("/").partition("/")
        if f"/{rest}" != SERVICE:
            self._answer(404)
        elif base == "moved":
            self._answer(302, location="http://127.0.0.1:1/elsewhere")
        elif base == "forbidden":
            self._answer(403)
        elif base == "broken":
            self._answer(500)
        elif self.headers.get("Authorization") != _basic():
            self._answer(401)
        elif base == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(document(FAMILIES["ut11"])[:500])
            self.close_connection = True
        elif base in DOCUMENTS:
            self._answer(200, DOCUMENTS[base])
        else:
            self._answer(404)

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.capitalize(), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def _basic() -> str:
    return "Basic " + base64.b64encode(f"{USER}:{SECRET}".encode()).decode()


@contextmanager
def publication(meanwhile: Callable[[], None] | None = None) -> Iterator[str]:
    """→ the address of the running server. `meanwhile` is called in its thread before each answer."""
    handler = type("Publication", (Handler,), {"meanwhile": staticmethod(meanwhile) if meanwhile else None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
