"""Links on the card in the admin: checked, with an example."""

import pytest
from django.test import Client
from django.urls import reverse

from crm.models import CardLink
from tests.crm.admin.pages import address, administrator, staff
from tests.factories import CardLinkFactory

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}


def sent(template: str) -> dict[str, str]:
    return {"name": "CRM", "template": template, "enabled": "on", "order": "0"}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("javascript:alert(1)", "The address begins with https:// or http://."),
        (
            "https://crm.example/{phone}",
            "There is no {phone}. Known: {e164}, {digits}, {last10}, {name}, {external_ref}.",
        ),
        ("https://{name}/", "After https:// stands the name of the server"),
    ],
)
def test_a_bad_address_is_refused_in_words(client: Client, template: str, text: str) -> None:
    administrator(client)
    page = client.post(address(CardLink, "add"), sent(template), headers=ENGLISH)
    assert text in page.content.decode()
    assert CardLink.objects.count() == 0
    example = client.get(reverse("admin:card_link_example"), {"template": template}, headers=ENGLISH).json()
    assert example["text"].startswith(text)


def test_a_good_one_is_kept_and_has_an_example(client: Client) -> None:
    administrator(client)
    template = "https://crm.example/?q={digits}"
    assert client.post(address(CardLink, "add"), sent(template)).status_code == 302
    row = CardLink.objects.get()
    page = client.get(address(CardLink, "change", row.pk)).content.decode()
    assert "<bdi>https://crm.example/?q=74951112233</bdi>" in page
    example = client.get(reverse("admin:card_link_example"), {"template": template}).json()
    assert example == {"text": "https://crm.example/?q=74951112233"}


def test_a_link_written_past_the_form_is_only_text(client: Client) -> None:
    administrator(client)
    row = CardLinkFactory(template="javascript:alert('<b>')")
    for page in (address(CardLink, "changelist"), address(CardLink, "change", row.pk)):
        text = client.get(page).content.decode()
        assert ('href="javascript' in text, "'<b>'" in text) == (False, False)


def test_the_example_is_for_those_who_see_links(client: Client) -> None:
    for right, status in (("view_cardlink", 200), ("change_counterparty", 403)):
        staff(client, right)
        assert client.get(reverse("admin:card_link_example"), {"template": "x"}).status_code == status
