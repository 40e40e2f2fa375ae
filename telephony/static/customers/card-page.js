// The page of one card: the states of colleagues, calls from any number on it, editing in place.

import { CardPane } from "../panel/card-pane.js";
import { Commands, outcomeText } from "../panel/commands.js";
import { health } from "../panel/health.js";
import { Live } from "../panel/live.js";
import { announce, explainBlocked, installTips, toast } from "../panel/overlays.js";
import { PersonStates } from "../panel/person-state.js";
import { blocked, presence } from "../panel/presence.js";
import { clean, setText } from "../panel/text.js";
import { installCardEditing } from "./card.js";
import { sayFailures } from "./failures.js";
import "./place.js";

const byId = (id) => document.getElementById(id);
const page = JSON.parse(byId("page-data").textContent);
const box = byId("card");
const mine = page.user.numbers;
const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const live = new Live(`${scheme}//${location.host}/ws/live/`, ["office"]);
const commands = new Commands(live);
const people = new Map(page.people.map((person) => [person.id, person]));
const persons = new PersonStates([box], (id) => people.get(id), () => live.state("office"));
const pane = new CardPane(box, { card: "/card/", cardByNumber: "/panel/card/" });
let state = { level: "wait", text: "", act: false };

function own() {
  return mine.length ? presence(mine, live.state("office")) : null;
}

/** Why the button must not dial now: my phone, the link, or the colleague whose number it is. */
function showButtons() {
  const me = own();
  const office = live.state("office");
  for (const button of box.querySelectorAll("[data-dial]")) {
    const reason = blocked(office.get(`ext:${button.dataset.dial}`) ?? null, me, state.act);
    button.dataset.tip = reason;
    button.setAttribute("aria-disabled", String(Boolean(reason)));
    button.setAttribute("aria-description", reason);
  }
}

function showEverything() {
  persons.showAll();
  showButtons();
}

function showHealth() {
  const link = live.state("office").get("link");
  const age = link?.data_at ? live.now() - link.data_at : Infinity;
  const retryIn = (live.retryAt - Date.now()) / 1000;
  const next = health({ status: live.status, code: live.code, retryIn, known: live.known("office"), link, age });
  const flipped = next.level !== state.level || next.act !== state.act;
  state = next;
  setText(byId("banner-text"), next.text);
  byId("banner").hidden = next.level === "ok";
  byId("banner").dataset.level = next.level;
  document.body.toggleAttribute("data-stale", next.level !== "ok");
  if (!flipped) return;
  if (next.text) announce(next.text);
  showButtons();
}

async function dial(button) {
  if (button.getAttribute("aria-disabled") === "true") return explainBlocked(button);
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  const number = button.dataset.dial;
  const outcome = await commands.send("originate", { extension: mine[0] ?? "", number });
  button.removeAttribute("aria-busy");
  const level = { done: "ok", timed_out: "wait" }[outcome.kind] ?? "error";
  const title = clean(button.dataset.title || number);
  toast(`${title}: ${outcomeText(outcome)}`, level, outcome.kind === "done" ? "" : outcome.detail);
  return undefined;
}

async function refreshPeople() {
  const answer = await fetch(page.urls.people).catch(() => null); // offline: the banner says so already
  if (!answer?.ok) return;
  for (const person of (await answer.json()).people) people.set(person.id, person);
  showEverything();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-dial]");
  if (button) dial(button);
});
document.addEventListener("customers-changed", () => {
  pane.refresh();
  refreshPeople();
});
pane.addEventListener("fresh", showEverything);
live.addEventListener("change", () => {
  showHealth();
  showEverything();
});
live.addEventListener("socket", showHealth);

installTips();
installCardEditing();
sayFailures();
showEverything();
if (page.live) {
  setInterval(showHealth, 500);
  live.start();
}
