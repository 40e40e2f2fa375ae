// [data-person="id"]: what the phone of a responsible manager does now, beside the name, wherever it is written.

import { icon, presence, word } from "./presence.js";
import { setIcon, setText } from "./text.js";

export class PersonStates {
  /** `roots`: where such places may be; `personOf`: id → the colleague; `office`: → live state. */
  constructor(roots, personOf, office) {
    this.roots = roots;
    this.personOf = personOf;
    this.office = office;
  }

  places() {
    return this.roots.flatMap((root) => [...root.querySelectorAll("[data-person]:not([data-person=''])")]);
  }

  showAll() {
    for (const place of this.places()) this.show(place);
  }

  /** The phones of these numbers have changed. */
  showChanged(numbers) {
    for (const place of this.places()) {
      const person = this.personOf(Number(place.dataset.person));
      if (person?.numbers.some((number) => numbers.includes(number))) this.show(place);
    }
  }

  show(place) {
    const person = this.personOf(Number(place.dataset.person));
    if (!place.firstElementChild) build(place);
    const view = person ? presence(person.numbers, this.office()) : { state: "unknown", detail: "" };
    place.classList.add("person-state");
    place.dataset.state = view.state;
    place.dataset.detail = view.detail;
    setIcon(place.firstElementChild, icon(view));
    setText(place.lastElementChild, person ? word(view) : gettext("no internal number"));
  }
}

function build(place) {
  place.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-unknown"></use></svg><span></span>';
}
