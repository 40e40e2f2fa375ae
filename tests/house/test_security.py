"""Headers, cookies and the lock of the log-in."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.factories import PASSWORD, PanelUserFactory, PbxFactory

pytestmark = pytest.mark.django_db
PAGES = ["/login/", "/", "/admin/", "/admin/login/", "/healthz", "/jsi18n/", "/nowhere"]


def policy(response: Any) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split(";")
    return {name: value for name, _, value in (part.strip().partition(" ") for part in parts)}


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("logged_in", [False, True])
def test_headers_of_every_answer(client: Client, address: str, logged_in: bool) -> None:
    if logged_in:
        client.force_login(PanelUserFactory(admin=True, number="101", pbx=PbxFactory()))
    response = client.get(address)
    names = ("X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")
    assert [response.headers.get(name) for name in names] == ["nosniff", "same-origin", "same-origin"]
    assert response.headers["X-Frame-Options"] == "DENY"
    found = policy(response)
    nonces = r"(?: 'nonce-[\w+/=-]+')?"
    assert re.fullmatch(r"'self'" + nonces, found["script-src"])
    assert re.fullmatch(r"'self'" + nonces, found["style-src"])
    rest = ("default-src", "connect-src", "object-src", "base-uri", "form-action", "frame-ancestors")
    assert [found[name] for name in rest] == ["'self'", "'self'", "'none'", "'none'", "'self'", "'none'"]


def attempt(client: Client, username: str, password: str, address: str = "/login/") -> Any:
    return client.post(address, {"username": username, "password": password})


@pytest.mark.parametrize("address", ["/login/", "/admin/login/"])
def test_the_log_in_is_locked_after_wrong_passwords_and_says_so(
    client: Client, settings: Settings, address: str
) -> None:
    user = PanelUserFactory(username="petrov", admin=True)
    other = PanelUserFactory(username="ivanov")
    client.cookies["django_language"] = "en"
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert attempt(client, "petrov", "wrong", address).status_code == 200
    locked = attempt(client, "petrov", "wrong", address)
    assert locked.status_code == 429
    assert "Too many wrong passwords" in locked.content.decode()
    assert attempt(client, "petrov", PASSWORD, address).status_code == 429
    assert "petrov" not in locked.content.decode()
    assert (user.username, attempt(client, other.username, PASSWORD).status_code) == ("petrov", 302)


def test_a_right_password_resets_the_count(client: Client, settings: Settings) -> None:
    PanelUserFactory(username="petrov")
    for _ in range(2):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            attempt(client, "petrov", "wrong")
        assert attempt(client, "petrov", PASSWORD).status_code == 302
        client.logout()


def test_an_unknown_name_and_a_wrong_password_look_alike(client: Client) -> None:
    PanelUserFactory(username="petrov")
    pages = [attempt(client, name, "wrong").content.decode() for name in ("petrov", "nobody")]
    cleaned = [re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]+"', "", page) for page in pages]
    assert cleaned[0].replace("petrov", "") == cleaned[1].replace("nobody", "")


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "a\0b", "x" * 100_000, "\r\nSet-Cookie: a=b"])
def test_hostile_names_at_the_log_in(client: Client, hostile: str) -> None:
    response = attempt(client, hostile, "wrong")
    assert (response.status_code, "<script>alert" in response.content.decode()) == (200, False)


def test_cookies(client: Client, settings: Settings) -> None:
    PanelUserFactory(username="petrov")
    assert attempt(client, "petrov", PASSWORD).status_code == 302
    session = client.cookies["sessionid"]
    assert (session["httponly"], session["samesite"], bool(session["secure"])) == (True, "Lax", settings.HTTPS)
    assert settings.SESSION_COOKIE_SECURE == settings.CSRF_COOKIE_SECURE == settings.HTTPS


def test_log_in_gives_a_new_session_and_log_out_ends_it(client: Client) -> None:
    PanelUserFactory(username="petrov")
    client.get("/login/")
    attempt(client, "petrov", PASSWORD)
    key = client.cookies["sessionid"].value
    assert client.get("/logout/").status_code == 405  # by POST only: no image on another site logs anybody out
    client.post("/logout/")
    assert not Session.objects.filter(session_key=key).exists()


def test_forms_need_their_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    PanelUserFactory(username="petrov")
    assert attempt(strict, "petrov", PASSWORD).status_code == 403
    strict.force_login(PanelUserFactory(admin=True))
    assert strict.post(reverse("admin:telephony_pbx_add"), {"name": "x"}).status_code == 403


def test_no_redirect_to_another_site(client: Client) -> None:
    PanelUserFactory(username="petrov")
    response = client.post(
        "/login/?next=https://evil.example.com/",
        {"username": "petrov", "password": PASSWORD, "next": "//evil.example.com"},
    )
    assert (response.status_code, response.headers["Location"]) == (302, "/")


@pytest.mark.parametrize("host", ["evil.example.com", "localhost.evil.example.com"])
def test_foreign_hosts_are_refused(client: Client, host: str) -> None:
    assert client.get("/login/", headers={"host": host}).status_code == 400
