"""«Не дубликаты»: groups that are dismissed, what brings them back, merges of members, strangers, queries."""

import re
from html import unescape
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.merging.duplicates import GROUPS
from crm.merging.telling_apart import PAGE
from crm.models import Counterparty, NotDuplicates
from tests.crm.admin.pages import HOSTILE, administrator, staff
from tests.crm.merging.test_services import merged
from tests.factories import CounterpartyFactory, NotDuplicatesFactory, PanelUserFactory

pytestmark = pytest.mark.django_db
DUPLICATES = "/admin/duplicates/"
DISMISSED = f"{DUPLICATES}dismissed/"
DISMISS = f"{DUPLICATES}dismiss/"
ENGLISH = {"accept-language": "en"}
PHONE = "8 495 111-22-33"


def shown(client: Client, by: str = "number") -> list[tuple[str, list[str]]]:
    page = client.get(DUPLICATES, {"by": by})
    return [(group.title, [row.name for row in group.rows]) for group in page.context["groups"]]


def form(client: Client, by: str = "number") -> dict[str, str]:
    """What «Не дубликаты» of the first group sends."""
    text = client.get(DUPLICATES, {"by": by}).content.decode().partition(f'action="{DISMISS}"')[2]
    text = text.partition("</form>")[0]
    fields = re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', text)
    return {name: unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}


def pair(first: str = "Луч", second: str = "ООО «Луч»", **fields: Any) -> tuple[Counterparty, Counterparty]:
    one, other = (CounterpartyFactory(name=name, phone=PHONE, **fields) for name in (first, second))
    return one, other


def told() -> list[tuple[str, list[str]]]:
    return [(row.shared, [member.name for member in row.members.order_by("pk")]) for row in NotDuplicates.objects.all()]


def test_dismissed_and_taken_back(client: Client) -> None:
    by = administrator(client)
    names = ["Луч", "ООО «Луч»"]
    pair()
    assert shown(client) == [("+7 495 111-22-33", names)]
    page = client.post(DISMISS, form(client), headers=ENGLISH, follow=True)
    assert page.redirect_chain == [(f"{DUPLICATES}?by=number", 302)]
    assert "<bdi>+7 495 111-22-33</bdi>: these customers are not proposed" in page.content.decode()
    assert (shown(client), told()) == ([], [("+7 495 111-22-33", names)])
    (one,) = client.get(DISMISSED).context["told"]
    assert ([row.name for row in one.shown], one.count, one.by) == (names, 2, by)
    entry = LogEntry.objects.get_for_object(one).filter(action=LogEntry.Action.CREATE).get()
    assert entry.actor == by
    assert client.post(f"{DISMISSED}{one.pk}/restore/").headers["Location"] == DISMISSED
    assert (shown(client), told()) == ([("+7 495 111-22-33", names)], [])
    assert client.post(f"{DISMISSED}{one.pk}/restore/").status_code == 302  # somebody was faster


def test_whatever_they_share(client: Client) -> None:
    """Told apart are the customers, not the number: they are not proposed for their name either."""
    administrator(client)
    pair("Ёлка", "елка")
    CounterpartyFactory(name="Сосна", phone="8 495 222-33-44")
    CounterpartyFactory(name="Сосна", phone="8 495 222-33-55")
    assert [len(shown(client, by)) for by in ("number", "name")] == [1, 2]
    client.post(DISMISS, form(client, "name"))
    assert (shown(client), shown(client, "name")) == ([], [("Сосна", ["Сосна", "Сосна"])])
    assert told() == [("Ёлка", ["Ёлка", "елка"])]


def test_somebody_new_brings_all_of_them_back(client: Client) -> None:
    administrator(client)
    pair()
    client.post(DISMISS, form(client))
    other = CounterpartyFactory(name="Заря", phone="8 495 111-22-33 доб. 5")
    assert shown(client) == []  # a company's line does not count
    other.contact_info.update(extension="")
    assert shown(client) == [("+7 495 111-22-33", ["Луч", "ООО «Луч»", "Заря"])]
    client.post(DISMISS, form(client))
    assert (shown(client), len(told())) == ([], 2)


def test_halves_of_two_dismissals_are_no_whole(client: Client) -> None:
    administrator(client)
    first, second = pair()
    third = CounterpartyFactory(name="Заря", phone=PHONE)
    for members in ((first, second), (second, third), (first, third, CounterpartyFactory())):
        NotDuplicatesFactory(members=members)
        assert len(shown(client)) == 1
    NotDuplicatesFactory(members=(first, second, third))
    assert shown(client) == []


def test_who_is_merged_is_followed(client: Client) -> None:
    administrator(client)
    first, second = pair()
    client.post(DISMISS, form(client))
    before = [first.pk, second.pk]
    other = CounterpartyFactory(name="Заря")
    record = merged(other, second)
    assert (shown(client), told()) == ([], [("+7 495 111-22-33", ["Луч", "Заря"])])
    assert record.moved["told_apart"] == [{"id": NotDuplicates.objects.get().pk, "members": before}]
    record = merged(first, CounterpartyFactory(name="Третий"))
    assert "told_apart" not in record.moved
    merged(first, other)  # they were one after all: nothing is left to be told apart
    assert (shown(client), told()) == ([], [])


@pytest.mark.parametrize(
    "sent",
    [
        *({"count": "3"}, {"count": "1"}, {"count": "x"}, {"count": ""}, {"seen": ""}, {"seen": "71,72"}, {"key": ""}),
        *({"by": "name"}, {"key": "\0" + "9" * 400}, {"seen": "1" * 400}),
    ],
)
def test_what_was_not_looked_at_is_not_dismissed(client: Client, sent: dict[str, str]) -> None:
    administrator(client)
    pair()
    page = client.post(DISMISS, {**form(client), **sent}, headers=ENGLISH, follow=True)
    assert "Nothing was dismissed" in page.content.decode()
    assert told() == []


def test_somebody_archived_meanwhile(client: Client) -> None:
    administrator(client)
    _first, second = pair()
    CounterpartyFactory(phone=PHONE)
    sent = form(client)
    second.archived = True
    second.save()
    client.post(DISMISS, sent)
    assert told() == []


def test_more_than_are_shown(client: Client) -> None:
    administrator(client)
    for number in range(23):
        CounterpartyFactory(name=f"К {number:02d}", phone=PHONE)
    client.post(DISMISS, form(client))
    assert (shown(client), [len(names) for _shared, names in told()]) == ([], [23])
    (one,) = client.get(DISMISSED).context["told"]
    assert (len(one.shown), one.count) == (20, 23)


def test_pages(client: Client) -> None:
    administrator(client)
    rows = [NotDuplicatesFactory(shared=f"№ {number}") for number in range(PAGE + 3)]
    first = client.get(DISMISSED)
    second = client.get(DISMISSED + first.context["next"])
    found = [[row.pk for row in page.context["told"]] for page in (first, second)]
    assert found == [[row.pk for row in rows[:2:-1]], [row.pk for row in rows[2::-1]]]
    assert (second.context["next"], client.get(DISMISSED, {"before": "x"}).status_code) == ("", 200)


def test_groups_fill_the_page(client: Client) -> None:
    """Dismissed ones leave no gaps: the page is full, and the next one begins where it ends."""
    administrator(client)
    for number in range(GROUPS + 5):
        rows = [CounterpartyFactory(phone=f"8 495 111-22-{number:02d}") for _ in range(2)]
        if number < 4:
            NotDuplicatesFactory(members=rows)
    page = client.get(DUPLICATES)
    following = client.get(DUPLICATES + page.context["next"])
    assert [len(one.context["groups"]) for one in (page, following)] == [GROUPS, 1]


def test_strangers(client: Client) -> None:
    pair()
    row = NotDuplicatesFactory()
    posts = [DISMISS, f"{DISMISSED}{row.pk}/restore/"]
    administrator(client)
    sent = form(client)
    assert [client.get(page).status_code for page in posts] == [405, 405]
    assert client.post(DISMISSED).status_code == 405
    client.logout()
    answers = []
    for who in ("nobody", "user", "staff"):
        if who == "user":
            client.force_login(PanelUserFactory())
        if who == "staff":
            staff(client, "view_counterparty", "add_counterparty", "change_contactperson")
        answers.append([client.get(DISMISSED).status_code, *(client.post(page, sent).status_code for page in posts)])
    assert answers == [[302] * 3, [302] * 3, [403] * 3]
    assert NotDuplicates.objects.count() == 1
    staff(client, "change_counterparty")
    assert [client.post(page, sent).status_code for page in posts] == [302, 302]
    assert told() == [("+7 495 111-22-33", ["Луч", "ООО «Луч»"])]


@pytest.mark.parametrize("count", [1, 3])
def test_queries(client: Client, count: int) -> None:
    administrator(client)
    for _ in range(count):
        NotDuplicatesFactory(members=CounterpartyFactory.create_batch(count + 1))
    with CaptureQueriesContext(connection) as captured:
        client.get(DISMISSED)
    assert len(captured) == 4, "\n".join(query["sql"] for query in captured.captured_queries)


def test_hostile_names(client: Client) -> None:
    administrator(client)
    pair(HOSTILE, HOSTILE)
    page = client.post(DISMISS, form(client, "name"), follow=True)
    for text in (page.content.decode(), client.get(DISMISSED).content.decode()):
        assert ("<script>alert" in text, "&lt;script&gt;alert" in text) == (False, True)
