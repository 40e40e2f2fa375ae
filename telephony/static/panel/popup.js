// The pop-up of a ringing call: one for each (user, call), however many tabs and devices are open.
// Of the tabs of a browser the one that holds the call's lock asks for it; the others queue for the lock: when the tab
// that holds it is closed, the next one goes on. Of the devices the server chooses one. What is hidden lets what is
// visible go first.

import { announce } from "./overlays.js";

const HEAD_START = 400; // ms a visible tab has over hidden ones
const STILL_RINGS = 300; // ms a tab that had to wait makes sure: the one before may only have heard of the end sooner
const FLASH = 1000;

/** Says `shown` {view} when this page is the one that shows a call, `answered` {view} when such a call is taken, and
    `wanted` {view} when the browser's notification is clicked. */
export class Popups extends EventTarget {
  constructor(userId, claims) {
    super();
    this.userId = userId;
    this.claims = claims;
    this.managerOf = () => ""; // view → name of the responsible manager
    this.ringing = new Map(); // call id → {view, stop, again, mine, taken}
    this.title = document.title;
  }

  /** The calls that ring at this moment. */
  update(views) {
    const now = new Map(views.filter((view) => view.kind === "ringing").map((view) => [view.id, view]));
    for (const [id, popup] of this.ringing) {
      if (now.has(id)) continue;
      this.ringing.delete(id);
      popup.taken = views.find((view) => view.id === id && view.kind === "talking");
      popup.stop();
      this.sayAnswered(popup);
    }
    for (const [id, view] of now) {
      const popup = this.ringing.get(id);
      if (!popup) this.begin(id, view);
      else if (who(popup.view) !== who(view)) this.rename(popup, view);
    }
    document.body.toggleAttribute("data-ringing", now.size > 0);
    this.flashTitle();
  }

  begin(id, view) {
    const ringing = new AbortController();
    const popup = { view, stop: () => ringing.abort(), again: () => {}, mine: false, taken: undefined };
    this.ringing.set(id, popup);
    const wait = document.visibilityState === "visible" ? 0 : HEAD_START;
    setTimeout(() => this.claim(id, popup, ringing.signal), wait);
  }

  /** The directory is asked while it rings already: the name may come a moment after the number. */
  rename(popup, view) {
    popup.view = view;
    popup.again();
    this.flashed = null;
  }

  /** Shows the call as soon as no other tab does, if it still rings then. `signal`: it rings no more. */
  async claim(id, popup, signal) {
    const show = () => (signal.aborted ? undefined : this.lead(id, popup, signal)); // the lock is kept while it rings
    // Web Locks need https or localhost; without them there are no system notifications either
    if (!navigator.locks) return show();
    const name = `astpanel:popup:${this.userId}:${id}`;
    const first = await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await show();
      return Boolean(lock);
    });
    if (first || signal.aborted) return undefined;
    const late = () => aborted(signal, STILL_RINGS).then(show);
    return navigator.locks.request(name, { signal }, late).catch((error) => {
      if (!signal.aborted) throw error; // it stopped ringing while we queued
    });
  }

  /** This tab speaks for this device: shows the call as long as the server gives it to us. */
  async lead(id, popup, signal) {
    let close = null;
    while (!signal.aborted) {
      const { mine, again } = await this.claims.ask(id);
      popup.mine = mine;
      if (mine && !close && !signal.aborted) {
        close = this.show(id, popup.view);
        popup.again = () => (close = this.show(id, popup.view)); // the same tag: the browser replaces the first one
        this.dispatchEvent(new CustomEvent("shown", { detail: { view: popup.view } }));
      } else if (!mine && close) {
        close(); // we slept, and another device went on
        close = null;
        popup.again = () => {};
      }
      await aborted(signal, again * 1000);
    }
    close?.();
    this.claims.giveUp(id);
    this.sayAnswered(popup);
  }

  /** Once, when it is known that it was ours and that it was taken: whichever comes last. */
  sayAnswered(popup) {
    if (!popup.mine || !popup.taken) return;
    popup.mine = false;
    this.dispatchEvent(new CustomEvent("answered", { detail: { view: popup.taken } }));
  }

  show(id, view) {
    announce(`${gettext("Incoming call")}: ${who(view)}`);
    if (!("Notification" in window) || Notification.permission !== "granted") return () => {};
    const { company, number } = view.party;
    const manager = this.managerOf(view);
    const lines = [[company, number], [manager && interpolate(gettext("Manager: %s"), [manager])]];
    const body = lines.map((line) => line.filter(Boolean).join(" · ")).filter(Boolean).join("\n");
    const note = new Notification(view.party.title, { body, tag: `astpanel-${id}`, requireInteraction: true });
    note.onclick = () => {
      window.focus();
      note.close();
      this.dispatchEvent(new CustomEvent("wanted", { detail: { view } }));
    };
    return () => note.close();
  }

  flashTitle() {
    const first = this.ringing.values().next().value;
    if (first === this.flashed) return;
    this.flashed = first;
    clearInterval(this.flash);
    document.title = this.title;
    if (!first) return;
    const text = interpolate(gettext("Ringing: %s"), [first.view.party.title]);
    let on = true;
    document.title = text;
    this.flash = setInterval(() => {
      on = !on;
      document.title = on ? text : this.title;
    }, FLASH);
  }
}

/** Until the signal is given, or for so many milliseconds at most. */
function aborted(signal, most) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", resolve, { once: true });
    if (most !== undefined) setTimeout(resolve, most);
    return undefined;
  });
}

/** What a pop-up says of the caller. */
function who(view) {
  const { title, company, number } = view.party;
  return [title, company, number].filter(Boolean).join(", ");
}

/** The button in the menu: shown only while the browser has not been asked. */
export function installNotifyButton(row, button) {
  const refresh = () => (row.hidden = !("Notification" in window) || Notification.permission !== "default");
  button.addEventListener("click", async () => {
    await Notification.requestPermission();
    refresh();
  });
  refresh();
}
