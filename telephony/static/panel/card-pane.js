// The card of whoever calls or is looked up: a fragment made by the server. Nothing fails in silence, and the card of
// one customer never stands where another was asked for.

import { htmx } from "../customers/htmx.js";
import { mayGo, unsavedForms } from "../customers/unsaved.js";
import { clean } from "./text.js";

const SLOW = 300; // ms until it says that it is loading
const PATIENCE = 15000;
const KINDS = new Set(["counterparty", "person", "user"]);
const EDITED = "form, .htmx-request"; // something in the card is being edited, or is about to be

export class CardPane extends EventTarget {
  /** `urls`: {card, cardByNumber}. */
  constructor(box, urls) {
    super();
    this.box = box;
    this.urls = urls;
    this.empty = box.innerHTML;
    this.address = "";
    this.asking = null;
    box.addEventListener("htmx:afterSettle", () => {
      this.dispatchEvent(new Event("fresh"));
      if (this.stale) this.refresh();
    });
  }

  /** {number, call} or {kind, id}: what the event `open-card` carries. Asks before something typed would be lost. */
  async open(subject) {
    const address = this.addressOf(subject);
    if (!address) return;
    const typed = address === this.address ? [] : unsavedForms(this.box);
    if (typed.length && !(await mayGo(typed))) return;
    if (address !== this.address) {
      this.address = address;
      this.box.replaceChildren();
      this.box.scrollTop = 0;
    } else if (this.isEdited()) return;
    this.load();
  }

  /** Something was written somewhere: the same card again, but not before the last form in it is closed. */
  refresh() {
    const shown = this.box.querySelector("[data-url]")?.dataset.url; // of several owners the chosen one
    if (!shown && !this.address) return;
    this.stale = this.isEdited();
    if (!this.stale) this.load(shown);
  }

  /** The same, if this is whose card was asked for. */
  refreshIf(subject) {
    if (this.address && this.address === this.addressOf(subject)) this.refresh();
  }

  isEdited() {
    return this.box.querySelector(EDITED) !== null;
  }

  addressOf({ kind, id, number, call }) {
    if (KINDS.has(kind) && /^\d+$/.test(String(id))) return `${this.urls.card}${kind}/${id}/`;
    if (number === undefined) return "";
    return `${this.urls.cardByNumber}?${new URLSearchParams({ number: number ?? "", call: call ?? "" })}`;
  }

  async load(address = this.address) {
    this.asked = address;
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.stale = false;
    const slow = setTimeout(() => this.busy(), SLOW);
    const late = setTimeout(() => asking.abort(), PATIENCE);
    const answer = await this.ask(address, asking.signal);
    clearTimeout(slow);
    clearTimeout(late);
    if (this.asking !== asking) return; // another card was asked for meanwhile
    this.asking = null;
    this.box.removeAttribute("aria-busy");
    this.stale = this.isEdited(); // a form was opened meanwhile: when it is closed, then
    if (this.stale) return;
    if (answer.html === undefined) this.failed(answer.status);
    else this.put(answer.html);
  }

  async ask(address, signal) {
    try {
      const answer = await fetch(address, { signal, headers: { "HX-Request": "true" } });
      return answer.ok ? { html: await answer.text() } : { status: answer.status };
    } catch {
      return { status: 0 }; // offline, or no answer in time
    }
  }

  /** A card that says the same as before is left alone: what is open in it stays open. */
  put(html) {
    if (html === this.html && this.box.childElementCount) return;
    this.html = html;
    const unfolded = this.box.querySelector("details[open]") !== null;
    const at = this.box.contains(document.activeElement) ? document.activeElement.id : "";
    htmx.swap(this.box, html, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0, ignoreTitle: true });
    const rest = unfolded ? this.box.querySelector("details") : null;
    if (!rest) return;
    rest.open = true;
    if (at) document.getElementById(at)?.focus();
  }

  busy() {
    this.box.setAttribute("aria-busy", "true");
    if (this.box.childElementCount) return; // the same card again: it stays readable
    this.say("wait", gettext("The card is loading…"));
  }

  failed(status) {
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button";
    again.textContent = gettext("Try again");
    again.addEventListener("click", () => this.load(this.asked));
    this.html = undefined;
    this.say("error", failureText(status), again);
    this.dispatchEvent(new Event("fresh"));
  }

  say(level, text, ...more) {
    const box = document.createElement("div");
    box.className = `card-state ${level}`;
    box.setAttribute("role", level === "error" ? "alert" : "status");
    const icon = level === "error" ? "alert" : "history";
    box.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${icon}"></use></svg><p></p>`;
    box.lastElementChild.textContent = clean(text);
    box.append(...more);
    this.box.replaceChildren(box);
  }
}

function failureText(status) {
  switch (status) {
    case 0:
      return gettext("The card did not come: the portal does not answer.");
    case 401:
      return gettext("Your session has ended: reload the page and log in.");
    case 403:
      return gettext("You may not see this card.");
    case 404:
      return gettext("This card is no longer there: it may have been deleted or merged.");
    default:
      return interpolate(gettext("The card did not come: the portal had an error (%s)."), [status]);
  }
}

/** Buttons and links marked up [data-open-card="kind/id"] or [data-open-card-number], wherever they stand. */
export function installOpeners(root = document) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-open-card], [data-open-card-number]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return; // a link's new window is the browser's
    event.preventDefault();
    const { openCard, openCardNumber, call } = opener.dataset;
    const [kind, id] = (openCard ?? "").split("/");
    const detail = openCard ? { kind, id } : { number: openCardNumber, call };
    document.dispatchEvent(new CustomEvent("open-card", { detail }));
  });
}
