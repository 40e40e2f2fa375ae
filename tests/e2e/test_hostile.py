"""What a caller may put into the CallerID reaches the page as harmless text."""

import pytest
from playwright.sync_api import expect

from tests.e2e import scenes
from tests.e2e.conftest import Office, Open
from tests.e2e.test_panel import live, row

pytestmark = pytest.mark.browser

HOSTILE = {
    "markup": ('<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>', '<img src=x onerror="window'),
    "direction": ("\u202e\u2066Банк\u200f России\u2069", "Банк России"),
    "line ends": ("one\r\ntwo\x00three\x1b[31m", "one two three [31m"),
    "long": ("я" * 10_240, "я" * 160 + "…"),
    "entity": ("&lt;b&gt; {{ 7*7 }} ${7*7}", "&lt;b&gt; {{ 7*7 }} ${7*7}"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_caller_id_is_text(office: Office, open_panel: Open, kind: str) -> None:
    text, shown = HOSTILE[kind]
    caller = scenes.party("+79161234567", text)
    office.set(
        office=scenes.office(20) | {"park:default:801": scenes.parked("801", caller, "<b>200</b>", 60)},
        ext_102={"call:1": scenes.inbound("1", caller, extension="102", queue=text)},
        board={"talk:202": {"peers": [caller], "call": "9", "since": 0}},
    )
    page = live(open_panel("supervisor"))
    expect(page.locator(".call-name")).to_contain_text(shown)
    expect(row(page, "202").locator(".c-peer")).to_contain_text(shown)
    expect(page.locator("#parked th")).to_contain_text(shown)
    expect(page.locator("#parked td").nth(1)).to_have_text("<b>200</b>")
    assert page.evaluate("window.hacked") is None
    assert page.locator("ap-calls img, ap-calls script, #parked img, #parked b").count() == 0
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


def test_hostile_state_and_reasons(office: Office, open_panel: Open) -> None:
    value = scenes.extension("200", "free")
    value["why"] = [{"source": "<i>x</i>", "name": "\u202eabc", "value": "<script>window.hacked=1</script>"}]
    office.set(office={"ext:200": value, "ext:<b>": scenes.extension("<b>", "free")})
    page = live(open_panel())
    row(page, "200").locator("[data-act=why]").click()
    expect(page.locator("#why-list li")).to_have_text("<i>x</i> abc: <script>window.hacked=1</script>")
    expect(page.locator("ap-colleague .c-name b").last).to_have_text("Телефон <b>")
    assert page.evaluate("window.hacked") is None
