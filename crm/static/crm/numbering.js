// «Коды городов»: the live box, rules up and down, one more rule. Without this script the page works by its buttons.

const PAUSE = 250; // milliseconds after the last key

class NumberingPage {
  constructor(root) {
    this.root = root;
    this.form = root.closest("form");
    this.list = root.querySelector("[data-rules]");
    this.number = root.querySelector("[name=try_number]");
    this.total = this.form.querySelector("[name$='-TOTAL_FORMS']");
    this.timer = 0;
    this.asking = null;
    root.classList.add("numbering-live");
    this.reveal(root);
    this.number_places();
    root.addEventListener("input", () => this.soon());
    root.addEventListener("change", () => this.soon());
    root.addEventListener("click", (event) => this.click(event));
    this.number.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.ask();
    });
    this.ask();
  }

  reveal(node) {
    for (const hidden of node.querySelectorAll("[data-move], [data-add], [data-js]")) hidden.hidden = false;
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    clearTimeout(this.timer);
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    try {
      const answer = await fetch(this.root.dataset.try, {
        method: "POST",
        body: new FormData(this.form),
        signal: asking.signal,
        redirect: "error",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") this.say(this.root.dataset.trouble, true);
    }
  }

  show(html) {
    const box = this.root.querySelector("[data-trial]");
    const open = box.querySelector("details")?.open ?? false;
    box.innerHTML = html; // rendered and escaped by the server
    const details = box.querySelector("details");
    if (details) details.open = open;
    this.reveal(box);
    const words = box.querySelector("[data-trial-summary]").textContent.replace(/\s+/g, " ").trim();
    this.say(words, false);
  }

  /** Into the live region; trouble stands in the box too. */
  say(text, visibly) {
    const said = this.root.querySelector("[data-trial-said]");
    if (said.textContent !== text) said.textContent = text;
    if (!visibly) return;
    const line = document.createElement("p");
    line.className = "trial-summary trial-bad";
    line.textContent = text;
    this.root.querySelector("[data-trial]").replaceChildren(line);
  }

  click(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.example !== undefined) this.use(button.dataset.example);
    else if (button.dataset.move) this.move(button.closest("[data-rule]"), button);
    else if (button.hasAttribute("data-add")) this.add();
    else if (button.hasAttribute("data-try-button")) {
      event.preventDefault();
      this.ask();
    }
  }

  use(number) {
    this.number.value = number;
    this.number.focus();
    this.ask();
  }

  move(row, button) {
    if (button.dataset.move === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    this.number_places();
    button.focus();
    this.say(`${this.root.dataset.moved} ${[...this.list.children].indexOf(row) + 1}`, false);
    this.soon();
  }

  add() {
    const count = Number(this.total.value);
    const made = document.createElement("template");
    made.innerHTML = this.root.querySelector("[data-empty-rule]").innerHTML.replaceAll("__prefix__", String(count));
    const row = made.content.querySelector("[data-rule]");
    this.list.append(row);
    this.total.value = String(count + 1);
    this.reveal(row);
    this.number_places();
    row.querySelector("[name$='-name']").focus();
  }

  number_places() {
    [...this.list.children].forEach((row, place) => {
      row.querySelector("[name$='-ORDER']").value = String(place + 1);
    });
  }
}

for (const root of document.querySelectorAll("[data-numbering]")) new NumberingPage(root);
