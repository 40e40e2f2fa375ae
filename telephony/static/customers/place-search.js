// The choice of a customer: found as it is typed, chosen by arrows and Enter or by a click.

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

const options = (dialog) => [...dialog.querySelectorAll("#place-results [role=option]")];

/** After a search: the first one is what Enter chooses. */
export function showResults(dialog) {
  const field = dialog.querySelector("#place-q");
  if (!field) return;
  const found = options(dialog);
  field.setAttribute("aria-expanded", String(found.length > 0));
  mark(dialog, found[0]);
}

/** Keys of the search field. → whether the key was meant for the list. */
export function onResultsKey(event, dialog) {
  if (event.target.id !== "place-q") return false;
  const found = options(dialog);
  const now = found.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (STEPS[event.key] && found.length) {
    mark(dialog, found[(now + STEPS[event.key] + found.length) % found.length]);
  } else if (event.key === "Enter") {
    if (!event.isComposing && settled(event.target)) found[now]?.click();
  } else return false;
  event.preventDefault();
  return true;
}

/** The list belongs to what is typed now: Enter never chooses somebody who was found for less. */
function settled(field) {
  const list = field.closest("form").querySelector("#place-results");
  return !field.classList.contains("htmx-request") && (list.dataset.for ?? field.defaultValue) === field.value;
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "place-results") return;
  const asked = new URLSearchParams(event.detail.pathInfo?.requestPath?.split("?")[1] ?? "").get("q");
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
