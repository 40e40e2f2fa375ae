"""The pages of merging: action, preview, confirmation, possible duplicates, strangers."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.merging.duplicates import GROUPS
from crm.models import ContactPerson, Counterparty, MergeRecord
from tests.crm.admin.pages import HOSTILE, address, administrator, staff
from tests.factories import (
    ContactInfoFactory,
    ContactInfoKindFactory,
    ContactPersonFactory,
    CounterpartyFactory,
    CustomerSourceFactory,
    MergeRecordFactory,
    PanelUserFactory,
)

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
DUPLICATES = "/admin/duplicates/"


def preview(kind: str = "counterparty") -> str:
    return reverse("admin:customers_merge", args=[kind])


def pair(**second: Any) -> tuple[Counterparty, Counterparty]:
    kind = ContactInfoKindFactory()
    kept, double = (
        CounterpartyFactory(name="Луч", note="Утром."),
        CounterpartyFactory(**{"name": "ООО «Луч»", **second}),
    )
    ContactInfoFactory(counterparty=kept, kind=kind, value="8 495 111-22-33", is_main=True)
    ContactInfoFactory(counterparty=double, kind=kind, value="8 916 000-11-22", is_main=True)
    return kept, double


def seen(page: Any) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]*)"', page.content.decode())
    assert found is not None
    return found[1]


def test_from_the_list_to_the_merged_customer(client: Client) -> None:
    by = administrator(client)
    kept, double = pair(manager=PanelUserFactory())
    chosen = {"action": "merge_chosen", "_selected_action": [kept.pk, double.pk]}
    page = client.post(address(Counterparty, "changelist"), chosen)
    assert page.headers["Location"] == f"{preview()}?ids={kept.pk}%2C{double.pk}"
    page = client.get(page.headers["Location"], headers=ENGLISH)
    assert MergeRecord.objects.count() == 0
    sent = {
        "ids": f"{kept.pk},{double.pk}",
        "survivor": kept.pk,
        "name": double.pk,
        "manager": double.pk,
        "note": "Новая",
    }
    sent |= {"main-phone": double.contact_info.get().pk}
    page = client.post(preview(), {**sent, "action": "merge", "seen": seen(page)}, headers=ENGLISH)
    assert "Nothing has been merged" in page.content.decode()  # another choice than the one that was shown
    page = client.post(preview(), {**sent, "action": "merge", "seen": seen(page)}, headers=ENGLISH)
    assert page.headers["Location"] == address(Counterparty, "change", kept.pk)
    kept.refresh_from_db()
    assert (kept.name, kept.manager_id, kept.note) == ("ООО «Луч»", double.manager_id, "Новая")
    rows = kept.contact_info.order_by("pk").values_list("value", "is_main")
    assert list(rows) == [("8 495 111-22-33", False), ("8 916 000-11-22", True)]
    record = MergeRecord.objects.get()
    assert (record.by, record.survivor, record.survivor_name) == (by, kept, "ООО «Луч»")


def test_the_preview_says_what_will_happen(client: Client) -> None:
    administrator(client)
    kept, double = pair()
    kind = ContactInfoKindFactory()
    ContactInfoFactory(counterparty=double, kind=kind, value="+7 (495) 111-22-33")
    for row in (kept, double):
        ContactPersonFactory(counterparty=row, name="Орлов Иван")
    page = client.get(preview(), {"ids": [kept.pk, double.pk]}, headers=ENGLISH).content.decode()
    told = [" ".join(re.sub(r"<[^>]*>", " ", item).split()) for item in re.findall(r"<li[^>]*>(.*?)</li>", page, re.S)]
    assert [text for text in told if text.endswith((".", "Орлов Иван", "main one", "33"))][-6:] == [
        "Луч stays.",
        "1 row of contact information moves.",
        "1 contact person moves.",
        "The same value twice: one of the two rows goes. +7 495 111-22-33",
        "Two main values of one type: one stays the main one. +7 495 111-22-33 stays the main one",
        "Contact persons of the same name: all stay, and can be merged afterwards. Орлов Иван Орлов Иван",
    ]


def test_refusals_are_said_and_nothing_can_be_pressed(client: Client) -> None:
    administrator(client)
    source = CustomerSourceFactory()
    rows = [CounterpartyFactory(source=source, external_ref=str(number)) for number in range(2)]
    own = CounterpartyFactory()
    page = client.get(preview(), {"ids": f"{rows[0].pk},{rows[1].pk}"}, headers=ENGLISH).content.decode()
    assert ("More than one of them is kept by the source" in page, 'value="merge"' in page) == (True, False)
    sent = {"ids": f"{rows[0].pk},{own.pk}", "survivor": own.pk, "action": "merge", "seen": ""}
    assert "that one has to stay" in client.post(preview(), sent, headers=ENGLISH).content.decode()
    assert MergeRecord.objects.count() == 0


@pytest.mark.parametrize("ids", ["", "1", "0,999999", "x,y", "9" * 40, "1,1,1", "1\u0661"])
def test_nothing_to_merge_leads_back(client: Client, ids: str) -> None:
    administrator(client)
    CounterpartyFactory()
    page = client.get(preview(), {"ids": ids})
    assert (page.status_code, page.headers["Location"]) == (302, address(Counterparty, "changelist"))


def test_the_action_asks_for_two_to_twenty(client: Client) -> None:
    administrator(client)
    rows = [CounterpartyFactory(name=f"К {number}") for number in range(21)]
    for chosen in (rows[:1], rows):
        sent = {"action": "merge_chosen", "_selected_action": [row.pk for row in chosen]}
        page = client.post(address(Counterparty, "changelist"), sent, headers=ENGLISH, follow=True)
        assert "Choose at least 2 and at most 20 of them to merge." in page.content.decode()
    assert client.get(preview(), {"ids": [row.pk for row in rows]}).status_code == 302


def test_who_was_merged_away_stands_for_who_was_kept(client: Client) -> None:
    administrator(client)
    kept, other = CounterpartyFactory(name="Остался"), CounterpartyFactory(name="Другой")
    gone = CounterpartyFactory(name="Слитый", archived=True, merged_into=kept)
    page = client.get(preview(), {"ids": [gone.pk, other.pk]})
    assert [shown.side.name for shown in page.context["preview"].sides] == ["Остался", "Другой"]
    assert client.get(preview(), {"ids": [gone.pk, kept.pk]}).status_code == 302


def test_persons(client: Client) -> None:
    administrator(client)
    company = CounterpartyFactory()
    first, second = (ContactPersonFactory(counterparty=company, name=name) for name in ("Орлов", "Орлов Иван"))
    elsewhere = ContactPersonFactory()
    refused = client.get(preview("person"), {"ids": [first.pk, elsewhere.pk]}, headers=ENGLISH).content.decode()
    assert "They speak for different counterparties" in refused
    page = client.get(preview("person"), {"ids": [first.pk, second.pk]})
    sent = {"ids": f"{first.pk},{second.pk}", "survivor": first.pk, "action": "merge", "seen": seen(page)}
    answer = client.post(preview("person"), sent)
    assert answer.headers["Location"] == address(ContactPerson, "change", first.pk)
    assert ContactPerson.objects.get(pk=second.pk).merged_into_id == first.pk


def test_strangers(client: Client) -> None:
    kept, double = pair()
    pages = [f"{preview()}?ids={kept.pk},{double.pk}", DUPLICATES, reverse("admin:card_link_example")]
    assert [client.get(page).status_code for page in pages] == [302] * 3
    client.force_login(PanelUserFactory())
    assert [client.get(page).status_code for page in pages] == [302] * 3
    staff(client, "view_counterparty", "delete_counterparty", "change_contactperson")
    assert [client.get(page).status_code for page in pages] == [403] * 3
    assert client.post(preview(), {"ids": f"{kept.pk},{double.pk}", "action": "merge"}).status_code == 403
    assert client.get(preview("person"), {"ids": "1,2"}).status_code == 302
    assert client.get("/admin/merge/user/").status_code == 404
    administrator(client)
    assert client.post(DUPLICATES).status_code == 405


@pytest.mark.parametrize("count", [2, 4])
def test_queries_of_the_preview(client: Client, count: int) -> None:
    administrator(client)
    rows = [CounterpartyFactory(name=f"К {n}", phone=f"8 495 111-22-3{n}") for n in range(count)]
    for row in rows:
        ContactPersonFactory(counterparty=row, name=f"П {row.pk}")
    with CaptureQueriesContext(connection) as captured:
        client.get(preview(), {"ids": [row.pk for row in rows]})
    assert len(captured) == 9, "\n".join(query["sql"] for query in captured.captured_queries)


def groups(page: Any) -> list[tuple[str, list[str], int]]:
    return [(group.title, [row.name for row in group.rows], group.count) for group in page.context["groups"]]


def test_possible_duplicates(client: Client) -> None:
    administrator(client)
    for name, phone in (("ООО «Ёлка»", "8 495 111-22-33"), ("Елка ооо", "+7 (495) 111-22-33"), ("ООО ЕЛКА", "2223344")):
        CounterpartyFactory(name=name, phone=phone)
    CounterpartyFactory(name="Архив", phone="8 495 111-22-33", archived=True)
    for name in ("Линия 1", "Линия 2"):
        CounterpartyFactory(name=name, phone="8 495 777-00-00 доб. 5")
    number = ("+7 495 111-22-33", ["ООО «Ёлка»", "Елка ооо"], 2)
    assert groups(client.get(DUPLICATES)) == [number]
    assert groups(client.get(DUPLICATES, {"by": "name"})) == [("ООО «Ёлка»", ["ООО «Ёлка»", "ООО ЕЛКА"], 2)]
    assert groups(client.get(DUPLICATES, {"by": "?", "after": "\0" + "x" * 400})) == []


def test_pages_of_duplicates(client: Client) -> None:
    administrator(client)
    for number in range(GROUPS + 3):
        for _ in range(2):
            CounterpartyFactory(name=f"Имя {number:02d}", phone=f"8 495 111-22-{number:02d}")
    for by in ("number", "name"):
        first = client.get(DUPLICATES, {"by": by})
        second = client.get(DUPLICATES + first.context["next"])
        assert (len(groups(first)), len(groups(second)), second.context["next"]) == (GROUPS, 3, "")
        assert not {title for title, _names, _count in groups(first)} & {title for title, *_ in groups(second)}


@pytest.mark.parametrize("by", ["number", "name"])
@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_duplicates(client: Client, count: int, by: str) -> None:
    administrator(client)
    for number in range(count):
        for _ in range(2):
            CounterpartyFactory(name=f"Имя {number}", phone=f"8 495 111-22-0{number}", manager=PanelUserFactory())
    with CaptureQueriesContext(connection) as captured:
        client.get(DUPLICATES, {"by": by})
    assert len(captured) == (6 if by == "number" else 7), "\n".join(query["sql"] for query in captured.captured_queries)


def test_hostile_names_in_all_of_it(client: Client) -> None:
    administrator(client)
    kept, double = pair(name=HOSTILE, note=HOSTILE)
    kept.name = HOSTILE
    kept.save()
    side = {"id": 1, "name": HOSTILE, "note": HOSTILE}
    value = {"type": "phone", "value": HOSTILE, "main": True, "from": 1}
    moved = {"before": [side, side], "moved": [value], "dropped": [value], "persons": [{"name": HOSTILE, "from": 1}]}
    record = MergeRecordFactory(survivor_name=HOSTILE, moved=moved)
    pages = [f"{preview()}?ids={kept.pk},{double.pk}", f"{DUPLICATES}?by=name", address(MergeRecord, "changelist")]
    for page in [*pages, address(MergeRecord, "change", record.pk)]:
        text = client.get(page).content.decode()
        assert ("<script>alert" in text, "&lt;script&gt;alert" in text) == (False, True)
