// Who works here: from the page, refreshed now and then; phones the PBX knows and nobody owns are added at the end.

const REFRESH = 60000;

export class Directory extends EventTarget {
  constructor(page, list) {
    super();
    this.page = page;
    this.list = list;
    this.people = page.people;
    this.unowned = [];
    list.setFavourites(page.favourites);
    this.fill();
    setInterval(() => document.visibilityState === "visible" && this.refresh(), REFRESH);
  }

  fill() {
    this.list.setPeople([...this.people, ...this.unowned], this.page.user.id);
  }

  rows() {
    return this.list.rows.values();
  }

  rowOf(number) {
    return this.list.byNumber.get(number);
  }

  /** The colleague with this id, if they have an internal number here. */
  person(id) {
    return this.people.find((person) => person.id === id);
  }

  nameOf(number) {
    return this.rowOf(number)?.dataset.title ?? number;
  }

  /** Extensions of the PBX that are in nobody's card: shown too, as phones. */
  addUnowned(office) {
    const owned = new Set(this.people.flatMap((person) => person.numbers));
    const numbers = [...office.keys()].filter((key) => key.startsWith("ext:")).map((key) => key.slice(4));
    const free = numbers.filter((number) => !owned.has(number));
    if (free.length === this.unowned.length && free.every((number) => this.rowOf(number))) return;
    free.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const group = gettext("Phones without a person");
    this.unowned = free.map((number) => ({ id: `ext:${number}`, name: "", numbers: [number], group, status: "" }));
    this.fill();
    this.dispatchEvent(new Event("fresh"));
  }

  async refresh() {
    const answer = await fetch(this.page.urls.people).catch(() => null); // offline: the banner says so already
    if (!answer?.ok) return;
    const text = await answer.text();
    if (text === this.lastText) return;
    this.lastText = text;
    this.people = JSON.parse(text).people;
    this.fill();
    this.dispatchEvent(new Event("fresh"));
  }

  async toggleFavourite(row) {
    const [number] = row.person.numbers;
    const on = !this.list.favourites.has(number);
    const favourites = new Set(this.list.favourites);
    if (on) favourites.add(number);
    else favourites.delete(number);
    const before = [...this.list.favourites];
    this.list.setFavourites(favourites);
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ number, on: on ? "1" : "0" });
    const headers = { "X-CSRFToken": token };
    const answer = await fetch(this.page.urls.favourite, { method: "POST", body, headers }).catch(() => null);
    if (answer?.ok) return;
    this.list.setFavourites(before);
    this.dispatchEvent(new CustomEvent("failed"));
  }
}
