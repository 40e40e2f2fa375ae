// Search field, views, filters, shortcuts: what belongs to the page, not to the calls.

import { remember, remembered } from "./memory.js";
import { closeWhy, explainBlocked, hide } from "./overlays.js";
import { dialableQuery } from "./search.js";
import { setText } from "./text.js";

const byId = (id) => document.getElementById(id);

export function installPageControls(actions) {
  installChoice("view", "table", (view) => (actions.list.dataset.view = view));
  installChoice("filter", "groups", (filter) => actions.list.setFilter(filter));
  installSearch(actions);
  installShortcuts(actions);
  byId("link-badge").addEventListener("click", actions.showLink);
  byId("show-shortcuts").addEventListener("click", () => byId("shortcuts").showModal());
  document.addEventListener("click", (event) => {
    const menu = byId("my-menu");
    if (!menu.contains(event.target)) menu.open = false;
    if (!byId("why").contains(event.target) && !event.target.closest?.("[data-act=why]")) hide(byId("why"));
  });
}

/** A segmented choice [data-NAME] kept in the browser. */
function installChoice(name, fallback, apply) {
  const buttons = [...document.querySelectorAll(`button[data-${name}]`)];
  const choose = (value) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset[name] === value));
    apply(value);
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      remember(name, button.dataset[name]);
      choose(button.dataset[name]);
    });
  }
  choose(remembered(name, fallback));
}

function installSearch({ list, dialTyped, canDial }) {
  const field = byId("search");
  const typed = byId("dial-typed");
  const number = () => dialableQuery(field.value);
  const update = () => {
    list.setQuery(field.value);
    typed.hidden = !number();
    setText(byId("dial-typed-number"), field.value.trim());
  };
  const call = () => {
    const why = canDial();
    typed.dataset.tip = why;
    if (why) explainBlocked(typed);
    else dialTyped(number(), typed);
  };
  field.addEventListener("input", update);
  field.addEventListener("keydown", (event) => {
    const rows = list.visible();
    if (event.key === "Escape" && field.value) {
      field.value = "";
      update();
      event.stopPropagation();
    } else if (event.key === "ArrowDown") rows[0]?.focus();
    else if (event.key === "Enter" && rows.length === 1) list.act("call", rows[0], rows[0].querySelector("[data-act=call]"));
    else if (event.key === "Enter" && number()) call();
    else return;
    event.preventDefault();
  });
  typed.addEventListener("click", call);
  list.addEventListener("arranged", () => showEmptyList(list));
  showEmptyList(list);
}

function showEmptyList(list) {
  const shown = list.visible().length;
  const empty = byId("people-empty");
  empty.hidden = shown > 0;
  list.hidden = shown === 0;
  setText(byId("people-count"), String(shown));
  const nobody = list.rows.size === 0;
  const admin = byId("people-empty-admin");
  if (admin) admin.hidden = !nobody;
  if (shown === 0) setText(byId("people-empty-text"), emptyText(list, nobody));
}

function emptyText(list, nobody) {
  if (nobody) return gettext("Nobody has an internal number yet. An administrator adds people under “Panel users”.");
  if (list.query) return gettext("Nobody is found. Try a part of the name, the number or the department.");
  return gettext("No favourites yet. Press the star beside a colleague, or F on the chosen row.");
}

function installShortcuts({ hangUpFirst, openCard }) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.matches("input, textarea, select");
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") openSearch();
    else if (event.ctrlKey && event.key === "Delete" && !typing) hangUpFirst();
    else if (isPlain(event, "KeyC") && !typing && !document.querySelector("dialog[open]")) openCard();
    else if (event.key === "?" && !typing) byId("shortcuts").showModal();
    else if (event.key === "Escape" && closeOverlays()) event.stopPropagation();
    else return;
    event.preventDefault();
  });
}

/** A letter alone, in either layout. */
function isPlain(event, code) {
  return event.code === code && !event.ctrlKey && !event.metaKey && !event.altKey;
}

function openSearch() {
  document.querySelector('.tabbar button[data-tab="people"]').click();
  byId("search").focus();
  byId("search").select();
}

function closeOverlays() {
  hide(byId("tip"));
  const menu = byId("my-menu");
  if (menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
    return true;
  }
  return closeWhy();
}
