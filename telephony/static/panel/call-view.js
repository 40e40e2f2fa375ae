// A call of the protocol, seen from my own numbers: what kind it is for me, who the other side is. Pure.

import { partyTexts } from "./text.js";

const ORDER = { ringing: 0, pickup: 1, talking: 2, on_hold: 3, dialing: 4 };

/** → null when no leg of mine is alive, else everything a card shows. `mine` = my numbers. */
export function callView(call, mine) {
  const own = call.legs.find((leg) => leg.is_extension && mine.includes(leg.number) && leg.state !== "ended");
  if (!own) return null;
  const iCall = mine.includes(call.caller.number);
  const kind = kindOf(call, own, iCall);
  const talking = kind === "talking" || kind === "on_hold";
  return {
    id: call.id,
    kind,
    extension: own.number,
    direction: call.direction,
    party: partyTexts(iCall ? call.called : call.caller),
    queue: call.queue,
    line: call.direction === "inbound" ? call.line : "",
    since: talking ? (call.answered ?? own.since) : (kind === "dialing" ? call.started : own.since),
    others: kind === "ringing" ? ringingElsewhere(call, mine) : [],
  };
}

/** A queue or a ring group rings several phones: who else might answer. */
function ringingElsewhere(call, mine) {
  const legs = call.legs.filter((leg) => leg.is_extension && leg.state === "ringing" && !mine.includes(leg.number));
  return legs.map((leg) => partyTexts(leg).title);
}

function kindOf(call, own, iCall) {
  if (own.state === "ringing") return iCall ? "pickup" : "ringing";
  if (own.state === "on_hold" || call.state === "on_hold") return "on_hold";
  if (own.state === "dialing" || ["dialing", "ringing", "queued"].includes(call.state)) return "dialing";
  return "talking";
}

/** What is most urgent comes first; within that the newest. */
export function byUrgency(a, b) {
  return ORDER[a.kind] - ORDER[b.kind] || b.since - a.since;
}

export function heading(view) {
  switch (view.kind) {
    case "ringing":
      return view.direction === "internal" ? gettext("A colleague is calling") : gettext("Incoming call");
    case "pickup":
      return gettext("Pick up your phone: it rings first");
    case "on_hold":
      return gettext("On hold");
    case "dialing":
      return gettext("Calling");
    default:
      return view.direction === "internal" ? gettext("Talking with a colleague") : gettext("Talking");
  }
}
