// What was typed into a form and is saved nowhere: it never goes without a question, in the page's own dialog where the
// page stays, in the browser's where it is left.

import { clean } from "../panel/text.js";

const FIELDS = "input:not([type=hidden], [type=search]), textarea, select";
const LONGEST = 80; // characters shown of a field
let asking = false;

/** Fields that say something else than when their form came. */
function changed(root) {
  return [...root.querySelectorAll(FIELDS)].filter((field) => {
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
    if (!field.matches("select")) return field.value !== field.defaultValue;
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(0, first);
  });
}

/** Typed, or refused by the portal and back again with the reason. */
export function isUnsaved(form) {
  return form.querySelector("[role=alert]") !== null || changed(form).length > 0;
}

/** The forms of a part of the page that hold something. `but`: the one that is being sent. */
export function unsavedForms(root, but = null) {
  const forms = [...root.querySelectorAll("form")];
  if (root.matches?.("form")) forms.push(root);
  return forms.filter((form) => form !== but && isUnsaved(form));
}

/** → whether it may go: true at once where nothing would be lost. The question is on the page before this returns. */
export async function mayGo(forms) {
  if (!forms.length) return true;
  if (asking) return false;
  asking = true;
  const discard = await answer(question(forms.flatMap((form) => changed(form))));
  asking = false;
  if (!discard) (changed(forms[0])[0] ?? forms[0].querySelector("[autofocus], [data-autofocus]"))?.focus();
  return discard;
}

function answer(dialog) {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "discard");
    });
  });
}

function question(fields) {
  const dialog = document.createElement("dialog");
  dialog.className = "place-nested unsaved";
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-labelledby", "unsaved-title");
  dialog.setAttribute("aria-describedby", "unsaved-text");
  dialog.innerHTML = `<h3 id="unsaved-title"></h3><div id="unsaved-text"><p></p><dl></dl></div>
    <form method="dialog" class="place-buttons">
      <button class="button primary" value="" autofocus></button><button class="button danger" value="discard"></button>
    </form>`;
  const put = (selector, text) => (dialog.querySelector(selector).textContent = text);
  put("h3", gettext("Not saved"));
  put("p", gettext("What you typed here is not saved. If you go on, it is lost."));
  put(".primary", gettext("Keep editing"));
  put(".danger", gettext("Do not save"));
  dialog.querySelector("dl").replaceChildren(...fields.flatMap(shown));
  return dialog;
}

/** What would be lost: the field and what stands in it. */
function shown(field) {
  const radio = field.matches("[type=radio]");
  if (radio && !field.checked) return [];
  const label = radio ? field.closest("[aria-label]")?.getAttribute("aria-label") : field.labels?.[0]?.textContent;
  const whole = clean((radio ? field.closest("label")?.textContent : said(field)) ?? "").trim();
  const short = whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
  const one = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  return [one("dt", clean(label ?? "").trim()), one("dd", short || "—")];
}

function said(field) {
  return field.matches("select") ? field.selectedOptions[0]?.textContent : field.value;
}

/** Calls `show(on)` whenever something in the box begins or ceases to be unsaved. */
export function watchUnsaved(box, show) {
  let before = false;
  const look = () => {
    const now = unsavedForms(box).length > 0;
    if (now !== before) show(now);
    before = now;
  };
  box.addEventListener("input", look);
  new MutationObserver(look).observe(box, { childList: true, subtree: true });
}

/** Fragments that would take forms of a card away, and leaving the page, ask first. */
export function guardCards() {
  document.addEventListener("htmx:confirm", (event) => {
    const { elt, target, issueRequest } = event.detail;
    const forms = target?.closest?.(".card") ? unsavedForms(target, elt.closest("form")) : [];
    if (!forms.length) return;
    event.preventDefault();
    mayGo(forms).then((going) => going && issueRequest(true));
  });
  window.addEventListener("beforeunload", (event) => {
    const draft = document.querySelector("#place[open] #place-form[data-touched=true]");
    const typed = [...document.querySelectorAll(".card")].some((card) => unsavedForms(card).length);
    if (!draft && !typed) return;
    event.preventDefault();
    event.returnValue = true; // browsers before 2023
  });
}
