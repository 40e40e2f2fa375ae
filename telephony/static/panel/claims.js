// Which device shows the pop-up of a call: the server gives it to one, as a lease (telephony/customers/popups.py).

const PATIENCE = 1500; // ms: then the server is taken to be away
const AWAY = { mine: true, again: 2 }; // a pop-up twice is better than none

export class Claims {
  constructor(url) {
    this.url = url;
    this.device = made();
    this.held = new Set(); // calls
    addEventListener("pagehide", () => [...this.held].forEach((call) => this.giveUp(call)));
  }

  /** → {mine, again}: whether this page shows it, and after how many seconds to ask again. Never rejects. */
  async ask(call) {
    const impatient = new AbortController();
    const timer = setTimeout(() => impatient.abort(), PATIENCE);
    const headers = { "HX-Request": "true", "X-CSRFToken": token() };
    try {
      const asked = { method: "POST", body: this.body(call), headers, signal: impatient.signal };
      const answer = await fetch(this.url, asked);
      if (!answer.ok) return AWAY;
      const { mine, again_in: again } = await answer.json();
      if (mine) this.held.add(call);
      else this.held.delete(call);
      return { mine, again };
    } catch {
      return AWAY;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The page closes, or it rings no more here: another device need not wait until the lease ends. */
  giveUp(call) {
    if (!this.held.delete(call)) return;
    const body = this.body(call);
    body.set("give_up", "1");
    body.set("csrfmiddlewaretoken", token());
    navigator.sendBeacon(this.url, body);
  }

  body(call) {
    return new URLSearchParams({ call, device: this.device });
  }
}

/** Of this page only, nothing is kept. (randomUUID is not there without https.) */
function made() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function token() {
  return document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}
