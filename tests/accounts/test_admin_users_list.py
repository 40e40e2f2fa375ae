"""The list of users: what its columns say, how it is filtered and searched."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from astpanel.accounts.models import PanelUser
from astpanel.accounts.phones import Phone, Phones, phones_of
from astpanel.accounts.roles import Role, set_roles
from astpanel.accounts.selectors import with_internal_numbers
from crm.models import ContactInfo
from tests.factories import (
    DepartmentFactory,
    InternalKindFactory,
    PanelUserFactory,
    PbxFactory,
    PhoneContactFactory,
    ProfileFactory,
)
from tests.house.admin_pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PanelUserFactory(admin=True, username="root", last_name="Главный", in_use=False))
    return client


def listed(client: Client, **query: Any) -> set[str]:
    response = client.get(page(PanelUser, "changelist"), query)
    return {user.username for user in response.context["cl"].result_list} - {"root"}


def words(client: Client, username: str) -> dict[str, str]:
    """The cells of one user's row as a reader hears them."""
    text = client.get(
        page(PanelUser, "changelist"), {"q": username}, headers={"accept-language": "en"}
    ).content.decode()
    cells = re.findall(r'<t[dh] class="field-(\w+)[^"]*">(.*?)</t[dh]>', text, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for name, cell in cells}


def test_what_a_row_says(admin: Client) -> None:
    now = timezone.now()
    pbx, profile = PbxFactory(), ProfileFactory(name="Менеджер", timeout_seconds=20)
    user = PanelUserFactory(
        username="petrov",
        number="101",
        pbx=pbx,
        department=DepartmentFactory(name="Продажи"),
        assigned_profile=profile,
        last_name="Петров",
        first_name="Пётр",
        patronymic="",
        last_login=now - timedelta(hours=3, minutes=5),
        supervisor=True,
    )
    PhoneContactFactory(
        pbx=pbx, number="101", uri="sip:a", user_agent="Yealink T46U", seen=now - timedelta(minutes=2, seconds=1)
    )
    PhoneContactFactory(pbx=pbx, number="101", uri="sip:b", user_agent="", seen=now)
    PhoneContactFactory(pbx=pbx, number="101", user_agent="gone", registered=False)
    PhoneContactFactory(number="101", user_agent="another PBX's 101")
    assert words(admin, "petrov") == {
        "full_name": "Петров Пётр petrov",
        "numbers": "101",
        "department": "Продажи",
        "seat": "takes a seat",
        "phone": "registered Yealink T46U 2 minutes ago model unknown",
        "profile": "Менеджер differs",
        "rights": "supervisor",
        "login": "3 hours ago",
    }
    user.timeout_seconds, user.in_use, user.is_active = 20, False, False
    user.save()
    row = words(admin, "petrov")
    assert (row["profile"], row["seat"], row["full_name"]) == (
        "Менеджер as in the profile",
        "takes none",
        "Петров Пётр petrov account switched off",
    )


def test_rights_in_words(admin: Client) -> None:
    made = {"operator": [], "both": [Role.SUPERVISOR, Role.ADMINISTRATOR], "boss": []}
    for name, roles in made.items():
        set_roles(user=PanelUserFactory(username=name, admin=name == "boss"), roles=roles)
    assert {name: words(admin, name)["rights"] for name in made} == {
        "operator": "operator",
        "both": "administrator supervisor",
        "boss": "all rights",
    }


def test_phones() -> None:
    one, two, silent = PbxFactory.create_batch(3)
    now = timezone.now()
    here, everywhere, off, unknown = (
        PanelUserFactory(number="101", pbx=one),
        PanelUserFactory(number="102"),
        PanelUserFactory(number="103", pbx=two),
        PanelUserFactory(number="104", pbx=silent),
    )
    here.contact_info.create(kind=InternalKindFactory(), value="201")
    for pbx, number in ((one, "101"), (two, "101"), (one, "201"), (two, "102")):
        PhoneContactFactory(pbx=pbx, number=number, user_agent=f"{number} on {pbx.pk}", seen=now, status="Reachable")
    PhoneContactFactory(pbx=two, number="103", registered=False, seen=now - timedelta(hours=1))
    users = with_internal_numbers(PanelUser.objects.all())
    found = phones_of(users)
    assert [[phone.user_agent for phone in found[user.pk].registered] for user in (here, everywhere, off, unknown)] == [
        [f"101 on {one.pk}", f"201 on {one.pk}"],
        [f"102 on {two.pk}"],
        [],
        [],
    ]
    assert (found[off.pk], found[unknown.pk]) == (Phones((), now), Phones())
    assert found[everywhere.pk].registered == (Phone("102", f"102 on {two.pk}", "Reachable", now),)


def test_filters(admin: Client) -> None:
    pbx, sales, profile = PbxFactory(), DepartmentFactory(), ProfileFactory(timeout_seconds=20)
    PanelUserFactory(username="plain", in_use=False)
    PanelUserFactory(username="same", assigned_profile=profile, timeout_seconds=20, department=sales)
    PanelUserFactory(username="other", assigned_profile=profile, number="101", pbx=pbx)
    PanelUserFactory(username="boss", is_active=False, supervisor=True)
    PhoneContactFactory(pbx=pbx, number="101")
    set_roles(user=PanelUserFactory(username="chief"), roles=[Role.ADMINISTRATOR, Role.SUPERVISOR])
    everybody = {"plain", "same", "other", "boss", "chief"}
    expected = {
        ("drift", "yes"): {"other"},
        ("drift", "no"): {"same"},
        ("drift", "none"): {"plain", "boss", "chief"},
        ("drift", "<x>"): everybody,
        ("phone", "yes"): {"other"},
        ("phone", "no"): everybody - {"other"},
        ("phone", "' OR 1=1"): everybody,
        ("rights", "operator"): {"plain", "same", "other"},
        ("rights", "supervisor"): {"boss"},
        ("rights", "administrator"): {"chief"},
        ("in_use__exact", "0"): {"plain"},
        ("is_active__exact", "0"): {"boss"},
        ("department__id__exact", str(sales.pk)): {"same"},
        ("pbx__id__exact", str(pbx.pk)): {"other"},
        ("assigned_profile__id__exact", str(profile.pk)): {"same", "other"},
    }
    assert {(name, value): listed(admin, **{name: value}) for name, value in expected} == expected


def test_search(admin: Client) -> None:
    one = PanelUserFactory(
        username="o.ivanov",
        last_name="Иванов",
        first_name="Олег",
        patronymic="",
        number="1234",
        mobile="8 916 111-22-33",
    )
    PanelUserFactory(
        username="petrova7", last_name="Петрова", first_name="Анна", patronymic="Олеговна", number="200",
        mobile="+7 (495) 777-88-99",
    )  # fmt: skip
    ContactInfo.objects.create(user=one, kind=InternalKindFactory(), value="77")
    expected = {
        "иван": {"o.ivanov"},
        "олег": {"o.ivanov", "petrova7"},
        "олег иванов": {"o.ivanov"},
        "ivanov": {"o.ivanov"},
        "23": {"o.ivanov"},  # any part of 1234; and of the mobile
        "8 916 111": {"o.ivanov"},
        "+7 916 1112233": {"o.ivanov"},
        "(916) 111-22-33": {"o.ivanov"},
        "89161112233": {"o.ivanov"},
        "77": {"o.ivanov", "petrova7"},
        "иванов 1234": {"o.ivanov"},
        "иванов 200": set(),
        "7": {"o.ivanov", "petrova7"},
        "%": set(),
        "'": set(),
        '"': set(),
    }
    assert {term: listed(admin, q=term) for term in expected} == expected


def test_autocomplete_finds_by_number_too(admin: Client) -> None:
    user = PanelUserFactory(number="777", last_name="Кузнецов", first_name="", patronymic="")
    query = {"app_label": "crm", "model_name": "counterparty", "field_name": "manager", "term": "777"}
    answer = admin.get("/admin/autocomplete/", query).json()
    assert answer["results"] == [{"id": str(user.pk), "text": "Кузнецов"}]


def test_hostile_names_agents_and_numbers_are_texts(admin: Client) -> None:
    hostile = "<script>alert(1)</script>\u202e"
    pbx = PbxFactory()
    user = PanelUserFactory(last_name=hostile, number="101", pbx=pbx, assigned_profile=ProfileFactory(name=hostile))
    PhoneContactFactory(pbx=pbx, number="101", user_agent=hostile + "x" * 150, seen=timezone.now())
    for address in (page(PanelUser, "changelist"), page(PanelUser, "change", user.pk)):
        text = admin.get(address).content.decode()
        assert ("<script>alert" in text, "&lt;script&gt;alert(1)" in text) == (False, True)
