"""A2: the built-in directory, and 1C publications that are recognised, modified, unknown, empty or closed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from astpanel.setup.models import Step, StepRecord
from crm.models import CustomerSource
from tests.crm.sources.server import SECRET, USER, publication
from tests.servers import free_port
from tests.setup.conftest import Reach, page

pytestmark = pytest.mark.django_db
PAGE, NEXT = page(Step.CONFIGURATION), page(Step.PROTECTION)


@pytest.fixture(scope="module")
def onec() -> Iterator[str]:
    with publication() as address:
        yield address


@pytest.fixture(autouse=True)
def _reached(reach: Reach) -> None:
    reach(Step.CONFIGURATION)


def typed(address: str, base: str, **change: Any) -> dict[str, Any]:
    common = {"system": "1c", "url": f"{address}/{base}", "username": USER, "password": SECRET}
    return common | {"tls_verify": "on", "name": "", "version": "", "configuration": ""} | change


def row() -> tuple[Any, ...]:
    source = CustomerSource.objects.get()
    return source.configuration, source.verdict, source.chosen_by_hand


def state() -> str:
    return StepRecord.objects.get(step=Step.CONFIGURATION).state


def test_the_built_in_directory_is_the_default(admin: Client) -> None:
    assert admin.get(PAGE).context["form"]["system"].value() == "builtin"
    assert admin.post(PAGE, {"system": "builtin"}).headers["Location"] == NEXT
    assert (row()[0], state()) == ("builtin", "done")


def test_recognised_goes_on(admin: Client, onec: str) -> None:
    assert admin.post(PAGE, typed(onec, "ut11")).headers["Location"] == NEXT
    assert (row(), state()) == (("ut11", "recognised", False), "done")
    source = CustomerSource.objects.get()
    assert (source.url, source.username, source.password) == (f"{onec}/ut11", USER, SECRET)
    shown = admin.get(PAGE)
    assert shown.context["form"]["system"].value() == "1c"
    assert SECRET not in shown.content.decode()


def test_identify_only_looks(admin: Client, onec: str) -> None:
    answer = admin.post(PAGE, typed(onec, "bp30", action="identify"))
    assert (answer.status_code, answer.context["found"]["verdict"]) == (200, "recognised")
    assert (row()[0], state()) == ("builtin", "open")
    assert admin.post(PAGE, typed(onec, "bp30", password="")).headers["Location"] == NEXT  # it was kept
    assert row() == ("bp30", "recognised", False)


@pytest.mark.parametrize(
    ("base", "verdict", "first"),
    [("modified", "modified", ["ut11", "ka2"]), ("strange", "unknown", ["ut11", "ut103"]), ("empty", "empty", [])],
)
def test_what_is_not_recognised_is_chosen(admin: Client, onec: str, base: str, verdict: str, first: list[str]) -> None:
    answer = admin.post(PAGE, typed(onec, base))
    assert (answer.status_code, answer.context["found"]["verdict"], answer.context["choose"]) == (200, verdict, True)
    codes = [code for code, _name in answer.context["form"].fields["configuration"].choices]
    assert (codes[0], codes[1 : 1 + len(first)], "builtin" in codes) == ("", first, False)
    assert (row()[0], state()) == ("builtin", "failed")
    assert admin.post(PAGE, typed(onec, base, configuration="ut11")).headers["Location"] == NEXT
    assert (row(), state()) == (("ut11", verdict, True), "done")


@pytest.mark.parametrize("base", ["forbidden", "nowhere", "broken", "moved", "page", "binary", "cut"])
def test_without_access_nothing_is_chosen(admin: Client, onec: str, base: str) -> None:
    answer = admin.post(PAGE, typed(onec, base, configuration="ut11"))
    assert (answer.status_code, answer.context["found"]["verdict"]) == (200, "no_access")
    assert (row()[0], state(), answer.context["choose"]) == ("builtin", "failed", False)
    assert answer.context["found"]["headline"] in str(StepRecord.objects.get(step=Step.CONFIGURATION).reason)


def test_a_wrong_password_and_nobody_there(admin: Client, onec: str) -> None:
    for data in (typed(onec, "ut11", password="wrong"), typed(f"http://127.0.0.1:{free_port()}", "ut11")):
        answer = admin.post(PAGE, data)
        assert (answer.status_code, state()) == (200, "failed")
    assert "wrong" not in str(StepRecord.objects.values())


def test_by_name_alone(admin: Client) -> None:
    data = typed("", "", url="", username="", password="", name="БухгалтерияПредприятия")
    assert admin.post(PAGE, data).headers["Location"] == NEXT
    assert row() == ("bp30", "recognised", False)


def test_a_name_that_does_not_tell_needs_its_version(admin: Client) -> None:
    data = typed("", "", url="", username="", password="", name="УправлениеТорговлей")
    answer = admin.post(PAGE, data)
    assert (answer.context["found"]["verdict"], answer.context["choose"], state()) == ("modified", True, "failed")
    assert admin.post(PAGE, data | {"version": "10.3.66.1"}).headers["Location"] == NEXT
    assert row() == ("ut103", "recognised", False)


def test_a_failed_change_leaves_the_1c_that_works(admin: Client, onec: str) -> None:
    admin.post(PAGE, typed(onec, "ut11"))
    before = CustomerSource.objects.values().get()
    assert admin.post(PAGE, typed(onec, "strange", password="wrong")).status_code == 200
    assert (CustomerSource.objects.values().get(), state()) == (before, "done")
    admin.post(PAGE, {"discard": "1"})
    assert admin.post(PAGE, typed(onec, "ut11", password="")).headers["Location"] == NEXT


def test_another_server_is_not_given_the_password(admin: Client, onec: str) -> None:
    admin.post(PAGE, typed(onec, "ut11"))
    answer = admin.post(PAGE, typed("http://192.0.2.1", "ut11", password=""))
    assert list(answer.context["form"].errors) == ["password"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "ftp://server/base"}, "url"),
        ({"url": "http://name:word@server/base"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"system": "paper"}, "system"),
        ({"configuration": "builtin"}, "configuration"),
        ({"url": "x" * 501}, "url"),
    ],
)
def test_what_cannot_be(admin: Client, onec: str, change: dict[str, str], field: str) -> None:
    answer = admin.post(PAGE, typed(onec, "ut11", **change))
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert not CustomerSource.objects.exists()
