"""Clients in the admin, and the page that describes the interface."""

import json
import re

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse

from astpanel.accounts.roles import Role, set_roles
from astpanel.api.auth import client_of
from astpanel.api.models import ApiClient, Scope
from tests.factories import ApiClientFactory, PanelUserFactory

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r"ap_[\w-]{43}")
LIST, ADD = reverse("admin:api_apiclient_changelist"), reverse("admin:api_apiclient_add")
DOCS, OPENAPI = "/api/docs", "/api/openapi.json"
FORM = {"name": "CRM", "scopes": ["directory:read", "caller:read"], "per_minute": "60", "enabled": "on"}


@pytest.fixture
def administrator() -> Client:
    user = PanelUserFactory()
    set_roles(user=user, roles={Role.ADMINISTRATOR})
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def tokens(answer: object) -> list[str]:
    """Tokens on a page."""
    return TOKEN.findall(answer.content.decode())  # type: ignore[attr-defined]  # an answer


def test_a_token_is_shown_once(administrator: Client) -> None:
    answer = administrator.post(ADD, FORM)
    [token] = tokens(answer)
    made = client_of(token)
    assert made is not None
    assert (made.name, made.scopes, made.per_minute, made.created_by) == (
        "CRM",
        ["directory:read", "caller:read"],
        60,
        made.created_by,
    )
    assert (answer["Cache-Control"], "Copy it now" in answer.content.decode()) == (
        "max-age=0, no-cache, no-store, must-revalidate, private",
        True,
    )
    assert token not in json.dumps(dict(administrator.cookies.items()), default=str)
    page = reverse("admin:api_apiclient_change", args=[made.pk])
    assert [tokens(administrator.get(address)) for address in (page, LIST)] == [[], []]
    kept = [text for entry in LogEntry.objects.all() for text in (str(entry.changes), entry.object_repr)]
    assert [text for text in kept if token in text or made.digest in text] == []


def test_a_new_token(administrator: Client) -> None:
    row = ApiClientFactory(name="Склад")
    page = reverse("admin:api_apiclient_renew", args=[row.pk])
    assert row.prefix in administrator.get(page).content.decode()
    [token] = tokens(administrator.post(page))
    assert client_of(token) == row


def test_a_change_keeps_the_token(administrator: Client) -> None:
    row = ApiClientFactory(name="Склад")
    answer = administrator.post(reverse("admin:api_apiclient_change", args=[row.pk]), FORM)
    changed = ApiClient.objects.get()
    assert (answer.status_code, changed.name, changed.digest) == (302, "CRM", row.digest)


@pytest.mark.parametrize("wrong", [{"scopes": ["root"]}, {"scopes": []}, {"per_minute": "0"}, {"name": ""}])
def test_what_is_wrong_is_said(administrator: Client, wrong: dict[str, object]) -> None:
    answer = administrator.post(ADD, FORM | wrong)
    assert (answer.status_code, ApiClient.objects.count()) == (200, 0)
    assert "errorlist" in answer.content.decode()


def test_strangers(client: Client) -> None:
    pages = [LIST, ADD, reverse("admin:api_apiclient_renew", args=[ApiClientFactory().pk]), DOCS, OPENAPI]
    assert [client.get(page).status_code for page in pages] == [302] * 5
    client.force_login(PanelUserFactory())
    assert [client.get(page).status_code for page in pages] == [302] * 5
    client.force_login(PanelUserFactory(staff=True))
    assert [client.get(page).status_code for page in pages] == [403] * 5
    assert client.post(pages[2]).status_code == 403


def test_the_interface_is_described(administrator: Client) -> None:
    page = administrator.get(DOCS)
    assert (page.status_code, "<script>" in page.content.decode()) == (200, False)
    described = administrator.get(OPENAPI).json()
    operations = {f"{verb} {path}" for path, verbs in described["paths"].items() for verb in verbs}
    assert operations == {
        "get /api/caller/{number}",
        "get /api/kinds",
        *(f"{verb} /api/{name}" for name in ("counterparties", "persons") for verb in ("get", "post")),
        *(
            f"{verb} /api/{name}/{{pk}}"
            for name in ("counterparties", "persons")
            for verb in ("get", "patch", "delete")
        ),
    }
    assert sorted(described["components"]["securitySchemes"]) == ["Basic", "Bearer"]


def test_scopes_in_words(administrator: Client) -> None:
    ApiClientFactory(name="Склад", scopes=Scope.values)
    page = administrator.get(LIST).content.decode()
    assert "read the directory, change the directory, ask who calls" in page
