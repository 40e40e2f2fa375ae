// What lies above the page: messages, tips with the reason of a blocked button, "why this colour?".

import { word } from "./presence.js";
import { age, clean } from "./text.js";

const STAYS = 6000;
const MOST = 4;
const byId = (id) => document.getElementById(id);

/** A message at the edge of the page. level: ok, wait, error. */
export function toast(text, level, detail = "") {
  const box = document.createElement("div");
  box.className = "toast";
  box.dataset.level = level;
  const icon = { ok: "check", error: "alert" }[level] ?? "info";
  box.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${icon}"></use></svg><div></div>`;
  const line = document.createElement("p");
  line.textContent = clean(text);
  box.lastElementChild.append(line);
  if (detail) {
    const small = document.createElement("p");
    small.className = "small quiet";
    small.textContent = clean(detail);
    box.lastElementChild.append(small);
  }
  const list = byId("toasts");
  list.append(box);
  while (list.children.length > MOST) list.firstElementChild.remove();
  setTimeout(() => box.remove(), level === "error" ? STAYS * 1.5 : STAYS);
}

/** Said at once by a screen reader. */
export function announce(text) {
  byId("announce").textContent = text;
}

/** Tips of [data-tip]: on hover, on focus, and on a click that is blocked. */
export function installTips() {
  const tip = byId("tip");
  const show = (target) => {
    const text = target.dataset.tip;
    if (!text) return;
    tip.textContent = text;
    place(tip, target);
  };
  const closest = (event) => (event.target instanceof Element ? event.target.closest("[data-tip]") : null);
  document.addEventListener("mouseover", (event) => (closest(event) ? show(closest(event)) : hide(tip)));
  document.addEventListener("focusin", (event) => (closest(event)?.matches(":focus-visible") ? show(closest(event)) : hide(tip)));
  document.addEventListener("scroll", () => hide(tip), { capture: true, passive: true });
}

export function explainBlocked(button) {
  const tip = byId("tip");
  tip.textContent = button.dataset.tip;
  place(tip, button);
  announce(button.dataset.tip);
}

/** "Why this colour?": what the PBX said, source by source. */
export function showWhy(row, now) {
  const bubble = byId("why");
  const { view } = row;
  byId("why-title").textContent = `${row.dataset.title}: ${word(view)}`;
  byId("why-since").textContent = view.since ? interpolate(gettext("for %s"), [age(now - view.since)]) : "";
  const reasons = view.why.length ? view.why.map(reasonText) : [gettext("The PBX has no hint for this number.")];
  byId("why-list").replaceChildren(
    ...reasons.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
  );
  place(bubble, row.querySelector("[data-act=why]"));
  bubble.focus();
}

function reasonText(reason) {
  const source = { hint: gettext("Hint"), channel: gettext("Channel"), device: gettext("Device") }[reason.source];
  return `${source ?? clean(reason.source)} ${clean(reason.name)}: ${clean(reason.value)}`;
}

function place(bubble, target) {
  bubble.hidden = false;
  bubble.anchor = target;
  const at = target.getBoundingClientRect();
  const box = bubble.getBoundingClientRect();
  const left = Math.min(innerWidth - box.width - 8, Math.max(8, at.left + at.width / 2 - box.width / 2));
  const below = at.bottom + 8 + box.height < innerHeight;
  bubble.style.left = `${left}px`;
  bubble.style.top = `${below ? at.bottom + 6 : at.top - box.height - 6}px`;
}

export function hide(bubble) {
  bubble.hidden = true;
}

/** Closes the bubble; the focus goes back to where it came from. */
export function closeWhy() {
  const bubble = byId("why");
  if (bubble.hidden) return false;
  const back = bubble.contains(document.activeElement) ? bubble.anchor?.closest("ap-colleague") : null;
  hide(bubble);
  back?.focus();
  return true;
}
