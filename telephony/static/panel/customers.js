// Customers on the panel: the third column, the card in it, the states of managers, and numbers that are called from there.

import { installCardEditing } from "../customers/card.js";
import { sayFailures } from "../customers/failures.js";
import { watchUnsaved } from "../customers/unsaved.js";
import { CardPane, installOpeners } from "./card-pane.js";
import { PersonStates } from "./person-state.js";
import { Side } from "./side.js";
import { clean } from "./text.js";

const byId = (id) => document.getElementById(id);

export class Customers extends EventTarget {
  constructor({ page, live, directory }) {
    super();
    this.side = new Side();
    this.card = new CardPane(byId("card"), page.urls);
    this.roots = [byId("card"), byId("my-calls")];
    this.persons = new PersonStates(this.roots, (id) => directory.person(id), () => live.state("office"));
    this.card.addEventListener("fresh", () => this.fresh());
    watchUnsaved(this.card.box, (on) => this.side.unsaved(on));
    document.addEventListener("open-card", ({ detail }) => this.open(detail, { byUser: true }));
    document.addEventListener("customers-changed", () => this.card.refresh());
    document.addEventListener("click", (event) => this.onClick(event));
    installOpeners();
    installCardEditing();
    sayFailures();
  }

  /** What `open-card` carries. Not by the user: the page does not leave what is looked at. */
  open(subject, { byUser }) {
    this.side.show("card", { byUser });
    this.card.open(subject);
  }

  fresh() {
    this.showPersons(null);
    this.dispatchEvent(new Event("fresh"));
  }

  /** `numbers`: whose phones have changed; null: look at everybody. */
  showPersons(numbers) {
    if (numbers === null) this.persons.showAll();
    else this.persons.showChanged(numbers);
  }

  /** The reason why nothing can be dialled now, on every number of the lists and the card; empty: it can. */
  setBlocked(reason) {
    for (const button of document.querySelectorAll("#history [data-dial], #card [data-dial]")) {
      button.dataset.tip = reason;
      button.setAttribute("aria-disabled", String(Boolean(reason)));
    }
  }

  onClick(event) {
    const button = event.target.closest?.("[data-dial]");
    if (!button) return;
    const detail = { number: button.dataset.dial, button, title: titleOf(button) };
    this.dispatchEvent(new CustomEvent("dial", { detail }));
  }
}

/** Who is called: said by the button, or by the row of the list it stands in. */
function titleOf(button) {
  const row = button.closest("li")?.querySelector(".recent-who span");
  return clean(button.dataset.title || row?.textContent || button.dataset.dial);
}
