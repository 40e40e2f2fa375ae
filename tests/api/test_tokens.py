"""Who is let in, to what, how often."""

import base64
import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from astpanel.api import limits
from astpanel.api.auth import client_of
from astpanel.api.models import ApiClient, Scope
from astpanel.api.services import create_client, renew_token
from astpanel.api.tokens import digest_of, new_token, prefix_of

pytestmark = pytest.mark.django_db
PAGE = "/api/kinds"
MINUTE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOBODY = {"detail": "A valid token is needed: Authorization: Bearer …"}


def ask(client: Client, authorization: str) -> int:
    return client.get(PAGE, headers={"authorization": authorization} if authorization else {}).status_code


def test_tokens_are_random_and_kept_as_digests() -> None:
    one, other = new_token(), new_token()
    assert (len(one.token), one.token[:3], one.prefix, one.digest) == (46, "ap_", one.token[:12], digest_of(one.token))
    assert one.prefix != other.prefix
    client, token = create_client(name="Склад", scopes=[Scope.CALLER], by=None)
    assert [value for value in vars(client).values() if token in str(value)] == []


@pytest.mark.parametrize(
    "text", ["", "ap_", "ap_123456789", "xx_" + "a" * 43, "ap_" + "ж" * 43, "ap_" + "a" * 200, "\0"]
)
def test_what_cannot_be_a_token_asks_no_database(text: str, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # a fixture
        assert (prefix_of(text), client_of(text)) == ("", None)


def test_bearer_and_basic(client: Client, token: str) -> None:
    basic = base64.b64encode(f"asterisk:{token}".encode()).decode()
    given = ["", "Bearer", f"Bearer {token}", f"bearer {token}", f"Basic {basic}", f"Bearer {token}x", f"Token {token}"]
    assert [ask(client, one) for one in given] == [401, 401, 200, 200, 200, 401, 401]


def test_nobody_is_told_what_is_needed(client: Client) -> None:
    answer = client.get(PAGE, headers={"accept-language": "en"})
    assert (answer.status_code, answer.json(), answer["WWW-Authenticate"]) == (
        401,
        NOBODY,
        'Bearer, Basic realm="astpanel"',
    )
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "values",
    [{"enabled": False}, {"expires": datetime(2020, 1, 1, tzinfo=UTC)}, {"digest": "0" * 64}],
    ids=lambda values: next(iter(values)),
)
def test_a_token_that_is_worth_nothing(client: Client, token: str, values: dict[str, object]) -> None:
    ApiClient.objects.update(**values)
    assert ask(client, f"Bearer {token}") == 401


def test_a_new_token_ends_the_old_one(client: Client, token: str) -> None:
    newer = renew_token(client=ApiClient.objects.get())
    assert [ask(client, f"Bearer {one}") for one in (token, newer)] == [401, 200]


@pytest.mark.parametrize("scope", Scope.values)
def test_a_scope_opens_what_it_names(client: Client, scope: str) -> None:
    _row, token = create_client(name="Одна дверь", scopes=[scope], by=None)
    headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
    opened = {
        "directory:read": client.get(PAGE, headers=headers).status_code == 200,
        "directory:write": client.post("/api/persons", {}, "application/json", headers=headers).status_code == 422,
        "caller:read": client.get("/api/caller/101", headers=headers).status_code == 200,
    }
    assert opened == {name: name == scope for name in Scope.values}


def test_a_missing_scope_is_named(client: Client) -> None:
    _row, token = create_client(name="Читатель", scopes=[Scope.CALLER], by=None)
    answer = client.get(PAGE, headers={"authorization": f"Bearer {token}", "accept-language": "en"})
    text = "This token may not do that: it lacks “directory:read”. An administrator gives it."
    assert (answer.status_code, answer.json()) == (403, {"detail": text})


@time_machine.travel(MINUTE + timedelta(seconds=20), tick=False)
def test_so_many_requests_a_minute(client: Client) -> None:
    _row, token = create_client(name="Частый", scopes=Scope.values, by=None, per_minute=2)
    answers = [client.get(PAGE, headers={"authorization": f"Bearer {token}", "accept-language": "en"}) for _ in "123"]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2]["Retry-After"], answers[2].json()) == ("40", {"detail": "Too many requests: wait 40 s."})
    with time_machine.travel(MINUTE + timedelta(seconds=60), tick=False):
        assert ask(client, f"Bearer {token}") == 200


@time_machine.travel(MINUTE, tick=False)
def test_guessing_closes_the_door_for_the_address(client: Client, token: str) -> None:
    wrong = f"Bearer {new_token().token}"
    assert [ask(client, wrong) for _ in range(limits.WRONG_TOKENS)] == [401] * limits.WRONG_TOKENS
    assert [ask(client, wrong), ask(client, f"Bearer {token}")] == [429, 429]
    elsewhere = client.get(PAGE, headers={"authorization": f"Bearer {token}"}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200


def test_a_cache_that_is_away_limits_nobody(
    client: Client, token: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}
    settings.CACHES = settings.CACHES | {"default": redis}
    with caplog.at_level(logging.WARNING, logger="astpanel"):
        assert ask(client, f"Bearer {token}") == 200
    assert {record.getMessage() for record in caplog.records} == {"the cache is away: requests are not limited"}
    assert token not in caplog.text


def test_when_a_token_was_used_is_kept_to_the_minute(client: Client, token: str) -> None:
    assert ApiClient.objects.get().last_used is None
    ask(client, f"Bearer {token}")
    first = ApiClient.objects.get().last_used
    ask(client, f"Bearer {token}")
    assert ApiClient.objects.get().last_used == first
    assert first is not None
    ApiClient.objects.update(last_used=first - timedelta(minutes=2))
    ask(client, f"Bearer {token}")
    last = ApiClient.objects.get().last_used
    assert last is not None
    assert last >= first


def test_a_session_opens_nothing(client: Client, admin_user: object) -> None:
    client.force_login(admin_user)  # type: ignore[arg-type]  # of pytest-django
    assert [client.get(PAGE).status_code, client.post("/api/counterparties", {}).status_code] == [401, 401]
