// The pop-up of a ringing call: one for each (user, call), however many tabs are open.
// The tab that holds the call's lock shows it; a hidden tab lets a visible one go first. The others queue for the lock:
// when the tab that holds it is closed, the next one goes on.

import { announce } from "./overlays.js";

const HEAD_START = 200; // ms a visible tab has over hidden ones
const STILL_RINGS = 300; // ms a tab that had to wait makes sure: the one before may only have heard of the end sooner
const FLASH = 1000;

export class Popups {
  constructor(userId) {
    this.userId = userId;
    this.ringing = new Map(); // call id → {view, stop, again}
    this.title = document.title;
  }

  /** The calls that ring at this moment. */
  update(views) {
    const now = new Map(views.filter((view) => view.kind === "ringing").map((view) => [view.id, view]));
    for (const [id, popup] of this.ringing) {
      if (now.has(id)) continue;
      this.ringing.delete(id);
      popup.stop();
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
    const popup = { view, stop: () => ringing.abort(), again: () => {} };
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
    const show = async () => {
      if (signal.aborted) return;
      let close = this.show(id, popup.view);
      popup.again = () => (close = this.show(id, popup.view)); // the same tag: the browser replaces the first one
      await aborted(signal); // the lock is kept while it rings
      close();
    };
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

  show(id, view) {
    const { title, company, number } = view.party;
    announce(`${gettext("Incoming call")}: ${who(view)}`);
    if (!("Notification" in window) || Notification.permission !== "granted") return () => {};
    const body = [company, number].filter(Boolean).join(" · ");
    const note = new Notification(title, { body, tag: `astpanel-${id}`, requireInteraction: true });
    note.onclick = () => {
      window.focus();
      note.close();
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
