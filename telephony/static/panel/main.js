// The panel: joins the parts. Data flow one way: socket → state → what is shown.

import { CallCards } from "./call-cards.js";
import { Claims } from "./claims.js";
import "../customers/place.js";
import { Commands, outcomeText } from "./commands.js";
import "./colleague-list.js";
import { Customers } from "./customers.js";
import { Directory } from "./directory.js";
import { health } from "./health.js";
import { Live } from "./live.js";
import "./my-calls.js";
import { announce, explainBlocked, installTips, showWhy, toast } from "./overlays.js";
import { Parked } from "./parked.js";
import { Popups, installNotifyButton } from "./popup.js";
import { blocked, icon, peersOf, presence, word } from "./presence.js";
import { installPageControls } from "./page-controls.js";
import { Recent } from "./recent.js";
import { clean, duration, setIcon, setText } from "./text.js";

const page = JSON.parse(document.getElementById("page-data").textContent);
const byId = (id) => document.getElementById(id);
const mine = page.user.numbers;
const audiences = ["office", ...mine.map((number) => `ext/${number}`), ...(page.user.supervisor ? ["board"] : [])];
const scheme = location.protocol === "https:" ? "wss:" : "ws:";

const live = new Live(`${scheme}//${location.host}/ws/live/`, audiences);
const commands = new Commands(live);
const list = byId("people");
const myCalls = byId("my-calls");
const directory = new Directory(page, list, live);
const recent = new Recent(byId("history"), page.urls.recent);
const parked = new Parked(byId("parked-section"), byId("parked"));
const popups = new Popups(page.user.id, new Claims(page.urls.popup));
const customers = new Customers({ page, live, directory });
const callCards = new CallCards({ page, directory, myCalls, popups, customers });
let state = { level: "wait", text: "", act: false };
let lastHeard = null; // server time of the last word from the PBX

function own() {
  return mine.length ? presence(mine, live.state("office")) : null;
}

function dataAt() {
  return live.state("office").get("link")?.data_at ?? null;
}

/** When the last word from the PBX came, while what is shown is old; null while it is fresh. */
function staleSince() {
  return state.level === "ok" ? null : lastHeard;
}

// --- colleagues ---------------------------------------------------------------------------------------------------
function showRow(row, me) {
  const view = presence(row.person.numbers, live.state("office"));
  const peers = view.state === "talking" ? peersOf(row.person.numbers, live.state("board")) : [];
  row.setView(view, peers, blocked(view, me, state.act));
  row.tick(live.now(), staleSince());
}

function showAllRows() {
  const me = own();
  for (const row of directory.rows()) showRow(row, me);
  customers.showPersons(null);
}

function showChangedRows(keys) {
  const me = own();
  const numbers = keys.filter((key) => /^(ext|talk):/.test(key)).map((key) => key.slice(key.indexOf(":") + 1));
  customers.showPersons(numbers);
  if (numbers.some((number) => mine.includes(number))) return showAllRows(); // my own phone decides about every arrow
  for (const number of numbers) {
    const row = directory.rowOf(number);
    if (row) showRow(row, me);
  }
  return undefined;
}

// --- my calls and my phone ----------------------------------------------------------------------------------------
function showCalls() {
  const calls = new Map();
  for (const number of mine) {
    for (const [key, call] of live.state(`ext/${number}`)) {
      if (key.startsWith("call:")) calls.set(key, call);
    }
  }
  myCalls.setCalls([...calls.values()], mine);
  callCards.update();
  myCalls.setBlocked(state.act ? "" : blocked(null, own(), false));
  myCalls.tick(live.now(), staleSince());
  popups.update(state.act ? myCalls.views : []);
  byId("calls-empty").hidden = myCalls.views.length > 0;
  const count = byId("tab-calls-count");
  count.hidden = myCalls.views.length === 0;
  setText(count, String(myCalls.views.length));
}

function showOwnPhone() {
  const me = own();
  const notice = byId("own-phone-notice");
  const reason = state.act ? blocked(null, me, true) : "";
  notice.hidden = !reason;
  setText(byId("own-phone-text"), reason);
  const chip = byId("my-phone");
  if (chip && me) {
    chip.dataset.state = me.state;
    setIcon(chip.querySelector("svg"), icon(me));
    setText(byId("my-phone-state"), word(me));
  }
  customers.setBlocked(blocked(null, me, state.act));
}

// --- link ---------------------------------------------------------------------------------------------------------
function showHealth() {
  const link = live.state("office").get("link");
  const heard = dataAt();
  if (live.known("office") && heard) lastHeard = heard;
  const known = audiences.every((name) => live.known(name));
  const age = heard === null ? Infinity : live.now() - heard;
  const retryIn = (live.retryAt - Date.now()) / 1000;
  const next = health({ status: live.status, code: live.code, retryIn, known, link, age });
  const flipped = next.level !== state.level || next.act !== state.act;
  state = next;
  setText(byId("banner-text"), next.text);
  byId("banner").hidden = next.level === "ok";
  byId("banner").dataset.level = byId("link-badge").dataset.level = next.level;
  setText(byId("link-age"), ageShort(lastHeard === null ? null : Math.max(0, live.now() - lastHeard)));
  document.body.toggleAttribute("data-stale", next.level !== "ok");
  if (flipped) {
    if (next.text) announce(next.text);
    showEverything();
  }
}

function ageShort(seconds) {
  if (seconds === null) return "…";
  if (seconds >= 60) return duration(seconds);
  const one = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return interpolate(gettext("%s s"), [one.format(seconds)]);
}

function showEverything() {
  directory.addUnowned(live.state("office"));
  showAllRows();
  showCalls();
  showOwnPhone();
  parked.update(live.state("office"), (number) => directory.nameOf(number));
  parked.tick(live.now());
}

// --- commands -----------------------------------------------------------------------------------------------------
async function run(name, args, button, subject) {
  if (button.getAttribute("aria-disabled") === "true") return explainBlocked(button);
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  const asked = gettext("asked…");
  const label = button.querySelector("span");
  const before = label?.textContent;
  if (label) label.textContent = asked;
  const outcome = await commands.send(name, args);
  button.removeAttribute("aria-busy");
  if (label && label.textContent === asked) label.textContent = before;
  const level = { done: "ok", timed_out: "wait" }[outcome.kind] ?? "error";
  toast(`${subject}: ${outcomeText(outcome)}`, level, outcome.kind === "done" ? "" : outcome.detail);
  return undefined;
}

function dial(number, button, title) {
  run("originate", { extension: mine[0] ?? "", number }, button, title);
}

list.addEventListener("act", (event) => {
  const { name, row, button } = event.detail;
  const number = row.view?.number ?? row.person.numbers[0];
  if (name === "call") dial(number, button, row.dataset.title);
  else if (name === "star") directory.toggleFavourite(row);
  else showWhy(row, live.now());
});
myCalls.addEventListener("hangup", (event) => {
  const { view, button } = event.detail;
  run("hangup", { extension: view.extension, call_id: view.id }, button, view.party.title);
});
customers.addEventListener("dial", (event) => {
  const { number, button, title } = event.detail;
  dial(number, button, title);
});
document.addEventListener("customers-changed", () => recent.refresh());

// --- what arrives -------------------------------------------------------------------------------------------------
live.addEventListener("change", (event) => {
  const { audience, keys } = event.detail;
  showHealth();
  if (audience.startsWith("ext/")) recent.heard(audience, live.epoch(audience), live.state(audience).get("journal"));
  if (keys === null) return showEverything();
  if (audience === "office" || audience === "board") showChangedRows(keys);
  if (audience.startsWith("ext/")) showCalls();
  if (audience === "office") {
    if (keys.some((key) => mine.includes(key.slice(4)))) showOwnPhone();
    if (keys.some((key) => key.startsWith("park:"))) parked.update(live.state("office"), (n) => directory.nameOf(n));
    if (keys.some((key) => key.startsWith("ext:"))) directory.addUnowned(live.state("office"));
  }
  return undefined;
});
live.addEventListener("socket", showHealth);
live.addEventListener("refused", (event) => toast(clean(event.detail.text), "error"));
recent.addEventListener("fresh", showOwnPhone);
customers.addEventListener("fresh", showOwnPhone);
directory.addEventListener("fresh", showEverything);

setInterval(showHealth, 500);
setInterval(() => {
  const now = live.now();
  for (const row of directory.rows()) if (row.view) row.tick(now, staleSince());
  myCalls.tick(now, staleSince());
  parked.tick(now);
}, 1000);

installTips();
installNotifyButton(byId("notify-row"), byId("notify-ask"));
installPageControls({
  list,
  dialTyped: (number, button) => dial(number, button, number),
  canDial: () => blocked(null, own(), state.act),
  hangUpFirst: () => (myCalls.views[0] ? myCalls.act("hangup", myCalls.views[0].id) : announce(gettext("You have no calls."))),
  openCard: () => callCards.openFirst() || announce(gettext("You have no calls.")),
  showLink: () => toast(state.text || gettext("The link with the PBX is live."), state.level === "down" ? "error" : "ok"),
});
showEverything();
live.start();
