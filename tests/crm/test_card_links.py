"""Links on the card: what may be written, what becomes of it, hostile values."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from crm.card_links import EXAMPLE, Link, check_template, filled, links_for
from tests.factories import CardLinkFactory


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("https://crm.example/find/{e164}", None),
        ("http://crm.example:8080/?q={digits}&n={name}#{external_ref}", None),
        ("HTTPS://crm.example/{last10}", None),
        ("https://[::1]/x", None),
        ("https://crm.example/all", None),
        ("https://crm.example/{phone}", "placeholder"),
        ("https://crm.example/{}", "placeholder"),
        ("https://crm.example/{e164", "bracket"),
        ("https://crm.example/e164}", "bracket"),
        ("https://crm.example/{{e164}}", "bracket"),
        ("javascript:alert({e164})", "scheme"),
        ("java\nscript:alert(1)", "characters"),
        ("data:text/html,{name}", "scheme"),
        ("ftp://crm.example/{e164}", "scheme"),
        ("//crm.example/{e164}", "scheme"),
        ("/find/{e164}", "scheme"),
        ("https:/crm.example", "scheme"),
        ("", "scheme"),
        ("https://{name}/", "host"),
        ("https://crm.{name}.example/", "host"),
        ("https://crm.example:{digits}/", "address"),
        ("https:///x", "host"),
        ("https://user:word@crm.example/", "host"),
        ("https://crm.example:99999/", "address"),
        ("https://[::1/", "address"),
        ("https://crm.example/ {e164}", "characters"),
        ("https://crm.example\\@evil.example/", "characters"),
        ('https://crm.example/"onclick="', "characters"),
        ("https://crm.example/\0", "characters"),
        (" https://crm.example/", "characters"),
    ],
)
def test_what_may_be_written(template: str, code: str | None) -> None:
    found = None
    try:
        check_template(template)
    except ValidationError as error:
        found = error.code
    assert found == code


def test_the_example() -> None:
    template = "https://crm.example/{e164}/{digits}/{last10}?n={name}&r={external_ref}"
    assert filled(template, **EXAMPLE) == (
        "https://crm.example/%2B74951112233/74951112233/4951112233"
        "?n=%D0%9E%D0%9E%D0%9E%20%C2%AB%D0%A0%D0%BE%D0%BC%D0%B0%D1%88%D0%BA%D0%B0%C2%BB&r=000012345"
    )


@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_name_leads_elsewhere(name: str) -> None:
    url = filled("https://crm.example/{name}?q={name}", e164="", name=name, external_ref="")
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, unquote(parts.path), parts.fragment) == ("https", "crm.example", "/" + name, "")
    assert parse_qs(parts.query, keep_blank_values=True) == {"q": [name]}


@pytest.mark.django_db
def test_links_of_a_card(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    CardLinkFactory(name="Вторая", template="https://b.example/{external_ref}", order=2)
    CardLinkFactory(name="<b>Первая</b>", template="https://a.example/{digits}", order=1)
    CardLinkFactory(name="Без данных", template="https://c.example/", order=3)
    CardLinkFactory(name="Выключена", template="https://d.example/", enabled=False)
    CardLinkFactory(name="Записана в обход", template="javascript:alert(1)")
    always = Link("Без данных", "https://c.example/")
    with django_assert_num_queries(1):
        everything = links_for(e164="+74951112233", name="Луч", external_ref="7/1")
    first = Link("<b>Первая</b>", "https://a.example/74951112233")
    assert everything == [first, Link("Вторая", "https://b.example/7%2F1"), always]
    assert links_for(e164="", name="", external_ref="") == [always]
    assert links_for(e164="101", name="", external_ref="")[0].url == "https://a.example/101"
