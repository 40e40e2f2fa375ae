// The table or tiles of colleagues: groups, search, favourites, and moving through them with the keyboard.

import { haystack, matcher } from "./search.js";
import { clean } from "./text.js";
import "./colleague-row.js";

const KEYS = { enter: "call", " ": "call", f: "star", а: "star", w: "why", ц: "why" }; // either layout

export class ColleagueList extends HTMLElement {
  constructor() {
    super();
    this.rows = new Map(); // key of a person → row
    this.byNumber = new Map(); // number → row
    this.favourites = new Set();
    this.filter = "groups";
    this.query = "";
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("focusin", (event) => this.onFocus(event));
    this.addEventListener("click", (event) => this.onClick(event));
  }

  /** Everybody, in the order of the groups. Rows of people who stay are kept. */
  setPeople(people, myId) {
    const before = this.rows;
    this.rows = new Map();
    this.byNumber = new Map();
    for (const person of people) {
      const key = String(person.id);
      const row = before.get(key) ?? document.createElement("ap-colleague");
      row.setPerson(person, person.id === myId);
      row.haystack = haystack(person);
      row.setFavourite(this.favourites.has(person.numbers[0]));
      this.rows.set(key, row);
      for (const number of person.numbers) this.byNumber.set(number, row);
    }
    this.arrange();
  }

  setFavourites(numbers) {
    this.favourites = new Set(numbers);
    for (const row of this.rows.values()) row.setFavourite(this.favourites.has(row.person.numbers[0]));
    if (this.filter === "favourites") this.arrange();
  }

  setFilter(filter) {
    this.filter = filter;
    this.arrange();
  }

  setQuery(query) {
    this.query = query;
    this.hideUnmatched();
  }

  /** Puts the rows into their groups. */
  arrange() {
    const rows = [...this.rows.values()];
    const groups = new Map();
    if (this.filter === "groups") {
      for (const row of rows) {
        const name = row.person.group || gettext("Without department");
        groups.set(name, [...(groups.get(name) ?? []), row]);
      }
    } else {
      const chosen = rows.filter((row) => this.filter === "all" || this.favourites.has(row.person.numbers[0]));
      chosen.sort(byName);
      groups.set("", chosen);
    }
    const focused = this.contains(document.activeElement) ? document.activeElement : null;
    this.replaceChildren(...[...groups].map(([name, members]) => group(name, members)));
    focused?.focus();
    this.hideUnmatched();
  }

  hideUnmatched() {
    const matches = matcher(this.query);
    for (const part of this.children) {
      let shown = 0;
      for (const row of part.querySelectorAll("ap-colleague")) {
        row.hidden = !matches(row.haystack);
        if (!row.hidden) shown += 1;
      }
      part.hidden = shown === 0;
      const count = part.querySelector(".group-count");
      if (count) count.textContent = String(shown);
    }
    this.ensureTabStop();
    this.dispatchEvent(new Event("arranged"));
  }

  visible() {
    return [...this.querySelectorAll("ap-colleague:not([hidden])")];
  }

  /** Exactly one row can be reached with Tab; the arrows go on from there. */
  ensureTabStop() {
    const rows = this.visible();
    const current = this.querySelector('ap-colleague[tabindex="0"]');
    if (current && !current.hidden) return;
    if (current) current.tabIndex = -1;
    if (rows[0]) rows[0].tabIndex = 0;
  }

  onFocus(event) {
    const row = event.target.closest("ap-colleague");
    if (!row || row.tabIndex === 0) return;
    for (const other of this.querySelectorAll('ap-colleague[tabindex="0"]')) other.tabIndex = -1;
    row.tabIndex = 0;
  }

  onClick(event) {
    const button = event.target.closest("[data-act]");
    if (button) this.act(button.dataset.act, button.closest("ap-colleague"), button);
  }

  onKey(event) {
    const row = event.target.closest("ap-colleague");
    if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
    const handled = this.move(event.key, row) || this.actByKey(event, row);
    if (handled) event.preventDefault();
  }

  actByKey(event, row) {
    if (event.target !== row && (event.key === "Enter" || event.key === " ")) return false; // the button itself acts
    const name = KEYS[event.key.toLowerCase()];
    if (!name) return false;
    this.act(name, row, row.querySelector(`[data-act=${name}]`));
    return true;
  }

  move(key, row) {
    if (key === "ArrowRight" || key === "ArrowLeft") return this.moveInside(key === "ArrowRight" ? 1 : -1, row);
    const rows = this.visible();
    const place = rows.indexOf(row);
    const columns = this.dataset.view === "tiles" ? columnsOf(rows, place) : 1;
    const target = {
      ArrowDown: place + columns,
      ArrowUp: place - columns,
      Home: 0,
      End: rows.length - 1,
      PageDown: Math.min(rows.length - 1, place + 10 * columns),
      PageUp: Math.max(0, place - 10 * columns),
    }[key];
    if (target === undefined) return false;
    rows[Math.max(0, Math.min(rows.length - 1, target))]?.focus();
    return true;
  }

  moveInside(step, row) {
    const stops = [row, ...row.querySelectorAll("button:not([hidden])")];
    const place = stops.indexOf(document.activeElement);
    stops[(place + step + stops.length) % stops.length].focus();
    return true;
  }

  act(name, row, button) {
    if (button.hidden) return;
    this.dispatchEvent(new CustomEvent("act", { detail: { name, row, button } }));
  }
}

function byName(a, b) {
  const names = a.dataset.title.localeCompare(b.dataset.title, document.documentElement.lang);
  return names || a.person.numbers[0].localeCompare(b.person.numbers[0], "en", { numeric: true });
}

/** Tiles of one line share their top. */
function columnsOf(rows, place) {
  const top = rows[place].offsetTop;
  return Math.max(1, rows.filter((row) => row.offsetTop === top).length);
}

let groupNumber = 0;

function group(name, members) {
  const part = document.createElement("div");
  part.setAttribute("role", "rowgroup");
  part.className = "group";
  if (name) {
    const head = document.createElement("div");
    head.className = "group-head";
    head.setAttribute("role", "row");
    const title = document.createElement("span");
    title.setAttribute("role", "rowheader");
    title.id = `group-${(groupNumber += 1)}`;
    title.textContent = clean(name);
    const count = document.createElement("span");
    count.className = "group-count num";
    count.setAttribute("role", "gridcell");
    head.append(title, count);
    part.setAttribute("aria-labelledby", title.id);
    part.append(head);
  }
  part.append(...members);
  return part;
}

customElements.define("ap-colleagues", ColleagueList);
