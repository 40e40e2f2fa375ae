// The table of contact information: a row is chosen, and keys or a double click press the buttons that it has.

const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const KEYS = { Enter: "put", F2: "edit", Delete: "delete", Backspace: "delete" };

export function onTableDoubleClick(event) {
  const row = event.target.closest("[data-row]");
  if (row && !event.target.closest("button")) press(row, "put");
}

/** A click chooses the row. */
export function onTableClick(event) {
  const row = event.target.closest("[data-row]");
  if (row && !event.target.closest("button")) choose(row);
}

/** → whether the key was meant for the table. */
export function onTableKey(event, dialog) {
  const row = event.target.closest("[data-row]");
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return false;
  const rows = [...dialog.querySelectorAll("[data-row]")];
  const place = rows.indexOf(row);
  const target = { Home: rows[0], End: rows.at(-1) }[event.key] ?? rows[place + (STEPS[event.key] ?? NaN)];
  if (target) choose(target);
  else if (event.target === row && KEYS[event.key]) press(row, KEYS[event.key]);
  else if (event.target === row && event.key === "*") press(row, "main_row");
  else if (["ArrowRight", "ArrowLeft"].includes(event.key)) along(row, event);
  else return false;
  event.preventDefault();
  return true;
}

function choose(row) {
  for (const one of row.closest("table").querySelectorAll("[data-row]")) one.tabIndex = one === row ? 0 : -1;
  row.focus();
}

/** Deleting a row that is struck through takes the deletion back. */
function press(row, name) {
  const button = row.querySelector(`[name=${name}]`) ?? (name === "delete" ? row.querySelector("[name=restore]") : null);
  button?.click();
}

/** Left and right: the row itself, then its buttons. */
function along(row, event) {
  const stops = [row, ...row.querySelectorAll("button:not([hidden])")];
  const place = stops.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1);
  stops[Math.min(stops.length - 1, Math.max(0, place))].focus();
}
