/* «Аудио устройства»: fills the three lists with what this computer has.

   The names of devices are told by the browser only after the microphone was allowed: a button asks for it. Whatever
   the answer, what was chosen before stays in the lists, and the page can be saved. */

const LONGEST = 200; // characters of a label the server keeps
const ALIASES = new Set(["default", "communications"]); // of Chromium: the system's choice, which the list has already

const box = document.querySelector("[data-audio]");
const ask = box?.querySelector("[data-ask]");
const said = box?.querySelector("[data-said]");
const lists = [...document.querySelectorAll("[data-devices] select")];
const offered = new Map(lists.map((list) => [list, [...list.options].map((option) => option.value).filter(Boolean)]));

function labelsOf(devices, kind) {
  const real = devices.filter((device) => device.kind === kind && device.label && !ALIASES.has(device.deviceId));
  return [...new Set(real.map((device) => device.label.trim().slice(0, LONGEST)))];
}

function fill(list, present) {
  const chosen = list.value;
  const absent = offered.get(list).filter((label) => !present.includes(label));
  const system = list.options[0];
  const options = present.map((label) => new Option(label, label));
  const gone = absent.map((label) => new Option(interpolate(gettext("%s (not connected here)"), [label]), label));
  list.replaceChildren(system, ...options, ...gone);
  list.value = chosen;
}

async function show() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const named = devices.some((device) => device.label);
  if (!named) return false;
  for (const list of lists) fill(list, labelsOf(devices, list.closest("[data-devices]").dataset.devices));
  return true;
}

function why(error) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return gettext("The browser was not allowed the microphone. Allow it beside the address of the page, then try again.");
    case "NotFoundError":
      return gettext("This computer has no microphone. Connect one, then try again.");
    case "NotReadableError":
      return gettext("The microphone is taken by another program. Close it there, then try again.");
    default:
      return interpolate(gettext("The browser does not show its devices (%s)."), [error.name]);
  }
}

async function request() {
  ask.disabled = true;
  delete said.dataset.problem;
  said.textContent = gettext("The browser asks whether this page may use the microphone…");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop(); // nothing is listened to: only the names are wanted
    ask.hidden = await show();
    said.textContent = gettext("These are the devices of this computer. Choose, then save.");
  } catch (error) {
    said.dataset.problem = error.name;
    said.textContent = why(error);
  }
  ask.disabled = false;
}

async function begin() {
  if (!navigator.mediaDevices?.enumerateDevices) {
    said.textContent = gettext("Browsers show audio devices to pages over HTTPS only.");
    return;
  }
  ask.addEventListener("click", request);
  navigator.mediaDevices.addEventListener("devicechange", show);
  ask.hidden = await show(); // allowed earlier: nothing to ask
}

if (ask) begin();
