"""axe-core in a page. Over the debugger's line, so that the page's own Content-Security-Policy stands."""

from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

AXE: Final = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RUN: Final = "options => axe.run(document, options).then(result => result.violations)"


def serious(page: Page, *rules: str) -> list[str]:
    """What axe-core holds against the page, serious and critical, of all rules or of these only.

    It is kept from loading the page's styles once more: the policy would refuse that, into the console.
    """
    page.evaluate(AXE.read_text())
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    found = page.evaluate(RUN, {**options, "runOnly": list(rules)} if rules else options)
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in found
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]
