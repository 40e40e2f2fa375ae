"""Field map and loading in the admin: proposed with examples, changed, confirmed; switches, report, refused rows."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from astpanel.jobs.models import Job
from astpanel.jobs.tasks import run as run_job
from crm.models import ContactInfoKind, Counterparty, CustomerSource, RefusedRow, SourceImport, SourceUser
from crm.sources.field_map import KindRule, from_json
from crm.sources.knowledge import from_result
from crm.sources.problems import words_of
from tests.crm.sources.families import MOBILE_KIND, PARTNERS, PHONE_KIND, base
from tests.crm.sources.importing import directory, read, source_of
from tests.crm.sources.onec import OneCServer, serve
from tests.crm.sources.onec_base import ref
from tests.factories import ContactInfoKindFactory, PanelUserFactory

pytestmark = pytest.mark.django_db
MAP, LOADING = "/admin/crm/customersource/map/", "/admin/crm/customersource/loading/"
ENGLISH = {"accept-language": "en"}
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def onec() -> Iterator[OneCServer]:
    with serve(base("ut11", 24)) as server:
        source_of(server, field_map={}, map_confirmed=None, enabled=False)
        yield server


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PanelUserFactory(admin=True, username="root", first_name="Глав", last_name="Админов"))
    return client


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def looked(admin: Client, **sent: str) -> str:
    """The page after a look."""
    assert admin.post(MAP, {"action": "look", **sent}).status_code == 302
    job = Job.objects.latest("pk")
    assert run_job(job.pk) == "done"
    return text_of(admin.get(MAP, headers=ENGLISH))


def form_of(text: str) -> dict[str, str]:
    """What a browser would send of the page's selects."""
    found = {}
    for name, inside in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', text):
        chosen = re.search(r'<option value="([^"]*)" selected>', inside)
        found[name] = chosen[1] if chosen else ""
    return found


def source() -> CustomerSource:
    return CustomerSource.objects.get()


def test_from_the_first_look_to_the_first_customers(admin: Client, onec: OneCServer) -> None:
    first = text_of(admin.get(MAP, headers=ENGLISH))
    assert ("Look at the base" in first, "Confirm</button>" in first) == (True, False)
    shown = looked(admin)
    wanted = [
        *("ОсновнойМенеджер_Key", "Иванов Иван Иванович", "+7 (495) 200-00-00", "менеджер по закупкам"),
        *("Мобильный телефон", "c0@shop.test", "ООО «Ромашка» 0"),
    ]
    assert [part for part in wanted if part not in shown] == []
    refused = text_of(admin.post(LOADING, {"action": "full"}, follow=True, headers=ENGLISH))
    assert ("Confirm the field map first." in refused, SourceImport.objects.count()) == (True, 0)
    assert admin.post(MAP, {**form_of(shown), "action": "confirm"}).headers["Location"] == LOADING
    assert (source().map_confirmed is not None, from_json(source().field_map).contacts.storage) == (True, "tabular")
    assert admin.post(LOADING, {"action": "full"}).status_code == 302
    assert "data-job" in text_of(admin.get(LOADING))
    run_job(Job.objects.latest("pk").pk)
    report = text_of(admin.get(LOADING, headers=ENGLISH))
    assert ("Everything: done" in report, "<td>23</td>" in report, "4 users of 1C are not matched" in report) == (
        True,
    ) * 3
    assert Counterparty.objects.count() == 23
    assert "differs" not in text_of(admin.get(MAP, headers=ENGLISH))


def test_a_map_that_is_changed_by_hand(admin: Client, onec: OneCServer) -> None:
    kind = ContactInfoKindFactory(owner=ContactInfoKind.Owner.COUNTERPARTY, name="Приёмная")
    sent = form_of(looked(admin))
    sent |= {"customers.0.manager": "", "persons.0.entity": "", f"kind.{PHONE_KIND}.counterparty": str(kind.pk)}
    assert admin.post(MAP, {**sent, "action": "confirm"}).status_code == 302
    kept = from_json(source().field_map)
    assert (kept.keeps_managers, kept.persons, kept.kinds) == (
        False,
        (),
        (KindRule(PHONE_KIND, "counterparty", kind.pk),),
    )
    boss = PanelUserFactory()
    read()
    one = Counterparty.objects.get(external_ref=ref(PARTNERS, 1))
    Counterparty.objects.update(manager=boss)
    read()
    one.refresh_from_db()
    assert (one.manager, set(one.contact_info.values_list("kind__name", flat=True))) == (boss, {"Приёмная", "E-mail"})
    again = text_of(admin.get(MAP, headers=ENGLISH))
    assert form_of(again)[f"kind.{PHONE_KIND}.counterparty"] == str(kind.pk)
    assert form_of(again)[f"kind.{MOBILE_KIND}.counterparty"] == ""


def test_another_catalogue_is_looked_at_before_it_counts(admin: Client, onec: OneCServer) -> None:
    sent = form_of(looked(admin))
    sent |= {"customers.0.entity": "Catalog_Контрагенты", "legal.0.entity": "", "persons.0.entity": ""}
    answer = admin.post(MAP, {**sent, "action": "confirm"}, follow=True, headers=ENGLISH)
    assert "look at the examples before you confirm" in text_of(answer)
    assert source().map_confirmed is None
    run_job(Job.objects.latest("pk").pk)
    shown = text_of(admin.get(MAP, headers=ENGLISH))
    assert form_of(shown)["customers.0.entity"] == "Catalog_Контрагенты"
    assert admin.post(MAP, {**form_of(shown), "action": "confirm"}).status_code == 302
    assert [part.entity for part in from_json(source().field_map).customers] == ["Catalog_Контрагенты"]


@pytest.mark.parametrize(
    "sent",
    [
        {"customers.0.name": "Нет такого"},
        {"customers.0.name": "Несуществующее"},
        {"customers.0.manager": "requisite:' or 1 eq 1"},
        {"persons.0.owner": ""},
        {"contacts.storage": "elsewhere"},
        {"contacts.phones": "x"},
        {f"kind.{PHONE_KIND}.user": "1"},
        {"kind.x.person": "1"},
        {"customers.0.entity": "", "legal.0.entity": ""},
    ],
)
def test_what_is_no_map_is_not_confirmed(admin: Client, onec: OneCServer, sent: dict[str, str]) -> None:
    form = form_of(looked(admin))
    assert admin.post(MAP, {**form, **sent, "action": "confirm"}).status_code == 200
    assert source().map_confirmed is None


def test_a_base_that_cannot_be_looked_at_says_why(admin: Client, onec: OneCServer) -> None:
    onec.fault("401", times=9)
    admin.post(MAP, {"action": "propose"})
    assert run_job(Job.objects.get().pk) == "failed"
    assert Job.objects.get().message == words_of("denied")
    assert "data-job" in text_of(admin.get(MAP))
    onec.faults.clear()
    onec.base.may_read = {PARTNERS}
    shown = looked(admin)
    assert "The 1C user has no right" in shown


def test_a_map_of_the_base_before_is_not_shown_for_another(admin: Client, onec: OneCServer) -> None:
    looked(admin)
    CustomerSource.objects.update(url="http://192.0.2.7/other")
    assert "Look at the base" in text_of(admin.get(MAP, headers=ENGLISH))


def test_hostile_names_are_only_text(admin: Client, onec: OneCServer) -> None:
    for number in range(1, 24):
        onec.base.change(PARTNERS, ref(PARTNERS, number), Description=HOSTILE)
    shown = looked(admin)
    admin.post(MAP, {**form_of(shown), "action": "confirm"})
    read()
    pages = [MAP, LOADING, *(reverse(f"admin:crm_{name}_changelist") for name in ("refusedrow", "sourceuser"))]
    texts = [text_of(admin.get(page)) for page in pages]
    assert [("<script>alert" in text) for text in texts] == [False] * 4
    assert from_result({"field_map": 1}) is None


def test_switches(admin: Client, onec: OneCServer) -> None:
    admin.post(LOADING, {"action": "switches", "enabled": "on"})
    assert source().enabled is False  # no map
    form = form_of(looked(admin))
    admin.post(MAP, {**form, "action": "confirm"})
    admin.post(LOADING, {"action": "switches", "enabled": "on", "write_back": "on"})
    assert (source().enabled, source().write_back) == (True, True)
    admin.post(LOADING, {"action": "switches"})
    assert (source().enabled, source().write_back) == (False, False)


def test_what_was_refused_as_a_list_and_as_a_file(admin: Client, onec: OneCServer) -> None:
    form = form_of(looked(admin))
    admin.post(MAP, {**form, "action": "confirm"})
    run = read()
    page = reverse("admin:crm_refusedrow_changelist")
    shown = text_of(admin.get(page, {"run__id__exact": str(run.pk), "reason": "too_long"}, headers=ENGLISH))
    assert ("12345678901234567890" in shown, "звонить после 10" in shown) == (True, False)
    file = admin.get(reverse("admin:crm_refused_file", args=[run.pk]), headers=ENGLISH)
    lines = file.content.decode("utf-8-sig").splitlines()
    assert (len(lines), lines[0]) == (1 + RefusedRow.objects.count(), "object;external reference;name;value;why")
    assert any(';"\'=HYPERLINK(""http://evil.test"")";' in line for line in lines)


def test_users_by_hand(admin: Client, onec: OneCServer) -> None:
    form = form_of(looked(admin))
    admin.post(MAP, {**form, "action": "confirm"})
    read()
    user, who = SourceUser.objects.get(name__startswith="Сидоров"), PanelUserFactory()
    address = reverse("admin:crm_sourceuser_change", args=[user.pk])
    assert admin.post(address, {"user": who.pk}).status_code == 302
    user.refresh_from_db()
    assert (user.user, user.by_hand) == (who, True)
    assert (
        Counterparty.objects.filter(manager=who).count() == Counterparty.objects.filter(manager__isnull=False).count()
    )
    before = directory()
    read()
    assert directory() == before


def test_more_going_than_is_believed_asks(admin: Client) -> None:
    with serve(base("ut11", 80)) as onec:
        source_of(onec)
        read()
        for name in list(onec.base.tables):
            if name.startswith("Catalog_Партнеры"):
                onec.base.tables[name].size = 0
        read()
        shown = text_of(admin.get(LOADING, headers=ENGLISH))
        assert ("nothing was archived" in shown, Counterparty.objects.filter(archived=True).count()) == (True, 0)
        admin.post(LOADING, {"action": "confirm"})
        run_job(Job.objects.latest("pk").pk)
        assert Counterparty.objects.filter(archived=False).count() == 0
        assert "nothing was archived" not in text_of(admin.get(LOADING, headers=ENGLISH))


@pytest.mark.parametrize("who", [None, {}, {"supervisor": True}])
def test_strangers_are_sent_to_the_log_in(client: Client, onec: OneCServer, who: dict[str, Any] | None) -> None:
    if who is not None:
        client.force_login(PanelUserFactory(**who))
    for page in (MAP, LOADING, "/admin/crm/refusedrow/1.csv"):
        for answer in (client.get(page), client.post(page, {"action": "full"})):
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("admin:login"))
    assert (SourceImport.objects.count(), Job.objects.count()) == (0, 0)


def test_staff_see_what_their_rights_allow(client: Client, onec: OneCServer) -> None:
    user = PanelUserFactory(staff=True)
    client.force_login(user)
    pages = (MAP, LOADING)
    assert [client.get(page).status_code for page in (*pages, "/admin/crm/refusedrow/1.csv")] == [403, 403, 403]
    user.user_permissions.set(Permission.objects.filter(codename="view_customersource"))
    assert [client.get(page).status_code for page in pages] == [200, 200]
    assert [client.post(page, {"action": "full"}).status_code for page in pages] == [403, 403]
    assert 'name="action"' not in text_of(client.get(LOADING)).split('id="content-main"')[1]


def test_nothing_to_show_without_an_address(admin: Client) -> None:
    for page in (MAP, LOADING):
        assert admin.get(page).headers["Location"] == "/admin/crm/customersource/"
