"""The start-up assistant in a headless browser: where it stands, what is typed and pressed."""

from typing import Final

from playwright.sync_api import BrowserContext, Locator, Page, expect

PATIENCE: Final = 60_000  # ms: a check of a PBX, on a busy machine
STEPS: Final = ("administrator", "agreement", "configuration", "protection", "contacts", "pbx", "numbers")


class Assistant:
    """Errors in the page's console are kept in `errors`."""

    def __init__(self, context: BrowserContext) -> None:
        self.errors: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.errors.append(f"{said.text} {said.location['url']}") if said.type == "error" else None,
        )

    def at(self, step: str) -> "Assistant":
        """Until this step's page is there."""
        self.page.wait_for_url(f"**/admin/setup/{step}/")
        return self

    def standings(self) -> dict[str, str]:
        """Each step → done, failed, open, closed; as the list at the left shows it."""
        items = self.page.locator(".steps-item").all()
        return {str(item.get_attribute("data-step")): str(item.get_attribute("data-standing")) for item in items}

    def shows(self, letters: str) -> None:
        """`ddfo...`: done, failed, open, closed, a letter for each step."""
        words = {"d": "done", "f": "failed", "o": "open", ".": "closed"}
        expected = {step: words[letter] for step, letter in zip(STEPS, letters, strict=True)}
        assert self.standings() == expected

    def type(self, **values: str) -> None:
        """Into the fields of these names."""
        for name, value in values.items():
            self.page.fill(f"#id_{name}", value)

    def tick(self, name: str) -> None:
        """The box."""
        self.page.check(f"#id_{name}")

    def go_on(self) -> None:
        """The one button that is meant to be pressed."""
        self.page.locator(".task-buttons .primary").click()

    def error_of(self, name: str) -> Locator:
        """What is said below the field."""
        return self.page.locator(f"#id_{name}_error")

    def stands_on(self, name: str) -> None:
        """The keyboard is on the field."""
        expect(self.page.locator(f"#id_{name}")).to_be_focused()
