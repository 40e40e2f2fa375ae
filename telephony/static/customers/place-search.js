// The choice of a customer: found as it is typed, chosen by arrows and Enter or by a click.

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

const options = (dialog) => [...dialog.querySelectorAll("#place-results [role=option]")];

/** After a search: the first one is what Enter chooses, also an Enter that came before the answer. */
export function showResults(dialog) {
  const field = dialog.querySelector("#place-q");
  if (!field) return;
  const found = options(dialog);
  field.setAttribute("aria-expanded", String(found.length > 0));
  mark(dialog, found[0]);
  if (field.dataset.hurry && settled(field)) found[0]?.click();
  if (settled(field)) delete field.dataset.hurry;
}

/** Keys of the search field. → whether the key was meant for the list. */
export function onResultsKey(event, dialog) {
  const field = event.target;
  if (field.id !== "place-q") return false;
  const found = options(dialog);
  const now = found.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (STEPS[event.key] && found.length) {
    mark(dialog, found[(now + STEPS[event.key] + found.length) % found.length]);
  } else if (event.key === "Enter" && !event.isComposing) {
    if (settled(field)) found[now]?.click();
    else field.dataset.hurry = "true";
  } else return false;
  event.preventDefault();
  return true;
}

/** The list belongs to what is typed now: Enter never chooses somebody who was found for less. */
function settled(field) {
  const list = field.closest("form").querySelector("#place-results");
  return (list.dataset.for ?? field.defaultValue) === field.value;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id !== "place-results") return;
  const path = event.detail.pathInfo?.finalRequestPath ?? "";
  const asked = new URLSearchParams(path.split("?")[1] ?? "").get("q");
  if (asked !== null) event.target.dataset.for = asked;
});

function mark(dialog, option) {
  for (const one of options(dialog)) one.setAttribute("aria-selected", String(one === option));
  const field = dialog.querySelector("#place-q");
  if (option) {
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else field.removeAttribute("aria-activedescendant");
}
