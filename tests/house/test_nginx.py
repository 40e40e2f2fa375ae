"""deploy/nginx in front of a real web process, as docs/operations.md describes an installation."""

import re
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from pytest_django import DjangoDbBlocker
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from astpanel.api.models import Scope
from astpanel.api.services import create_client
from tests.databases import migrated_sqlite, use_database
from tests.factories import PASSWORD, PanelUserFactory
from tests.house.proxy import NAME, Nginx, Visitor, Web
from tests.left_out import require

__all__ = ["migrated_sqlite"]
pytestmark = pytest.mark.xdist_group("nginx")

NUMBER = "/api/caller/+74951112233"
FORGED = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Real-IP": "203.0.113.9"}


class Site:
    """The two processes and a token of another system."""

    def __init__(self, web: Web, nginx: Nginx, token: str) -> None:
        self.web, self.nginx, self.token = web, nginx, token


@pytest.fixture(scope="module")
def site(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """Two people may log in: an administrator and an operator."""
    executable = require("nginx")
    path = tmp_path_factory.mktemp("portal") / "database.sqlite3"
    shutil.copy(migrated_sqlite, path)
    with django_db_blocker.unblock(), use_database(f"sqlite:///{path}"):
        PanelUserFactory(username="admin", admin=True)
        PanelUserFactory(username="operator", number="101")
        _, token = create_client(name="CRM", scopes=[Scope.CALLER], by=None)
    web = Web(f"sqlite:///{path}")
    nginx = Nginx(executable, web)
    try:
        web.start()
        nginx.start()
        yield Site(web, nginx, token)
    finally:
        nginx.stop(signal.SIGTERM)
        nginx.remove()
        web.stop(signal.SIGTERM)
        web.remove()


@pytest.fixture
def visit(site: Site) -> Iterator[Callable[[str], Visitor]]:
    """`visit("127.0.0.2")`: a browser at that address, closed at the end."""
    visitors: list[Visitor] = []

    def arrive(address: str = "127.0.0.1") -> Visitor:
        visitors.append(Visitor(site.nginx, address))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        visitor.close()


def test_a_page_over_tls_and_what_came_without(site: Site, visit: Callable[..., Visitor]) -> None:
    plain = httpx.get(f"http://127.0.0.1:{site.nginx.plain}/login/?next=/admin/", headers={"Host": "evil.example"})
    assert (plain.status_code, plain.headers["location"]) == (301, f"https://{NAME}/login/?next=/admin/")
    page = visit().get("/login/")
    assert (page.status_code, "<form" in page.text) == (200, True)


def test_every_security_header_comes_once(visit: Callable[..., Visitor]) -> None:
    sent = visit().get("/login/").headers
    names = ("strict-transport-security", "content-security-policy", "x-frame-options", "x-content-type-options")
    assert {name: len(sent.get_list(name)) for name in (*names, "referrer-policy")} == dict.fromkeys(
        (*names, "referrer-policy"), 1
    )
    assert (sent["server"], sent["strict-transport-security"]) == ("nginx", "max-age=31536000; includeSubDomains")


def test_an_unknown_name_is_not_answered_by_the_portal(visit: Callable[..., Visitor]) -> None:
    assert visit().get("/login/", Host="evil.example").status_code == 400
    assert visit().get("/login/", **{"X-Forwarded-Host": "evil.example"}).status_code == 200


def test_a_client_cannot_take_tls_away(visit: Callable[..., Visitor]) -> None:
    assert visit().get("/login/", **{"X-Forwarded-Proto": "http"}).status_code == 200


def test_a_log_in_and_its_cookie(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    done = visitor.log_in("admin", PASSWORD)
    assert (done.status_code, done.headers["location"]) == (302, "/")
    (cookie,) = (text for text in done.headers.get_list("set-cookie") if text.startswith("__Host-sessionid="))
    assert {part for part in cookie.split("; ")[1:] if not part.startswith("expires=")} == (
        {"HttpOnly", "Max-Age=604800", "Path=/", "SameSite=Lax", "Secure"}
    )
    assert visitor.get("/admin/").status_code == 200


def _socket(site: Site, visitor: Visitor, origin: str) -> ClientConnection:
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    return connect(
        f"wss://{NAME}:{site.nginx.port}/ws/live/",
        sock=socket.create_connection(("127.0.0.1", site.nginx.port), timeout=60),
        ssl=site.nginx.trust,
        origin=Origin(origin),
        additional_headers={"Cookie": cookies},
        open_timeout=60,
    )


def test_the_live_socket(site: Site, visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.log_in("operator", PASSWORD)
    with _socket(site, visitor, f"https://{NAME}") as live:
        live.send('{"t": "join", "audiences": ["board"]}')
        assert '"t"' in str(live.recv(60))
    with pytest.raises(InvalidStatus) as refused:
        _socket(site, visitor, "https://evil.example")
    assert refused.value.response.status_code == 403


def test_files_up_to_the_portals_own_limit_reach_it(visit: Callable[..., Visitor]) -> None:
    """A file of 61 MB is small enough for nginx; the portal says in its own words what it takes."""
    visitor = visit()
    visitor.log_in("admin", PASSWORD)
    page = visitor.get("/admin/crm/counterparty/import/", **{"Accept-Language": "en"}).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    answer = visitor.post(
        "/admin/crm/counterparty/import/",
        {"Accept-Language": "en"},
        data={"csrfmiddlewaretoken": token[1]},
        files={"file": ("customers.csv", bytes(61_000_000), "text/csv")},
    )
    assert (answer.status_code, "The file is larger than 60 MB." in answer.text) == (200, True)


def test_larger_ones_are_refused_with_words(visit: Callable[..., Visitor]) -> None:
    answer = visit().post("/admin/crm/counterparty/import/", content=bytes(68_000_000))
    assert (answer.status_code, "файлы до 60 МБ" in answer.text, "up to 60 MB" in answer.text) == (413, True, True)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    form = visit().post("/login/", content=bytes(5_000_000))
    assert form.status_code == 413


def test_another_system_hears_json(site: Site, visit: Callable[..., Visitor]) -> None:
    asked = visit().get(NUMBER, Authorization=f"Bearer {site.token}")
    assert (asked.status_code, asked.json()["known"]) == (200, False)
    large = visit().post("/api/counterparties", content=bytes(5_000_000))
    assert (large.status_code, large.json()["errors"]) == (413, [])


def test_rates_count_the_real_address(visit: Callable[..., Visitor]) -> None:
    """Wrong tokens close the door for the address they came from, whatever it claims to be."""
    guesser, other = visit("127.0.0.3"), visit("127.0.0.4")
    wrong = {"Authorization": "Bearer ap_guessed-guessed-guessed-guessed"}
    answers = [guesser.get(NUMBER, **wrong | {"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(1, 100)]
    assert set(answers) == {401, 429}
    assert other.get(NUMBER, **wrong | {"X-Forwarded-For": "127.0.0.3"}).status_code == 401


def test_the_lock_of_the_log_in_counts_the_real_address(visit: Callable[..., Visitor]) -> None:
    guesser, other = visit("127.0.0.5"), visit("127.0.0.6")
    answers = [guesser.log_in("operator", "wrong", **FORGED | {"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 7 + [429]
    assert guesser.log_in("operator", PASSWORD, **FORGED).status_code == 429
    assert other.log_in("operator", PASSWORD).status_code == 302


def test_files_of_the_portal(visit: Callable[..., Visitor]) -> None:
    style = visit().get("/static/admin/css/base.css", **{"Accept-Encoding": "gzip"})
    assert (style.status_code, style.headers["content-encoding"]) == (200, "gzip")
    assert "content-encoding" not in visit().get("/login/", **{"Accept-Encoding": "gzip"}).headers
    assert visit().get("/metrics").status_code == 404
    assert visit().get("/-/away.html").status_code == 404


def test_no_log_holds_a_key(site: Site, visit: Callable[..., Visitor]) -> None:
    """Neither of nginx nor of the web process; also not while the portal is away, when nginx logs errors."""
    doors = ("/setup/one-time-secret/", "/password/MQ/one-time-secret/")
    headers = {"Authorization": "Bearer ap_one-time-secret", "Referer": f"https://{NAME}{doors[0]}"}
    for path in doors:
        visit().get(path, **headers)
        httpx.get(f"http://127.0.0.1:{site.nginx.plain}{path}", headers={"Host": NAME})
    visit().get(NUMBER, **headers)
    site.web.stop(signal.SIGTERM)
    try:
        away = [visit().get(path, **headers) for path in (*doors, "/login/", "/api/caller/101")]
    finally:
        site.web.start()
    assert [answer.status_code for answer in away] == [503, 503, 503, 503]
    assert ("Портал сейчас не отвечает" in away[2].text, away[3].json()["errors"]) == (True, [])
    logs = site.nginx.logs + site.web.log
    told = ("one-time-secret", "GET /setup/-", "GET /password/-", "Not Found: /setup/-")
    assert [words in logs for words in told] == [False, True, True, True], logs
