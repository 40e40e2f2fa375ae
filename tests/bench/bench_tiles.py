"""1,000 colleagues' tiles at 200 changes a second in Chromium: the product's rows, and Lit elements that show the same.

    python -m tests.bench.bench_tiles [--quick]

Both pages get the same changes in the same batches (20 a second, as the hub merges them) and the same style sheet.
Printed: main-thread milliseconds for each second (scripts, style and layout, all tasks), the frame time that 95 % of
the frames keep, and the time to build the list. Medians of three alternating runs.
"""

import argparse
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from tests.left_out import find

ROOT: Final = Path(__file__).parents[2]
PANEL: Final = ROOT / "telephony/static/panel"
STYLES: Final = (ROOT / "astpanel/static/astpanel/tokens.css", ROOT / "astpanel/static/astpanel/parts.css")
FLAGS: Final = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
RUNS: Final = 3
METRICS: Final = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration", "TaskDuration")

PLAIN: Final = """
import "./colleague-row.js";
export function make(person) {
    const row = document.createElement("ap-colleague");
    row.setPerson(person, false);
    return row;
}
export function change(row, view, reason, now) {
    row.setView(view, [], reason);
    row.tick(now, null);
}
"""

LIT: Final = """
import { LitElement, html } from "lit";
import { icon, timed, word } from "./presence.js";
import { duration } from "./text.js";
const sign = (name) => html`<svg class="icon"><use href="#i-${name}"></use></svg>`;
class LitColleague extends LitElement {
    static properties = { person: { attribute: false }, view: { attribute: false }, reason: { attribute: false },
                          now: { attribute: false } };
    createRenderRoot() { return this; }
    render() {
        const { person, view, reason } = this;
        this.dataset.state = view.state;
        this.dataset.detail = view.detail;
        return html`
            <span class="c-why" role="gridcell"><button class="icon-button" tabindex="-1"
                aria-label=${"Why this colour? " + person.name}>${sign(icon(view))}</button></span>
            <span class="c-main" role="gridcell"><span class="c-name"><b class="ellipsis">${person.name}</b></span>
            <span class="c-line"><span class="c-number num">${person.numbers.join(", ")}</span>
                <span class="c-word">${word(view)}</span>
                <span class="c-time num">${timed(view) ? duration(this.now - view.since) : ""}</span>
                <span class="c-peer ellipsis"></span><span class="chip c-status" data-status=${person.status}>
                ${person.status}</span></span></span>
            <span class="c-acts" role="gridcell"><button class="icon-button c-star" tabindex="-1" aria-pressed="false"
                aria-label=${"Favourite: " + person.name}>${sign("star")}</button>
            <button class="icon-button call-arrow" tabindex="-1" aria-disabled=${reason ? "true" : "false"}
                data-tip=${reason} aria-description=${reason} aria-label=${"Call " + person.name}>${sign("arrow")}
            </button></span>`;
    }
}
customElements.define("ap-colleague", LitColleague);
export function make(person) {
    const row = document.createElement("ap-colleague");
    row.person = person;
    row.view = { state: "free", detail: "", since: null };
    row.reason = "";
    row.now = 0;
    return row;
}
export function change(row, view, reason, now) {
    row.view = view;
    row.reason = reason;
    row.now = now;
}
"""

DRIVE: Final = """
import { make, change } from "./rows.js";
const STATES = ["free", "ringing", "talking", "off"];
let seed = 7;
const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
window.build = async () => {
    const list = document.getElementById("people");
    const began = performance.now();
    window.rows = Array.from({ length: 1000 }, (_, i) => make(
        { id: i, name: `Colleague ${i}`, numbers: [String(1000 + i)], group: "", status: "on_site", until: "" }));
    list.append(...rows);
    for (const row of rows) change(row, { state: "free", detail: "", since: null, why: [] }, "", 0);
    await new Promise(requestAnimationFrame);
    list.getBoundingClientRect();
    return performance.now() - began;
};
window.play = (seconds) => new Promise((done) => {
    const frames = [];
    let last = performance.now(), batches = 0;
    const tick = (now) => {
        frames.push(now - last);
        last = now;
        if (batches < seconds * 20) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    const timer = setInterval(() => {
        const now = Date.now() / 1000;
        for (let i = 0; i < 10; i += 1) {
            const state = STATES[random(4)];
            const reason = state === "talking" || state === "off" ? "blocked" : "";
            change(rows[random(1000)], { state, detail: "", since: now - random(200), why: [] }, reason, now);
        }
        batches += 1;
        if (batches < seconds * 20) return;
        clearInterval(timer);
        frames.sort((a, b) => a - b);
        done(frames[Math.floor(frames.length * 0.95)]);
    }, 50);
});
"""


def bundle(folder: Path, rows: str) -> str:
    """The page's script with these rows, as esbuild makes it."""
    for source in PANEL.glob("*.js"):
        (folder / source.name).write_text(source.read_text())
    (folder / "rows.js").write_text(rows)
    (folder / "drive.js").write_text(DRIVE)
    esbuild = str(ROOT / "node_modules/.bin/esbuild")
    command = [esbuild, str(folder / "drive.js"), "--bundle", "--minify", "--format=iife"]
    env = {"NODE_PATH": str(ROOT / "node_modules"), "PATH": "/usr/bin:/bin:/usr/local/bin"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout


def measure(browser: Browser, script: str, seconds: int) -> dict[str, float]:
    """One run in a fresh page."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    css = "".join(path.read_text() for path in (*STYLES, PANEL / "layout.css", PANEL / "colleagues.css"))
    sprite = (ROOT / "templates/includes/sprite.html").read_text().partition("#}")[2]
    css += "#people { height: 800px; overflow: auto; width: 400px }"
    page.set_content(f'<style>{css}</style>{sprite}<div id="people" class="people"></div>')
    page.evaluate("window.gettext = text => text; window.interpolate = text => text")
    page.evaluate(script)
    built = page.evaluate("window.build()")
    metrics = counters(page)
    before = metrics()
    frame = page.evaluate("seconds => window.play(seconds)", seconds)
    after = metrics()
    page.close()
    spent = {name: (after[name] - before[name]) * 1000 / seconds for name in METRICS}
    return {
        "build, ms": built,
        "script, ms/s": spent["ScriptDuration"],
        "style + layout, ms/s": spent["LayoutDuration"] + spent["RecalcStyleDuration"],
        "main thread, ms/s": spent["TaskDuration"],
        "frame p95, ms": frame,
        "bundle, KB": len(script) / 1024,
    }


def counters(page: Page) -> Callable[[], dict[str, float]]:
    """→ a reader of the browser's own counters, seconds."""
    session: Any = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    return lambda: _read(session)


def _read(session: Any) -> dict[str, float]:
    return {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}


def compare(seconds: int, folder: Path) -> dict[str, dict[str, float]]:
    """Medians of alternating runs: {"plain": …, "lit": …}."""
    scripts = {}
    for name, rows in (("plain", PLAIN), ("lit", LIT)):
        (folder / name).mkdir()
        scripts[name] = bundle(folder / name, rows)
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in scripts}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find("chromium")), args=FLAGS)
        for _ in range(RUNS):
            for name, script in scripts.items():
                runs[name].append(measure(browser, script, seconds))
        browser.close()
    return {
        name: {key: statistics.median(run[key] for run in found) for key in found[0]} for name, found in runs.items()
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    seconds = 2 if parser.parse_args().quick else 8
    with tempfile.TemporaryDirectory() as folder:
        results = compare(seconds, Path(folder))
    print("| 1,000 tiles, 200 changes/s | plain | Lit | Lit / plain |\n|---|---|---|---|")  # noqa: T201 - its output
    for key, plain in results["plain"].items():
        lit = results["lit"][key]
        print(f"| {key} | {plain:.1f} | {lit:.1f} | {lit / plain:.2f} |")  # noqa: T201 - its output


if __name__ == "__main__":
    main()
