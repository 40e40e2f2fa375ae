"""The mouse where Playwright's own click does not fit."""

from playwright.sync_api import Locator, expect


def press(button: Locator) -> None:
    """A click that does not ask whether the button is enabled.

    `click` waits until it is; `click(force=True)` waits for nothing, and while the page is still being laid out it hits
    what has taken the button's place. `hover` waits until the button stands still and nothing lies over it.
    """
    button.hover()
    button.page.mouse.down()
    button.page.mouse.up()


def press_disabled(button: Locator) -> None:
    """Wait until it is disabled, then click all the same, as people do."""
    expect(button).to_have_attribute("aria-disabled", "true")
    press(button)
