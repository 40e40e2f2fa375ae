// What was written, with «Отменить» for a while; the list of one's own placements has the same button for ten minutes.

import { clean } from "../panel/text.js";

const STAYS = 20000; // ms; as long as the pointer or the focus is on it, it stays
const ADDRESS = "/panel/place/undo/";

/** told: {text, ok, detail, undo}; undo: the placement that can be taken back. */
export function offerUndo(told) {
  const box = message(told);
  if (told.undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.dataset.undoPlacement = told.undo;
    button.textContent = gettext("Undo");
    box.append(button);
  }
  box.append(closing(box));
  document.getElementById("toasts")?.append(box);
  leave(box);
}

/** It stays long, and something may be wanted that lies under it. */
function closing(box) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "icon-button";
  button.setAttribute("aria-label", gettext("Close"));
  button.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-close"></use></svg>';
  button.addEventListener("click", () => box.remove());
  return button;
}

function message({ text, ok, detail }) {
  const box = document.createElement("div");
  box.className = "toast place-toast";
  box.dataset.level = ok ? "ok" : "error";
  box.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#i-${ok ? "check" : "alert"}"></use></svg><div></div>`;
  for (const [line, name] of [[text, ""], [detail, "small quiet"]]) {
    if (line) box.lastElementChild.append(Object.assign(document.createElement("p"), { textContent: clean(line), className: name }));
  }
  return box;
}

function leave(box) {
  setTimeout(() => (box.matches(":hover, :focus-within") ? leave(box) : box.remove()), STAYS);
}

async function undo(button) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const body = new URLSearchParams({ placement: button.dataset.undoPlacement });
  const headers = { "X-CSRFToken": token, "HX-Request": "true" };
  const answer = await fetch(ADDRESS, { method: "POST", body, headers }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  button.removeAttribute("aria-busy");
  if (!told) {
    offerUndo({ text: gettext("Not taken back: no answer from the portal. Try again."), ok: false });
    return;
  }
  button.closest(".toast")?.remove();
  if (button.isConnected) button.remove(); // in a list
  offerUndo({ ...told, undo: null });
  document.dispatchEvent(new CustomEvent("customers-changed"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-undo-placement]");
  if (button) undo(button);
});
