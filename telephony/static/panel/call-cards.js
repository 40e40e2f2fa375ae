// Calls meet customers: what a call's card says of the caller, and when the caller's own card opens.

import { CallerFacts } from "./caller-facts.js";
import { explainBlocked } from "./overlays.js";

const BUSY = ["talking", "on_hold"];

export class CallCards {
  constructor({ page, directory, myCalls, popups, customers }) {
    this.opens = page.cardOpens; // ringing, answered, by_hand
    this.directory = directory;
    this.myCalls = myCalls;
    this.customers = customers;
    this.facts = new CallerFacts(page.urls.caller);
    this.opened = new Set(); // calls whose card has opened by itself: once is enough
    this.contacts = new Map(); // call → whom the directory names
    myCalls.about = (view) => ({ known: this.facts.of(view), nameOf: (id) => this.nameOf(id), why: page.whyNotAddNumbers });
    myCalls.addEventListener("card", ({ detail }) => this.open(detail.view));
    myCalls.addEventListener("place", ({ detail }) => page.whyNotAddNumbers && explainBlocked(detail.button));
    popups.addEventListener("shown", ({ detail }) => this.opens === "ringing" && this.openByItself(detail.view));
    popups.addEventListener("answered", ({ detail }) => this.opens === "answered" && this.openByItself(detail.view));
    popups.addEventListener("wanted", ({ detail }) => this.open(detail.view));
    popups.managerOf = (view) => this.managerOf(view);
    this.facts.addEventListener("fresh", () => this.refill());
    document.addEventListener("customers-changed", () => this.facts.again());
    for (const tab of document.querySelectorAll("[data-tab=card], [data-side=card]")) {
      tab.addEventListener("click", () => this.fillEmpty());
    }
  }

  nameOf(id) {
    return this.directory.person(id)?.name ?? "";
  }

  /** The gateway says who; the name of a manager without an internal number here only the portal knows. */
  managerOf(view) {
    const id = view.caller.manager;
    if (id === null) return "";
    const known = this.facts.of(view)?.manager;
    return this.nameOf(id) || (known?.id === id ? known.name : "");
  }

  /** The calls are others now. */
  update() {
    this.facts.keep(this.myCalls.views);
    this.followDirectory();
    this.customers.showPersons(null);
  }

  /** Whoever is on the line has another name, manager or owner than a moment ago: somebody wrote it, here or elsewhere. */
  followDirectory() {
    const before = this.contacts;
    const { views } = this.myCalls;
    this.contacts = new Map(views.map((view) => [view.id, JSON.stringify(view.caller.contact)]));
    const others = views.filter(({ id }) => before.has(id) && before.get(id) !== this.contacts.get(id));
    if (others.length) this.facts.again();
    for (const view of others) this.customers.card.refreshIf(view.caller.subject);
  }

  refill() {
    this.myCalls.refill();
    this.customers.showPersons(null);
  }

  open(view) {
    this.customers.open(view.caller.subject, { byUser: true });
  }

  /** Of the first of my calls, by the keyboard: the focus goes into the card. False: there is no call. */
  openFirst() {
    const [view] = this.myCalls.views;
    if (!view) return false;
    this.open(view);
    this.customers.card.box.focus();
    return true;
  }

  /** The tab is looked at and nobody's card is in it: whoever is on the line is meant. */
  fillEmpty() {
    const [view] = this.myCalls.views;
    if (view && !this.customers.card.address) this.customers.card.open(view.caller.subject);
  }

  /** Not over the card of whom I talk with, and not over one that is being edited: the button on the call stays. */
  openByItself(view) {
    if (this.opened.has(view.id)) return;
    this.opened.add(view.id);
    const talking = this.myCalls.views.some((other) => other.id !== view.id && BUSY.includes(other.kind));
    if (talking || this.customers.card.isEdited()) return;
    this.customers.open(view.caller.subject, { byUser: false });
  }
}
