"""A0: the one-time token and the first administrator."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from astpanel.accounts.models import PanelUser
from astpanel.setup import tokens
from astpanel.setup.models import SetupToken, Step, StepRecord
from tests.factories import PASSWORD, PanelUserFactory

pytestmark = pytest.mark.django_db
PERSON = {"last_name": "Гусев", "first_name": "Глеб", "username": "gusev", "password": PASSWORD, "again": PASSWORD}
FORM = "/setup/"


def fresh() -> str:
    token = tokens.fresh_token()
    assert token is not None
    return token


def open_token(client: Client, token: str) -> Any:
    return client.get(reverse("setup-token", args=[token]))


def test_from_the_token_to_the_agreement(client: Client) -> None:
    token = fresh()
    assert open_token(client, token).headers["Location"] == FORM
    assert client.get(FORM).status_code == 200
    answer = client.post(FORM, PERSON, follow=True)
    assert answer.redirect_chain == [("/admin/setup/", 302), ("/admin/setup/agreement/", 302)]
    user = PanelUser.objects.get()
    made = (user.username, user.is_superuser, user.is_staff, user.in_use, user.check_password(PASSWORD))
    assert made == ("gusev", True, True, False, True)
    record = StepRecord.objects.get()
    assert (record.step, record.state, record.changed_by) == (Step.ADMINISTRATOR, "done", user)
    assert not SetupToken.objects.exists()


def test_only_a_digest_is_stored() -> None:
    token = fresh()
    row = SetupToken.objects.get()
    assert (row.digest, token in row.digest) == (tokens.digest_of(token), False)


def test_a_newer_token_replaces_the_older(client: Client) -> None:
    old, new = fresh(), fresh()
    assert [open_token(client, old).status_code, open_token(client, new).status_code] == [404, 302]


def test_an_old_token_opens_nothing(client: Client) -> None:
    token = fresh()
    SetupToken.objects.update(created=timezone.now() - tokens.LIFE - timedelta(seconds=1))
    assert open_token(client, token).status_code == 404


def test_a_used_token_opens_nothing(client: Client) -> None:
    token = fresh()
    open_token(client, token)
    client.post(FORM, PERSON)
    for stranger in (Client(), client):
        assert [open_token(stranger, token).status_code, stranger.get(FORM).status_code] == [404, 404]
        assert stranger.post(FORM, PERSON | {"username": "second"}).status_code == 404
    assert PanelUser.objects.count() == 1


def test_of_two_at_once_one_becomes_administrator(client: Client) -> None:
    token, second = fresh(), Client()
    open_token(client, token)
    open_token(second, token)
    assert client.post(FORM, PERSON).status_code == 302
    assert second.post(FORM, PERSON | {"username": "second"}).status_code == 404
    assert PanelUser.objects.count() == 1


def test_nothing_can_be_learnt_from_wrong_addresses(client: Client) -> None:
    """The same page whether the token is wrong, missing, or there is an administrator."""
    pages = [open_token(client, "wrong").content, client.get(FORM).content]
    right = fresh()
    pages += [open_token(client, "wrong").content, client.get(FORM).content]
    PanelUserFactory(admin=True)
    pages += [open_token(client, right).content, client.get(FORM).content]
    assert len({page.decode().split("<main", 1)[1] for page in pages}) == 1
    assert "manage.py setup_token" in pages[0].decode()


def test_too_many_wrong_tokens_are_not_even_compared(client: Client) -> None:
    token = fresh()
    answers = [open_token(client, f"wrong{number}").status_code for number in range(tokens.TRIES)]
    assert answers == [404] * tokens.TRIES
    assert open_token(client, token).status_code == 429
    elsewhere = client.get(reverse("setup-token", args=[token]), REMOTE_ADDR="192.0.2.9")
    assert elsewhere.status_code == 302


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "1234567890", "again": "1234567890"}, "password"),
        ({"password": "gusev", "again": "gusev"}, "password"),
        ({"again": "another"}, "again"),
        ({"username": "с пробелом"}, "username"),
        ({"username": "taken"}, "username"),
        ({"last_name": ""}, "last_name"),
        ({"username": "x" * 151}, "username"),
    ],
)
def test_refused(client: Client, change: dict[str, str], field: str) -> None:
    PanelUserFactory(username="taken")
    open_token(client, fresh())
    answer = client.post(FORM, PERSON | change)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert PASSWORD not in answer.content.decode()
    assert not PanelUser.objects.filter(is_superuser=True).exists()
    assert client.post(FORM, PERSON).status_code == 302  # the token lives on


def test_the_form_needs_a_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    open_token(client, fresh())
    assert client.post(FORM, PERSON).status_code == 403


def test_the_command_prints_the_address(client: Client) -> None:
    out = StringIO()
    call_command("setup_token", "--url", "https://portal.example/", stdout=out, stderr=StringIO())
    address = out.getvalue().strip()
    assert address.startswith("https://portal.example/setup/")
    assert client.get(address.removeprefix("https://portal.example")).status_code == 302


def test_the_command_refuses_when_an_administrator_exists() -> None:
    PanelUserFactory(admin=True)
    with pytest.raises(CommandError):
        call_command("setup_token")
    assert not SetupToken.objects.exists()


@pytest.mark.parametrize("values", [{"is_active": False}, {"password": ""}, {"is_staff": False}])
def test_an_administrator_who_cannot_log_in_is_none(values: dict[str, Any]) -> None:
    user = PanelUserFactory(admin=True)
    PanelUser.objects.filter(pk=user.pk).update(**values)
    assert tokens.fresh_token() is not None
