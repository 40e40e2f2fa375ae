// A call of the protocol, seen from my own numbers: what kind it is for me, who the other side is. Pure.

import { isHidden, partyTexts } from "./text.js";

const ORDER = { ringing: 0, pickup: 1, talking: 2, on_hold: 3, dialing: 4 };

/** → null when no leg of mine is alive, else everything a card shows. `mine` = my numbers. */
export function callView(call, mine) {
  const own = call.legs.find((leg) => leg.is_extension && mine.includes(leg.number) && leg.state !== "ended");
  if (!own) return null;
  const iCall = mine.includes(call.caller.number);
  const kind = kindOf(call, own, iCall);
  const talking = kind === "talking" || kind === "on_hold";
  const other = iCall ? call.called : call.caller;
  return {
    id: call.id,
    kind,
    extension: own.number,
    direction: call.direction,
    party: partyTexts(other),
    caller: callerOf(other, call),
    queue: call.queue,
    line: call.direction === "inbound" ? call.line : "",
    since: talking ? (call.answered ?? own.since) : (kind === "dialing" ? call.started : own.since),
    others: kind === "ringing" ? ringingElsewhere(call, mine) : [],
  };
}

/** Who the other side is in the directory, and what its card is asked for by. */
function callerOf(party, call) {
  const contact = party.contact ?? null;
  const number = isHidden(party.number) ? "" : party.number;
  return {
    number,
    contact,
    reason: { last10: gettext("by the last 10 digits"), line: gettext("the company's line") }[contact?.reason] ?? "",
    owners: contact?.others ?? [],
    manager: contact?.manager ?? null,
    unknown: !contact && Boolean(number) && call.direction !== "internal",
    outside: call.direction !== "internal",
    subject: contact?.kind === "user" ? { kind: "user", id: contact.id } : { number, call: call.id },
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
  // Who is called is in the call as soon as the phone is picked up; until both are in a bridge the call itself still rings
  if (own.state === "dialing" || (iCall && ["dialing", "ringing", "queued"].includes(call.state))) return "dialing";
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
