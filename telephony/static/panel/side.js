// The third column: the tabs «Карточка» and «История», and the bar of sections at the bottom of a phone.

import { remember, remembered } from "./memory.js";

const byId = (id) => document.getElementById(id);
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

export class Side {
  constructor() {
    this.panel = byId("panel");
    this.list = byId("side-tabs");
    this.tabs = [...this.list.querySelectorAll("[role=tab]")];
    this.sections = [...document.querySelectorAll(".tabbar button")];
    for (const tab of this.tabs) tab.addEventListener("click", () => this.chosen(tab.dataset.side));
    for (const button of this.sections) button.addEventListener("click", () => this.section(button.dataset.tab));
    this.list.addEventListener("keydown", (event) => this.onKey(event));
    this.choose(remembered("side", "history"));
    this.section(this.panel.dataset.tab);
  }

  /** By the user: kept in the browser. */
  chosen(name) {
    remember("side", name);
    this.choose(name);
  }

  /** Shows one of the two. On a phone it only becomes what the bar at the bottom leads to. */
  choose(name) {
    const known = this.tabs.some((tab) => tab.dataset.side === name) ? name : "history";
    this.panel.dataset.side = known;
    for (const tab of this.tabs) {
      const on = tab.dataset.side === known;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !on;
    }
  }

  /** A section of the phone's layout. */
  section(name) {
    this.panel.dataset.tab = name;
    for (const button of this.sections) {
      if (button.dataset.tab === name) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
    if (this.tabs.some((tab) => tab.dataset.side === name)) this.choose(name);
    if (name === "card" || this.typed) this.news(name !== "card");
  }

  /** `byUser`: asked for it, so a phone goes there too; else a dot says that there is something new. */
  show(name, { byUser }) {
    if (byUser) this.section(name);
    else {
      this.choose(name);
      if (name === "card" && this.panel.dataset.tab !== "card") this.news(true);
    }
  }

  news(on) {
    byId("tab-card-news").hidden = !on;
  }

  /** Another tab does not lose what is typed in the card: it says that it waits there. */
  unsaved(on) {
    for (const [button, classes] of [[byId("side-tab-card"), "chip warn"], [byId("tab-card-news").parentElement, "sr-only"]]) {
      button.querySelector("[data-unsaved]")?.remove();
      if (!on) continue;
      const mark = document.createElement("span");
      mark.className = classes;
      mark.dataset.unsaved = "";
      mark.textContent = gettext("not saved");
      button.append(" ", mark);
    }
    this.typed = on;
    this.news(on && this.panel.dataset.tab !== "card");
  }

  onKey(event) {
    const place = this.tabs.indexOf(event.target.closest("[role=tab]"));
    const count = this.tabs.length;
    const target = { Home: 0, End: count - 1 }[event.key] ?? (STEPS[event.key] && (place + STEPS[event.key] + count) % count);
    if (target === undefined || place < 0) return;
    event.preventDefault();
    this.tabs[target].focus();
    this.chosen(this.tabs[target].dataset.side);
  }
}
