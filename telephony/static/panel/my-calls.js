// The cards of my calls. The ringing one is the biggest thing on the page.

import { fillCard, newCard } from "./call-card.js";
import { byUrgency, callView } from "./call-view.js";
import { ago, duration, setText } from "./text.js";

export class MyCalls extends HTMLElement {
  constructor() {
    super();
    this.cards = new Map();
    this.views = [];
    this.about = () => ({ known: null, nameOf: () => "", why: "" });
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (button) this.act(button.dataset.act, button.closest("article").dataset.call);
    });
  }

  /** All calls the server sends me, and my numbers. */
  setCalls(calls, mine) {
    this.views = calls.map((call) => callView(call, mine)).filter(Boolean).sort(byUrgency);
    const before = this.cards;
    this.cards = new Map(this.views.map((view) => [view.id, before.get(view.id) ?? newCard()]));
    this.refill();
    const cards = [...this.cards.values()];
    const same = cards.length === this.children.length && cards.every((card, i) => card === this.children[i]);
    if (!same) this.replaceChildren(...cards);
  }

  /** More is known of the callers. `about`: view → what fillCard takes. */
  refill() {
    for (const view of this.views) fillCard(this.cards.get(view.id), view, this.about(view));
  }

  act(name, id) {
    const view = this.views.find((candidate) => candidate.id === id);
    const button = this.cards.get(id)?.querySelector(`[data-act=${name}]`);
    if (view && button) this.dispatchEvent(new CustomEvent(name, { detail: { view, button } }));
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

customElements.define("ap-calls", MyCalls);
