// How fresh and complete the picture is, in one level and one sentence. Pure.

import { age as ageText } from "./text.js";

export const STALE_AFTER = 18; // seconds without word from the PBX: the gateway asks a quiet one every 10 s and waits 5 s

/** → {level: ok|wait|down, text, act}: act = commands may be sent. `age` null = never heard. */
export function health({ status, code, retryIn, known, link, age }) {
  if (status === "closed") return down(closedText(code));
  if (status === "waiting") {
    const text = gettext("The page has lost the portal. What you see is old. Next try in %s s.");
    return down(interpolate(text, [Math.max(1, Math.ceil(retryIn))]));
  }
  if (status === "connecting") return wait(gettext("Connecting with the portal…"));
  if (!known) return wait(gettext("Resyncing: the state of the phones is being read again…"));
  if (!link) return wait(gettext("Waiting for the first word from the PBX…"));
  if (link.state !== "up") return linkText(link);
  if (age > STALE_AFTER) {
    return down(interpolate(gettext("The PBX has been silent for %s. What you see is old."), [ageText(age)]));
  }
  return { level: "ok", text: "", act: true };
}

function down(text) {
  return { level: "down", text, act: false };
}

function wait(text) {
  return { level: "wait", text, act: false };
}

function closedText(code) {
  if (code === 4401) return gettext("Your session has ended: reload the page and log in.");
  if (code === 4402) return gettext("The panel is closed: no licence key is valid for you. Phones go on working; ask an administrator.");
  return gettext("The panel has been switched off for you. Ask an administrator for the flag “Use”.");
}

function linkText(link) {
  switch (link.state) {
    case "resync":
      return wait(gettext("Resyncing with the PBX…"));
    case "connecting":
      return wait(gettext("The portal is connecting with the PBX…"));
    case "denied":
      return down(gettext("The PBX refuses the portal's log-in: an administrator must correct the AMI name or password."));
    default:
      return down(
        link.reason === "gateway_lost"
          ? gettext("The gateway does not answer: the link with the PBX is lost. Phones go on working, the panel waits.")
          : gettext("The link with the PBX is lost. Phones go on working; the portal keeps trying."),
      );
  }
}
