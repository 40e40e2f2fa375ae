"""Licence keys dropped on the page of the administration."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Office, Open
from tests.licences import sealed

pytestmark = pytest.mark.browser
DROP = """(files) => {
    const data = new DataTransfer();
    for (const [name, text] of files) data.items.add(new File([text], name, { type: "text/plain" }));
    for (const type of ["dragenter", "dragover", "drop"]) {
        const event = new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector("[data-drop]").dispatchEvent(event);
        if (!event.defaultPrevented) throw new Error(`${type}: the browser would open the file`);
    }
}"""


def test_files_are_dropped(office: Office, open_panel: Open) -> None:
    page = open_panel("admin", lang="en")
    page.goto(f"{office.url}/admin/licences/upload/")
    page.wait_for_load_state("load")
    page.evaluate(DROP, [["good.lic", sealed(key="DROPPED", seats=3)], ["<i>bad</i>.txt", "a letter without a key"]])
    outcomes = page.locator(".licence-outcomes li")
    expect(outcomes).to_have_count(2)
    assert [" ".join(outcome.split()) for outcome in outcomes.all_inner_texts()] == [
        "good.lic The key DROPPED is added.",
        "i>.txt There is no licence key in it: a key begins with the line “-----BEGIN ASTPANEL LICENCE-----”.",
    ]
