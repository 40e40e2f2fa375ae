// Texts that came over the PBX are hostile: they reach the page only through these and textContent.

const LONGEST = 160;
// Control characters and everything that turns the direction of the text around
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Shortened, on one line, without marks that could disguise it. */
export function clean(text) {
  const plain = String(text ?? "").slice(0, LONGEST * 4).replace(INVISIBLE, " ").replace(/\s+/g, " ").trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}

/** +74951112233 → +7 495 111-22-33; anything else as it is. */
export function phoneNumber(number) {
  const text = clean(number);
  const parts = /^(?:\+7|8|7)(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(text);
  return parts ? `+7 ${parts[1]} ${parts[2]}-${parts[3]}-${parts[4]}` : text;
}

/** What lines and providers send instead of a number that the caller does not show. */
export function isHidden(number) {
  return /^\s*(anonymous|unknown|unavailable|restricted|private|withheld|hidden)?\s*$/i.test(number ?? "");
}

/** Party or Leg → {title, company, number}: the name in the directory, else what the PBX says, else the number. */
export function partyTexts(party) {
  const number = isHidden(party?.number) ? "" : phoneNumber(party.number);
  const title = clean(party?.contact?.name) || clean(party?.name) || number || gettext("number withheld");
  const company = clean(party?.contact?.company);
  return { title, company: company === title ? "" : company, number: number === title ? "" : number };
}

/** 133 s → 02:13; 3733 s → 1:02:13. */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
}

/** How old the data are, in words: 3 s, 2 min, 1 h. */
export function age(seconds) {
  if (seconds < 60) return interpolate(gettext("%s s"), [Math.floor(seconds)]);
  if (seconds < 3600) return interpolate(gettext("%s min"), [Math.floor(seconds / 60)]);
  return interpolate(gettext("%s h"), [Math.floor(seconds / 3600)]);
}

export function ago(seconds) {
  return interpolate(gettext("%s ago"), [age(Math.max(0, seconds))]);
}

/** Sets the text of a node only when it differs: unchanged cells cost nothing. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setIcon(svg, name) {
  const use = svg.firstElementChild;
  if (use.getAttribute("href") !== `#i-${name}`) use.setAttribute("href", `#i-${name}`);
}
