"""The panel of one user in a headless browser: what it shows, what is clicked, and every frame it was sent."""

import json
import re
from typing import Any, Final

from playwright.sync_api import BrowserContext, Locator, Page, WebSocket, expect

from tests.e2e.conftest import REMEMBER_SOCKETS
from tests.e2e.mouse import press_disabled

PATIENCE: Final = 45_000  # ms: real phones, real processes, a busy machine
LOOKS: Final = {  # of a colleague's tile, as the manual has it: word and colour
    "off": ("не в сети", "rgb(241, 243, 247)"),  # grey
    "free": ("свободен", "rgb(255, 255, 255)"),  # white
    "ringing": ("звонит", "rgb(253, 234, 242)"),  # pink
    "talking": ("говорит", "rgb(255, 245, 214)"),  # yellow
    "dialing": ("набирает номер", "rgb(255, 245, 214)"),
}
REMEMBER_ANNOUNCEMENTS: Final = """
    window.announced = [];
    new MutationObserver((records) => {
        for (const { target, addedNodes } of records) {
            if (target.id === "announce") for (const node of addedNodes) window.announced.push(node.textContent);
        }
    }).observe(document, { childList: true, subtree: true });
"""

COUNT_POPUPS: Final = """
    window.popups = [];
    const RealNotification = window.Notification;
    window.Notification = class extends RealNotification {
        constructor(title, options) { super(title, options); window.popups.push([title, options.body]); }
    };
"""


class Panel:
    """Opened at once. Errors in the page's console are kept in `errors`."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.received: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("websocket", self._listen)
        self.page.add_init_script(REMEMBER_SOCKETS)
        self.page.add_init_script(REMEMBER_ANNOUNCEMENTS)
        self.page.add_init_script(COUNT_POPUPS)
        self.page.goto(url)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.received.append(json.loads(frame)))
        socket.on("framesent", lambda frame: self.sent.append(json.loads(frame)))

    def live(self) -> "Panel":
        """Wait until it says that its data are fresh, and hides the banner."""
        expect(self.page.locator("#link-badge")).to_have_attribute("data-level", "ok", timeout=PATIENCE)
        expect(self.page.locator("#banner")).to_be_hidden()
        return self

    def row(self, number: str) -> Locator:
        """The tile of the colleague with this number."""
        number_cell = self.page.locator(".c-number", has_text=re.compile(f"^{number}$"))
        return self.page.locator("ap-colleague").filter(has=number_cell)

    def arrow(self, number: str) -> Locator:
        """Beside that colleague."""
        return self.row(number).locator(".call-arrow")

    def shows(self, number: str, look: str) -> None:
        """Until the tile says it: the word, and the colour (the mouse stays away: it shades what it hovers)."""
        word, colour = LOOKS[look]
        expect(self.row(number).locator(".c-word")).to_have_text(word, timeout=PATIENCE)
        expect(self.row(number)).to_have_css("background-color", colour)

    def counts_time(self, number: str) -> None:
        """The timer on the tile runs."""
        timer = self.row(number).locator(".c-time")
        expect(timer).to_have_text(re.compile(r"^\d\d:\d\d$"))
        expect(timer).not_to_have_text(timer.inner_text(), timeout=PATIENCE)

    def may_call(self, number: str) -> None:
        """The arrow is enabled."""
        expect(self.arrow(number)).not_to_have_attribute("aria-disabled", "true")

    def may_not_call(self, number: str, reason: str) -> None:
        """The arrow is blocked: it says why and sends nothing."""
        self.refuses(self.arrow(number), reason)

    def refuses(self, button: Locator, reason: str) -> None:
        """Disabled: a click is answered by the reason, in a tip and in words, and nothing is sent."""
        before = self.commands()
        expect(button).to_have_attribute("aria-disabled", "true", timeout=PATIENCE)
        heard = len(self.announced())
        press_disabled(button)
        expect(self.page.locator("#tip")).to_contain_text(reason)
        self.hears(reason, after=heard)  # said instead of sending
        self.page.mouse.move(0, 0)
        assert self.commands() == before

    def click(self, button: Locator) -> None:
        """As soon as it is enabled; then the mouse goes away."""
        button.click()
        self.page.mouse.move(0, 0)

    def announced(self) -> list[str]:
        """Everything a screen reader was given to say so far."""
        return list(self.page.evaluate("window.announced"))

    def hears(self, text: str, after: int = 0) -> None:
        """Until an announcement has it, the newest or one replaced since. The first `after` do not count."""
        heard = "([text, after]) => window.announced.slice(after).some((said) => said.includes(text))"
        self.page.wait_for_function(heard, arg=[text, after])

    def popups(self) -> list[list[str]]:
        """Title and text of every notification of the browser so far; it needs the permission `notifications`."""
        return list(self.page.evaluate("window.popups"))

    def customer(self) -> Locator:
        """The card of a customer, in the third column."""
        return self.page.locator("#card")

    def card_is_open(self) -> bool:
        """The third column shows that card, not the history."""
        return self.page.locator("#side-tab-card").get_attribute("aria-selected") == "true"

    def card(self) -> Locator:
        """The card of my only call."""
        return self.page.locator("article.call")

    def hang_up_button(self) -> Locator:
        """On that card: declines while it rings."""
        return self.card().locator("[data-act=hangup]")

    def says(self, text: str) -> None:
        """In a message of the page."""
        expect(self.page.locator("#toasts")).to_contain_text(text, timeout=PATIENCE)

    def send(self, frame: dict[str, Any]) -> None:
        """Behind the page's back."""
        self.page.evaluate("frame => window.sockets.at(-1).send(JSON.stringify(frame))", frame)

    def commands(self) -> list[tuple[str, dict[str, str]]]:
        """What it has asked for."""
        return [(frame["name"], frame["args"]) for frame in self.sent if frame["t"] == "command"]

    def knows(self, text: str) -> tuple[bool, bool]:
        """Whether the text was in any frame sent to it, and is on the page now."""
        frames = any(text in json.dumps(frame, ensure_ascii=False) for frame in self.received)
        return frames, text in self.page.content()
