// The cards of my calls. The ringing one is the biggest thing on the page.

import { byUrgency, callView, heading } from "./call-view.js";
import { ago, clean, duration, phoneNumber, setIcon, setText } from "./text.js";

const ICONS = { ringing: "bell", pickup: "bell", dialing: "dial", on_hold: "pause", talking: "talk" };

const template = document.createElement("template");
template.innerHTML = `
  <article class="call">
    <header><svg class="icon" aria-hidden="true"><use href="#i-talk"></use></svg><span class="call-kind"></span><span class="call-time num" role="timer"></span></header>
    <h3 class="call-name"></h3>
    <p class="call-company"></p>
    <p class="call-number num"></p>
    <p class="call-line"></p>
    <p class="call-others quiet small"></p>
    <footer><button type="button" class="button danger" data-act="hangup"><svg class="icon" aria-hidden="true"><use href="#i-hangup"></use></svg><span></span></button></footer>
  </article>`;

export class MyCalls extends HTMLElement {
  constructor() {
    super();
    this.cards = new Map();
    this.views = [];
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act=hangup]");
      if (button) this.hangup(button.closest("article").dataset.call);
    });
  }

  /** All calls the server sends me, and my numbers. */
  setCalls(calls, mine) {
    this.views = calls.map((call) => callView(call, mine)).filter(Boolean).sort(byUrgency);
    const before = this.cards;
    this.cards = new Map();
    for (const view of this.views) {
      const card = before.get(view.id) ?? template.content.firstElementChild.cloneNode(true);
      this.cards.set(view.id, card);
      fill(card, view);
    }
    const cards = [...this.cards.values()];
    const same = cards.length === this.children.length && cards.every((card, i) => card === this.children[i]);
    if (!same) this.replaceChildren(...cards);
  }

  hangup(id) {
    const view = this.views.find((candidate) => candidate.id === id);
    const button = this.cards.get(id)?.querySelector("[data-act=hangup]");
    if (view && button) this.dispatchEvent(new CustomEvent("hangup", { detail: { view, button } }));
  }

  setBlocked(reason) {
    for (const button of this.querySelectorAll("[data-act=hangup]")) {
      button.dataset.tip = reason;
      button.setAttribute("aria-disabled", String(Boolean(reason)));
    }
  }

  /** A call that is known of old only may be over: its card says how old, not how long. */
  tick(now, staleSince) {
    for (const view of this.views) {
      const text = staleSince === null ? duration(now - view.since) : ago(now - staleSince);
      setText(this.cards.get(view.id).querySelector(".call-time"), text);
    }
  }
}

function fill(card, view) {
  const put = (selector, text) => {
    const node = card.querySelector(selector);
    setText(node, text);
    node.hidden = !text;
  };
  card.dataset.call = view.id;
  card.dataset.kind = view.kind;
  setIcon(card.querySelector("header svg"), ICONS[view.kind]);
  put(".call-kind", heading(view));
  put(".call-name", view.party.title);
  put(".call-company", view.party.company);
  put(".call-number", view.party.number);
  put(".call-line", lineText(view));
  put(".call-others", view.others.length ? interpolate(gettext("Rings also: %s"), [view.others.join(", ")]) : "");
  const label = view.kind === "ringing" ? gettext("Reject") : gettext("Hang up");
  setText(card.querySelector("footer span"), label);
  card.setAttribute("aria-label", `${heading(view)}: ${view.party.title}`);
}

function lineText(view) {
  const parts = [];
  if (view.queue) parts.push(interpolate(gettext("queue %s"), [clean(view.queue)]));
  if (view.line) parts.push(interpolate(gettext("line %s"), [phoneNumber(view.line)]));
  return parts.join(" · ");
}

customElements.define("ap-calls", MyCalls);
