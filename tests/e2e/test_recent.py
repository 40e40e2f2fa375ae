"""The list of recent calls is asked for again when the gateway says that a record is written, whenever that is."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Office, Open
from tests.e2e.test_panel import live

pytestmark = pytest.mark.browser


def newest(page: Page) -> Locator:
    return page.locator(".recent-who span").first


def journal(caller: str) -> dict[str, object]:
    return {"journal": {"call": f"missed.{caller}", "written": 1763800000.0}}


def test_a_record_that_is_written_is_shown(office: Office, open_panel: Open) -> None:
    page = live(open_panel("supervisor"))
    for caller, shown in (("+74950000001", "+7 495 000-00-01"), ("+74950000002", "+7 495 000-00-02")):
        office.do("missed", caller=caller, number="102")
        office.set(ext_102=journal(caller))
        expect(newest(page)).to_have_text(shown)


def test_a_page_that_missed_the_news_learns_it_from_the_snapshot(office: Office, open_panel: Open) -> None:
    page = live(open_panel("supervisor"))
    office.do("missed", caller="+74950000003", number="102")
    office.do("lose", changes={"ext/102": journal("+74950000003")})
    expect(newest(page)).to_have_text("+7 495 000-00-03")


def test_another_gateway_makes_it_ask(office: Office, open_panel: Open) -> None:
    """The one before has died between writing and telling."""
    page = live(open_panel("supervisor"))
    office.do("missed", caller="+74950000004", number="102")
    office.do("replace", state={})
    expect(newest(page)).to_have_text("+7 495 000-00-04")


def test_an_answer_that_did_not_come_is_asked_for_again(office: Office, open_panel: Open) -> None:
    page = live(open_panel("supervisor"))
    office.do("missed", caller="+74950000005", number="102")
    page.evaluate(
        """() => {
            const real = window.fetch;
            window.fetch = (...args) => {
                window.fetch = real;
                window.lost = args[0];
                return Promise.reject(new TypeError("the network is away"));
            };
        }"""
    )
    office.set(ext_102=journal("+74950000005"))
    expect(newest(page)).to_have_text("+7 495 000-00-05")
    assert page.evaluate("window.lost") == "/panel/recent/"
