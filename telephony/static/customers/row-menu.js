// The context menu of a row: right click, the menu key, Shift+F10, or its button «⋯». A row brings the menu along in a
// <template data-row-menu>; an entry [data-press="selector"] presses that button of the row.

const STEPS = { ArrowDown: 1, ArrowUp: -1 };
let menu = null;
let row = null;
let back = null;
let stood = 0; // where the row was when it opened

const entries = () => [...menu.querySelectorAll("[role=menuitem]")];

function open(of, { x, y, from }) {
  close({ focus: false });
  row = of;
  back = from;
  menu = document.createElement("div");
  menu.className = "row-menu";
  menu.setAttribute("role", "menu");
  menu.append(of.querySelector("template[data-row-menu]").content.cloneNode(true));
  menu.setAttribute("aria-label", menu.querySelector("[data-menu-title]")?.textContent.trim() ?? "");
  for (const entry of entries()) entry.tabIndex = -1;
  document.body.append(menu);
  of.querySelector("[data-open-menu]")?.setAttribute("aria-expanded", "true");
  const box = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(4, Math.min(x, innerWidth - box.width - 4))}px`;
  menu.style.top = `${Math.max(4, y + box.height > innerHeight - 4 ? y - box.height : y)}px`;
  entries()[0]?.focus();
  stood = topOf(of);
}

function topOf(element) {
  return element.getBoundingClientRect().top;
}

function close({ focus }) {
  if (!menu) return;
  menu.remove();
  menu = null;
  row.querySelector("[data-open-menu]")?.setAttribute("aria-expanded", "false");
  if (!focus) return;
  const again = back?.isConnected ? back : document.querySelector(`[data-call="${CSS.escape(row.dataset.call ?? "")}"] [data-open-menu]`);
  again?.focus();
}

function choose(entry) {
  if (entry.getAttribute("aria-disabled") === "true") return;
  const pressed = row.querySelector(entry.dataset.press);
  const where = row;
  close({ focus: true });
  if (pressed?.isConnected) pressed.click();
  else document.querySelector(`[data-call="${CSS.escape(where.dataset.call ?? "")}"] ${entry.dataset.press}`)?.click(); // the list came anew meanwhile
}

document.addEventListener("contextmenu", (event) => {
  const of = rowOf(event.target);
  if (!of) return;
  event.preventDefault();
  const byKey = event.button !== 2 || (event.clientX === 0 && event.clientY === 0);
  const from = of.contains(document.activeElement) ? document.activeElement : of.querySelector("[data-open-menu]");
  open(of, { from, ...(byKey ? below(from ?? of) : { x: event.clientX, y: event.clientY }) });
});

document.addEventListener("click", (event) => {
  const entry = menu?.contains(event.target) ? event.target.closest("[role=menuitem]") : null;
  const button = event.target.closest?.("[data-open-menu]");
  if (entry) choose(entry);
  else if (button && button.getAttribute("aria-expanded") === "true") close({ focus: true });
  else if (button) open(rowOf(button), { from: button, ...below(button) });
  else if (menu && !menu.contains(event.target)) close({ focus: false });
});

document.addEventListener(
  "keydown",
  (event) => {
    if (!menu) return;
    const all = entries();
    const now = all.indexOf(document.activeElement);
    if (event.key === "Escape" || event.key === "Tab") close({ focus: true });
    else if (STEPS[event.key]) all[(now + STEPS[event.key] + all.length) % all.length].focus();
    else if (event.key === "Home") all[0].focus();
    else if (event.key === "End") all.at(-1).focus();
    else if (event.key === "Enter" || event.key === " ") all[now]?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  { capture: true },
);

// Something else may scroll, and what was scrolled before the click is told after it
const leave = () => menu && topOf(row) !== stood && close({ focus: false });
document.addEventListener("scroll", leave, { capture: true, passive: true });
for (const name of ["resize", "blur"]) window.addEventListener(name, () => close({ focus: false }));

function rowOf(target) {
  const found = target.closest?.("[data-has-menu]");
  return found?.querySelector("template[data-row-menu]") ? found : null;
}

function below(element) {
  const box = element.getBoundingClientRect();
  return { x: box.left, y: box.bottom + 2 };
}
