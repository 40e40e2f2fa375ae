"""The demo office in the database."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from astpanel.accounts.models import PanelUser
from astpanel.accounts.selectors import internal_numbers
from crm.models import ContactInfo, ContactPerson, Counterparty
from crm.selectors import owners_of
from telephony.demo.accounts import DEMO_ACCOUNTS, shown_accounts
from telephony.demo.office import DemoLink, furnish, lock_up
from telephony.demo.people import CLIENTS, EMPLOYEES
from telephony.models import Pbx

pytestmark = pytest.mark.django_db
LINK = DemoLink("127.0.0.1", 5138, "demo", "s3cret")


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """In a demo. Twenty passwords, hashed the slow way, are seconds each time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DEMO = True


def _counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (PanelUser, Counterparty, ContactPerson, ContactInfo, Pbx))


def test_everybody_has_a_number_and_the_accounts_their_rights() -> None:
    pbx = furnish(link=LINK)
    users = {user.username: user for user in PanelUser.objects.all()}
    assert {internal_numbers(user)[0] for user in users.values()} == {who.number for who in EMPLOYEES}
    assert {user.pbx for user in users.values()} == {pbx}
    rights = {name: (users[name].is_superuser, users[name].has_perm("accounts.supervise")) for name in
              ("operator", "supervisor", "admin")}  # fmt: skip
    assert rights == {"operator": (False, False), "supervisor": (False, True), "admin": (True, True)}
    with_password = {name for name, user in users.items() if user.has_usable_password()}
    assert with_password == {account.username for account in DEMO_ACCOUNTS}


def test_clients_are_found_by_number_and_the_unknown_are_not() -> None:
    furnish(link=LINK)
    known = {client.number for client in CLIENTS if client.company}
    stored = set(ContactInfo.objects.filter(user=None).values_list("e164", flat=True))
    assert stored == known


def test_newcomers_see_every_kind_of_caller() -> None:
    furnish(link=LINK)
    owners = {number: owners_of(number) for number in ("+78120010014", "+79990020015", "+79990020011", "+74990010001")}
    line, shared, unknown, known = owners.values()
    assert [(match.reason, match.contact.name) for match in line][:1] == [("line", "АО «Речной порт»")]
    assert {match.contact.name for match in line} == {"АО «Речной порт»", "Кленова Раиса", "Лаптев Игорь"}
    assert sorted(match.contact.company for match in shared) == ["ИП Вишняков", "ООО «Сибирский кедр»"]
    assert (unknown, len(known)) == ((), 1)
    company = Counterparty.objects.get(name="ООО «Северный ветер»")
    assert (company.manager is not None, company.note.startswith("Отгрузка")) == (True, True)


def test_what_users_have_changed_stays() -> None:
    furnish(link=LINK)
    company = Counterparty.objects.get(name="ИП Вишняков")
    company.name, company.note = "ИП Вишняков Е. А.", ""
    company.save()
    ContactInfo.objects.filter(e164="+78120010004").delete()
    before = _counts()
    furnish(link=LINK)
    company.refresh_from_db()
    assert (_counts(), company.name, company.note) == (before, "ИП Вишняков Е. А.", "")


def test_made_again_it_is_the_same_office_and_a_new_link_is_taken_over() -> None:
    furnish(link=LINK)
    before = _counts()
    pbx = furnish(link=DemoLink("127.0.0.1", 6000, "demo", "new"))
    assert _counts() == before
    assert (pbx.port, pbx.secret, pbx.enabled) == (6000, "new", True)


def test_locked_up_nobody_gets_in_with_a_published_password() -> None:
    furnish(link=LINK)
    kept = PanelUser.objects.get(username="operator")
    kept.set_password("a secret of my own")
    kept.save()
    assert lock_up()
    open_doors = {user.username for user in PanelUser.objects.all() if user.has_usable_password()}
    assert open_doors == {"operator"}
    assert not Pbx.objects.get().enabled
    assert not lock_up()


def test_the_command_refuses_outside_of_a_demo(settings: Settings) -> None:
    settings.DEMO = False
    assert shown_accounts() == ()
    with pytest.raises(CommandError, match="ASTPANEL_DEMO"):
        call_command("demo_office")
    assert PanelUser.objects.count() == 0
