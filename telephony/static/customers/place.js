// «Добавить номер»: one dialog over the page. Its steps are fragments made by the server; what was done so far is a
// draft that every step posts, so nothing is written and nothing is kept anywhere until «Готово».

import { explainBlocked } from "../panel/overlays.js";
import { htmx } from "./htmx.js";
import { onResultsKey, showResults } from "./place-search.js";
import { onTableClick, onTableDoubleClick, onTableKey } from "./place-table.js";
import { offerUndo } from "./place-toast.js";
import { isUnsaved, mayGo } from "./unsaved.js";
import "./row-menu.js";

const ADDRESS = "/panel/place/";
let dialog = null;
let opener = null;
let justChosen = false; // the table has come, and no new click yet

/** detail: {number, call, kind, id}; kind and id of a customer who is known already. */
function open(detail) {
  build();
  opener = document.activeElement;
  const body = dialog.firstElementChild;
  body.replaceChildren();
  body.setAttribute("aria-busy", "true");
  if (!dialog.open) dialog.showModal();
  const { number = "", call = "", kind = "", id = "" } = detail;
  htmx.ajax("GET", `${ADDRESS}?${new URLSearchParams({ number, call, kind, id })}`, {
    target: body,
    swap: "innerHTML settle:0ms",
  });
}

function build() {
  if (dialog) return;
  dialog = document.createElement("dialog");
  dialog.className = "place-dialog";
  dialog.id = "place";
  dialog.setAttribute("aria-labelledby", "place-title");
  dialog.innerHTML = '<div id="place-body"></div>';
  document.body.append(dialog);
  dialog.addEventListener("cancel", onCancel);
  for (const name of ["click", "dblclick"]) dialog.addEventListener(name, dropHasty, { capture: true });
  dialog.addEventListener("click", onClick);
  dialog.addEventListener("dblclick", onTableDoubleClick);
  dialog.addEventListener("keydown", onKey);
  dialog.addEventListener("change", onChange);
  dialog.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "place-results") showResults(dialog);
    else settle();
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    dialog.addEventListener(name, (event) => failed(event.detail.xhr, name));
  }
  dialog.addEventListener("close", (event) => {
    if (event.target === dialog) giveFocusBack();
  });
}

/** The second click of a double click on a customer of the list is not for the table that has come meanwhile. */
function dropHasty(event) {
  if (event.detail <= 1) justChosen = false;
  if (!justChosen) return;
  event.preventDefault();
  event.stopPropagation();
}

/** A new step has come: its question lies on top, the focus goes where the work goes on. */
function settle() {
  const body = dialog.firstElementChild;
  body.removeAttribute("aria-busy");
  const step = dialog.querySelector("#place-table") ? "table" : "choice";
  justChosen = step === "table" && body.dataset.step === "choice";
  body.dataset.step = step;
  const nested = dialog.querySelector("dialog[data-open]");
  nested?.showModal();
  nested?.addEventListener("close", () => nestedClosed(nested));
  nested?.addEventListener("cancel", (event) => event.preventDefault() || leaveNested(nested));
  const target = (nested ?? body).querySelector("[data-autofocus]") ?? body.querySelector("[data-place-close]");
  target?.focus();
  if (target?.matches("input[type=text]")) target.select();
  showResults(dialog);
}

/** A question that was not answered leaves no field behind that the next step would post. */
function nestedClosed(nested) {
  nested.remove();
  const select = dialog.querySelector("#place-contact");
  if (select) select.value = dialog.querySelector("[name=person]").value;
  (dialog.querySelector("[data-row][data-autofocus]") ?? dialog.querySelector("[data-row][tabindex='0']"))?.focus();
}

/** A question is closed at once, a form in which something was typed after a question. */
async function leaveNested(nested) {
  if (!isUnsaved(nested) || (await mayGo([nested]))) nested.close();
}

// --- closing --------------------------------------------------------------------------------------------------------
function wantsToClose() {
  const touched = dialog.querySelector("#place-form")?.dataset.touched === "true" || named();
  const question = dialog.querySelector("#place-leave");
  if (touched && question) question.showModal();
  else dialog.close();
}

function named() {
  return Boolean(dialog.querySelector("[name=person_name]")?.value.trim());
}

function onCancel(event) {
  if (event.target !== dialog) return; // a question that lies on top closes by itself
  event.preventDefault();
  wantsToClose();
}

function giveFocusBack() {
  dialog.firstElementChild.replaceChildren();
  const same = opener?.dataset?.openPlace;
  const again = opener?.isConnected
    ? opener
    : same && document.querySelector(`[data-open-place="${CSS.escape(same)}"]`);
  (again || document.querySelector("#history, #card"))?.focus?.();
}

// --- what is done in it ---------------------------------------------------------------------------------------------
function onClick(event) {
  const button = event.target.closest("button");
  if (event.target === dialog && outside(event)) wantsToClose();
  else if (button?.matches("[data-place-close]")) wantsToClose();
  else if (button?.matches("[data-place-leave]")) dialog.close();
  else if (button?.matches("[data-nested-close]")) button.closest("dialog").close();
  else onTableClick(event);
}

function outside({ clientX: x, clientY: y }) {
  const box = dialog.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}

function onKey(event) {
  if (event.key === "Enter" && event.repeat) event.preventDefault(); // one press is one step
  else if (event.key === "Escape" && !event.isComposing && !event.target.matches("select")) leaveByKey(event);
  else stepByKey(event);
}

/** Not left to the browser: it closes a dialog without asking us when the key is pressed again and again. */
function leaveByKey(event) {
  event.preventDefault();
  const nested = event.target.closest(".place-nested");
  if (!nested) wantsToClose();
  else if (nested.matches("[data-open]")) leaveNested(nested);
  else nested.close();
}

function stepByKey(event) {
  if (onResultsKey(event, dialog) || onTableKey(event, dialog)) return;
  if (event.key !== "Enter" || !event.target.matches("input[type=text]")) return;
  event.preventDefault(); // the first button of the form is not meant
  const nested = event.target.closest("dialog[data-open]");
  (nested?.querySelector("[data-default]") ?? dialog.querySelector("#place-done"))?.click();
}

function onChange(event) {
  if (event.target.id !== "place-kind") return;
  dialog.querySelector("#place-extension-field").hidden = event.target.selectedOptions[0].dataset.phone !== "true";
}

function failed(xhr, name) {
  const plain = xhr?.getResponseHeader?.("Content-Type")?.startsWith("text/plain");
  const text = plain && xhr.responseText ? xhr.responseText : failureText(xhr, name);
  const body = dialog.firstElementChild;
  body.removeAttribute("aria-busy");
  let box = dialog.querySelector("#place-notices");
  if (!box) {
    body.innerHTML = '<div class="place"><div id="place-notices" role="alert"></div><footer class="place-foot"><span></span><button type="button" class="button" data-place-close></button></footer></div>';
    body.querySelector("button").textContent = gettext("Close");
    body.querySelector("button").focus();
    box = body.querySelector("#place-notices");
  }
  const line = document.createElement("p");
  line.className = "notice error";
  line.textContent = text;
  box.replaceChildren(line);
}

function failureText(xhr, name) {
  if (xhr?.status === 401) return gettext("Your session has ended: reload the page and log in.");
  if (name === "htmx:responseError") return gettext("The portal had an error, nothing was written. Try again.");
  return gettext("No answer from the portal. Try again: a number is never added twice.");
}

// --- from and to the page -------------------------------------------------------------------------------------------
document.addEventListener("open-place", (event) => open(event.detail));
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-open-place]");
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true") {
    explainBlocked(button);
    return;
  }
  const { openPlace: number, call, placeKind: kind, placeId: id } = button.dataset;
  open({ number, call, kind, id });
});
document.addEventListener("place-done", (event) => {
  dialog?.close();
  offerUndo(event.detail);
  document.dispatchEvent(new CustomEvent("customers-changed"));
});
