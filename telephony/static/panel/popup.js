// The pop-up of a ringing call: one for each (user, call), however many tabs are open.
// The tab that holds the call's lock shows it; a hidden tab lets a visible one go first.

import { announce } from "./overlays.js";

const HEAD_START = 200; // ms a visible tab has over hidden ones
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
    const popup = { view, stop: null, again: () => {} };
    const over = new Promise((resolve) => (popup.stop = resolve));
    this.ringing.set(id, popup);
    const wait = document.visibilityState === "visible" ? 0 : HEAD_START;
    setTimeout(() => this.claim(id, popup, over), wait);
  }

  /** The directory is asked while it rings already: the name may come a moment after the number. */
  rename(popup, view) {
    popup.view = view;
    popup.again();
    this.flashed = null;
  }

  async claim(id, popup, over) {
    const show = async (lock) => {
      if (!lock || this.ringing.get(id) !== popup) return;
      let close = this.show(id, popup.view);
      popup.again = () => (close = this.show(id, popup.view)); // the same tag: the browser replaces the first one
      await over; // the lock is kept while it rings
      close();
    };
    // Web Locks need https or localhost; without them there are no system notifications either
    if (navigator.locks) await navigator.locks.request(`astpanel:popup:${this.userId}:${id}`, { ifAvailable: true }, show);
    else await show(true);
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
