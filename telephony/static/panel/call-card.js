// The card of one call: who it is first, then what the system knows of them, then what can be done.

import { heading } from "./call-view.js";
import { clean, phoneNumber, setIcon, setText } from "./text.js";

const ICONS = { ringing: "bell", pickup: "bell", dialing: "dial", on_hold: "pause", talking: "talk" };
const MOST_OWNERS = 4; // the directory names no more either

const svg = (name) => `<svg class="icon" aria-hidden="true"><use href="#i-${name}"></use></svg>`;
const template = document.createElement("template");
template.innerHTML = `
  <article class="call">
    <header>${svg("talk")}<span class="call-kind"></span><span class="call-time num" role="timer"></span></header>
    <h3 class="call-name"></h3>
    <p class="call-company"></p>
    <p class="call-number"><span class="num"></span><span class="call-reason chip"></span></p>
    <p class="call-line"></p>
    <p class="call-others quiet small"></p>
    <dl class="call-known">
      <div class="call-owners"><dt></dt><dd></dd></div>
      <div class="call-manager"><dt></dt><dd><b></b> <span data-person></span></dd></div>
      <div class="call-note"><dt></dt><dd></dd></div>
      <div class="call-often"><dt class="sr-only"></dt><dd class="chip"></dd></div>
    </dl>
    <footer>
      <button type="button" class="button danger" data-act="hangup">${svg("hangup")}<span></span></button>
      <button type="button" class="button" data-act="card">${svg("card")}<span></span><kbd aria-hidden="true">C</kbd></button>
      <button type="button" class="button" data-act="place">${svg("plus")}<span></span></button>
    </footer>
  </article>`;

export function newCard() {
  return template.content.firstElementChild.cloneNode(true);
}

/** `known`: {calls, note, manager} of caller-facts.js, null until it is there; `why`: why no numbers may be added. */
export function fillCard(card, view, { known, nameOf, why }) {
  const put = (selector, text) => show(card.querySelector(selector), text);
  card.dataset.call = view.id;
  card.dataset.kind = view.kind;
  setIcon(card.querySelector("header svg"), ICONS[view.kind]);
  put(".call-kind", heading(view));
  put(".call-name", view.party.title);
  put(".call-company", view.party.company);
  card.querySelector(".call-name").title = view.party.title; // both may be cut
  card.querySelector(".call-company").title = view.party.company;
  setText(card.querySelector(".call-number .num"), view.party.number);
  put(".call-reason", view.caller.reason);
  card.querySelector(".call-number").hidden = !view.party.number && !view.caller.reason;
  put(".call-line", lineText(view));
  put(".call-others", view.others.length ? interpolate(gettext("Rings also: %s"), [view.others.join(", ")]) : "");
  fillOwners(card, view.caller.owners);
  fillManager(card, view, known, nameOf);
  fillRow(card.querySelector(".call-note"), gettext("Note"), clean(known?.note));
  card.querySelector(".call-note dd").title = clean(known?.note); // cut after two lines
  fillRow(card.querySelector(".call-often"), gettext("How often"), oftenText(known));
  const rows = [...card.querySelectorAll(".call-known > div")];
  card.querySelector(".call-known").hidden = rows.every((row) => row.hidden);
  fillButtons(card, view, why);
  card.setAttribute("aria-label", `${heading(view)}: ${view.party.title}`);
}

function show(node, text) {
  setText(node, text);
  node.hidden = !text;
}

function fillRow(row, label, text) {
  setText(row.firstElementChild, label);
  setText(row.lastElementChild, text);
  row.hidden = !text;
}

/** Whoever else has this number: each leads to the own card. Made anew only when they are others. */
function fillOwners(card, owners) {
  const row = card.querySelector(".call-owners");
  const shown = owners.slice(0, MOST_OWNERS);
  const key = JSON.stringify(shown);
  row.hidden = shown.length === 0;
  if (row.dataset.key === key) return;
  row.dataset.key = key;
  setText(row.firstElementChild, gettext("More owners"));
  row.lastElementChild.replaceChildren(
    ...shown.map((owner) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.dataset.openCard = `${owner.kind}/${owner.id}`;
      button.textContent = button.title = [clean(owner.name), clean(owner.company)].filter(Boolean).join(", ");
      return button;
    }),
  );
}

function fillManager(card, view, known, nameOf) {
  const row = card.querySelector(".call-manager");
  const id = view.caller.manager ?? known?.manager?.id ?? null; // the call's own word is of this moment
  const name = id === null ? "" : clean(nameOf(id) || (known?.manager?.id === id ? known.manager.name : ""));
  row.hidden = !name;
  if (!name) return;
  setText(row.firstElementChild, gettext("Responsible manager"));
  setText(row.querySelector("b"), name);
  row.querySelector("[data-person]").dataset.person = String(id);
}

/** The third call of seven days says so: this one is counted too. */
function oftenText(known) {
  if (!known?.calls) return "";
  return interpolate(gettext("call no. %s in a week"), [known.calls + 1]);
}

function fillButtons(card, view, why) {
  const act = (name) => card.querySelector(`[data-act=${name}]`);
  setText(act("hangup").querySelector("span"), view.kind === "ringing" ? gettext("Reject") : gettext("Hang up"));
  setText(act("card").querySelector("span"), gettext("Card"));
  act("card").setAttribute("aria-keyshortcuts", "C");
  const place = act("place");
  setText(place.querySelector("span"), gettext("Add number"));
  place.hidden = !view.caller.unknown;
  place.dataset.tip = why;
  place.setAttribute("aria-disabled", String(Boolean(why)));
  if (view.caller.unknown && !why) {
    place.dataset.openPlace = view.caller.number;
    place.dataset.call = view.id;
  } else delete place.dataset.openPlace;
}

function lineText(view) {
  const parts = [];
  if (view.queue) parts.push(interpolate(gettext("queue %s"), [clean(view.queue)]));
  if (view.line) parts.push(interpolate(gettext("line %s"), [phoneNumber(view.line)]));
  return parts.join(" · ");
}
