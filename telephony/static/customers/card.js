// Editing a card in place: keys, focus, messages. Forms come and go by htmx; everything is heard at the document.

import { explainBlocked, toast } from "../panel/overlays.js";
import { guardCards, mayGo, unsavedForms } from "./unsaved.js";

/** Once for a page. */
export function installCardEditing(root = document) {
  root.addEventListener("keydown", onKey);
  root.addEventListener("click", onClick);
  root.addEventListener("submit", keepHere);
  root.addEventListener("card-says", (event) => toast(event.detail.text, "wait"));
  root.addEventListener("htmx:afterRequest", keepFocus);
  guardCards();
}

function onKey(event) {
  const form = event.target.closest?.(".card-form");
  if (!form || event.isComposing) return;
  if (event.key === "Escape") stop(event, () => cancel(form));
  else if (event.key === "Enter" && saves(event)) stop(event, () => form.requestSubmit());
  else if (event.key === "ArrowDown" && event.target.matches("[type=search]")) {
    const choice = form.querySelector("[type=radio]:checked") ?? form.querySelector("[type=radio]");
    if (choice) stop(event, () => choice.focus());
  }
}

/** The key is pressed by habit, the button is not. */
async function cancel(form) {
  if (await mayGo(unsavedForms(form))) form.querySelector("[data-cancel]").click();
}

/** Text fields and radio buttons do it themselves; in a long text it takes Ctrl. */
function saves({ target, ctrlKey, metaKey }) {
  return target.matches("select") || (target.matches("textarea") && (ctrlKey || metaKey));
}

/** A form never leaves the page: what is typed would be lost, and stand in its address. */
function keepHere(event) {
  if (event.target.matches(".card-form")) event.preventDefault();
}

/** The page's own shortcuts do not hear it. */
function stop(event, act) {
  event.preventDefault();
  event.stopImmediatePropagation();
  act();
}

function onClick(event) {
  const button = event.target.closest?.(".card [aria-disabled=true][data-tip]:not([data-dial])");
  if (button) explainBlocked(button);
}

/** What had the focus is gone with its row: the keyboard goes on at the button below the list. */
function keepFocus({ detail }) {
  const { requestConfig, successful, xhr } = detail;
  if (!requestConfig?.path.endsWith("/delete/") || !successful || xhr.responseText.trim()) return;
  document.querySelector(".card #add-row")?.focus();
}
