"""What tests of the dialog's fragments do: log in, open it, press its buttons, read what it says."""

import json
import re
from html import unescape
from typing import Any, Final

from django.test import Client

from astpanel.accounts.models import PanelUser
from crm.models import ContactInfo, ContactPerson, Counterparty
from tests.factories import PanelUserFactory

GIVEN, NUMBER = "+74957654321", "+7 495 765-43-21"
PLACE, SEARCH, UNDO, LIST = "/panel/place/", "/panel/place/search/", "/panel/place/undo/", "/panel/placements/"
HOSTILE: Final = '"><script>alert(1)</script>&amp;\u202e'
FRAGMENT: Final = {"HX-Request": "true"}


def come_in(client: Client, **values: Any) -> PanelUser:
    user = PanelUserFactory(number="101", **values)
    client.force_login(user)
    return user


def html(response: Any) -> str:
    assert response.status_code == 200, response.content
    return str(response.content.decode())


def fields(text: str) -> dict[str, str]:
    """What a browser would post back of the form, without any button."""
    found = dict(re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', text))
    return {name: unescape(value) for name, value in found.items()}


def opened(client: Client, **query: str) -> str:
    return html(client.get(PLACE, {"number": GIVEN, **query}, headers=FRAGMENT))


def step(client: Client, before: str, **pressed: str) -> Any:
    return client.post(PLACE, {**fields(before), **pressed}, headers=FRAGMENT)


def chosen(client: Client, customer: Counterparty | ContactPerson, **query: str) -> str:
    kind = "person" if isinstance(customer, ContactPerson) else "counterparty"
    return html(step(client, opened(client, **query), choose=f"{kind}/{customer.pk}"))


def keys(text: str) -> list[str]:
    return re.findall(r'data-row="(\w+)"', text)


def rows() -> list[tuple[str, str, bool]]:
    return list(ContactInfo.objects.filter(user=None).order_by("id").values_list("kind__name", "value", "is_main"))


def told(response: Any) -> dict[str, Any]:
    assert response.status_code == 204, response.content
    return dict(json.loads(response.headers["HX-Trigger"])["place-done"])
