// What a colleague's row says: one state out of the states of all their numbers. Pure.

const RANK = { talking: 0, ringing: 1, free: 2, unknown: 3, off: 4 };
const NOTHING = { state: "unknown", detail: "", since: null, why: [] };

/** The extension that decides: talking wins over ringing, over free; off only when every phone is off. */
export function presence(numbers, office) {
  let best = null;
  for (const number of numbers) {
    const value = office.get(`ext:${number}`);
    if (value && (best === null || RANK[value.state] < RANK[best.state])) best = value;
  }
  return best ?? { ...NOTHING, number: numbers[0] };
}

/** Peers of a talking colleague: only supervisors are sent them. */
export function peersOf(numbers, board) {
  return numbers.flatMap((number) => board.get(`talk:${number}`)?.peers ?? []);
}

export function icon(view) {
  if (view.detail === "on_hold") return "pause";
  if (view.detail === "dialing") return "dial";
  if (view.detail === "dnd") return "dnd";
  return { off: "handset-off", free: "handset", ringing: "bell", talking: "talk" }[view.state] ?? "unknown";
}

export function word(view) {
  if (view.detail === "on_hold") return gettext("on hold");
  if (view.detail === "dialing") return gettext("dialling");
  if (view.detail === "dnd") return gettext("do not disturb");
  switch (view.state) {
    case "off":
      return gettext("offline");
    case "free":
      return gettext("free");
    case "ringing":
      return gettext("ringing");
    case "talking":
      return gettext("talking");
    default:
      return gettext("no data");
  }
}

/** Which states count their time on the row. */
export function timed(view) {
  return Boolean(view.since) && (view.state === "talking" || view.state === "ringing");
}

/** Why the arrow must not dial now; empty = it may. `own` is my own phone's state. */
export function blocked(view, own, canAct) {
  if (!canAct) return gettext("There is no live connection with the PBX: calls cannot be made from here.");
  if (!own) return gettext("You have no internal number: an administrator sets it in your card.");
  if (own.state === "off") return gettext("Your own phone is offline: switch it on, it rings first.");
  if (own.state === "unknown") return gettext("The PBX says nothing about your own phone: it would ring first.");
  return view ? blockedByTarget(view) : "";
}

function blockedByTarget(view) {
  if (view.state === "off") return gettext("The phone is offline: there is nothing to ring.");
  if (view.state === "talking") return gettext("The colleague is talking: call when the phone is free.");
  if (view.state === "unknown") return gettext("The state of this phone is not known.");
  return "";
}
