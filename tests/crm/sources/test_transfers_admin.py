"""«Ждёт переноса» in the admin: the list, its reasons, and what people decide."""

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import DjangoAssertNumQueries

from crm.models import PendingTransfer
from crm.sources.transfers.reasons import Reason, in_words
from crm.sources.transfers.selectors import waiting_count
from tests.factories import (
    ContactInfoFactory,
    CounterpartyFactory,
    CustomerSourceFactory,
    PanelUserFactory,
    PendingTransferFactory,
)

pytestmark = pytest.mark.django_db
LIST = "admin:crm_pendingtransfer_changelist"
HOSTILE = "<script>alert(1)</script>\u202e"
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(PanelUserFactory(admin=True))
    return client


def staff(client: Client, *rights: str) -> Client:
    user = PanelUserFactory(staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return client


def act(client: Client, action: str, *rows: PendingTransfer) -> Any:
    sent = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(reverse(LIST), sent, headers=ENGLISH, follow=True)


def transfer(**values: Any) -> PendingTransfer:
    source = values.pop("source", None) or CustomerSourceFactory(write_back=True, map_confirmed=timezone.now())
    return PendingTransferFactory(source=source, **values)


def states(*rows: PendingTransfer) -> list[tuple[str, str]]:
    return [PendingTransfer.objects.values_list("state", "problem").get(pk=row.pk) for row in rows]


@pytest.mark.parametrize("who", [None, {}, {"supervisor": True}, {"is_active": False, "admin": True}])
def test_strangers_are_sent_to_the_log_in(client: Client, who: dict[str, Any] | None) -> None:
    row = transfer()
    if who is not None:
        client.force_login(PanelUserFactory(**who))
    for response in (
        client.get(reverse(LIST)),
        client.post(reverse(LIST), {"action": "drop", "_selected_action": row.pk}),
    ):
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("admin:login"))
    assert states(row) == [("waiting", "")]


def test_who_may_only_look_decides_nothing(client: Client) -> None:
    row = transfer()
    assert staff(client).get(reverse(LIST)).status_code == 403
    looker = staff(client, "view_pendingtransfer")
    page = looker.get(reverse(LIST)).content.decode()
    assert (row.owner_name in page, "_selected_action" in page, 'value="drop"' in page) == (True, False, False)
    act(looker, "drop", row)
    act(looker, "retry", row)
    assert states(row) == [("waiting", "")]


def test_who_may_change_decides(client: Client) -> None:
    row = transfer(problem="forbidden")
    act(staff(client, "change_pendingtransfer"), "drop", row)
    assert states(row) == [("dropped", "")]


def test_what_waits_comes_first_with_its_reason(admin: Client) -> None:
    source = CustomerSourceFactory(write_back=True, map_confirmed=timezone.now())
    silent = CustomerSourceFactory()
    transfer(source=source, owner_name="Waits GmbH")
    transfer(source=source, owner_name="Kind AG", problem="no_kind")
    transfer(source=source, owner_name="Right KG", problem="forbidden", detail=f"Нарушение {HOSTILE}")
    transfer(source=silent, owner_name="Off Ltd")
    done = transfer(source=source, owner_name="Done Inc", state="done")
    page = admin.get(reverse(LIST), headers=ENGLISH).content.decode()
    for text in (
        *("Waits GmbH", "Will be written within a minute."),
        *("Kind AG", in_words(Reason.NO_KIND).split(".")[0]),
        *("Right KG", "may not write this object."),
        *("Off Ltd", "Writing into the source is switched off."),
    ):
        assert text in page
    assert "Done Inc" not in page
    everything = admin.get(reverse(LIST), {"state": "all"}, headers=ENGLISH).content.decode()
    only = admin.get(reverse(LIST), {"problem": "no_kind"}, headers=ENGLISH).content.decode()
    assert ("Done Inc" in everything, "Kind AG" in only, "Waits GmbH" in only) == (True, True, False)
    one = admin.get(reverse("admin:crm_pendingtransfer_change", args=[done.pk]), headers=ENGLISH).content.decode()
    assert "Done Inc" in one
    assert waiting_count(source) == 3


def test_hostile_names_are_only_text(admin: Client) -> None:
    customer = CounterpartyFactory(name=HOSTILE)
    number = ContactInfoFactory(counterparty=customer)
    row = transfer(owner_name=HOSTILE, value=HOSTILE, detail=HOSTILE, contact_info=number, before={"value": HOSTILE})
    for address in (reverse(LIST), reverse("admin:crm_pendingtransfer_change", args=[row.pk])):
        page = admin.get(address).content.decode()
        assert (HOSTILE in page, "&lt;script&gt;alert(1)" in page) == (False, True)
        assert reverse("admin:crm_counterparty_change", args=[customer.pk]) in page


def test_tried_again_by_hand_or_not_at_all(admin: Client, django_capture_on_commit_callbacks: Any) -> None:
    rows = [transfer(problem="no_kind", detail="x", tried=timezone.now()) for _ in range(3)]
    with django_capture_on_commit_callbacks(execute=True):
        said = act(admin, "retry", rows[0])
    assert "1 number will be written again." in said.content.decode()
    assert PendingTransfer.objects.values_list("problem", "detail", "tried").get(pk=rows[0].pk) == ("", "", None)
    assert [task.task["func"] for task in OrmQ.objects.all()] == ["crm.tasks.transfer_numbers"]
    act(admin, "done_by_hand", rows[1])
    act(admin, "drop", rows[2])
    assert states(*rows) == [("waiting", ""), ("by_hand", ""), ("dropped", "")]
    entries = LogEntry.objects.filter(content_type__model="pendingtransfer").order_by("id")
    assert [entry.changes for entry in entries] == [
        {"state": ["waiting", "by_hand"]},
        {"state": ["waiting", "dropped"]},
    ]


def test_what_is_being_written_or_done_stays_as_it_is(admin: Client) -> None:
    busy, done = transfer(problem="writing", tried=timezone.now()), transfer(state="done")
    said = admin.post(
        reverse(LIST) + "?state=all",
        {"action": "drop", "_selected_action": [busy.pk, done.pk]},
        headers=ENGLISH,
        follow=True,
    )
    assert "2 of the chosen are done already, or are being written just now." in said.content.decode()
    assert states(busy, done) == [("waiting", "writing"), ("done", "")]


def test_every_reason_has_words() -> None:
    assert [reason for reason in Reason if not in_words(reason)] == []


def test_as_many_queries_for_three_as_for_one(admin: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    source = CustomerSourceFactory(write_back=True, map_confirmed=timezone.now())
    for count in (1, 2):
        for _ in range(count):
            number = ContactInfoFactory()
            transfer(source=source, contact_info=number, problem="no_kind")
        admin.get(reverse(LIST))
        with django_assert_num_queries(5):
            admin.get(reverse(LIST))


def test_the_page_of_the_source_says_how_many_wait(client: Client) -> None:
    source = CustomerSourceFactory(configuration="ut11", url="http://server.test/base")
    for state in ("waiting", "waiting", "done", "dropped"):
        transfer(source=source, state=state)
    address = reverse("admin:crm_customersource_changelist")
    seen = staff(client, "view_customersource", "view_pendingtransfer").get(address, headers=ENGLISH).content.decode()
    hidden = staff(client, "view_customersource").get(address, headers=ENGLISH).content.decode()
    assert ("Wait for the transfer: 2" in seen, "Wait for the transfer" in hidden) == (True, False)
