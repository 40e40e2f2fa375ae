// A click becomes a command; every command gets exactly one outcome, in words.

const PATIENCE = 12000; // the server answers within 10 s, or says "timed out" itself

export class Commands {
  constructor(live) {
    this.live = live;
    this.pending = new Map();
    this.last = 0;
    live.addEventListener("outcome", (event) => this.settle(event.detail.id, event.detail));
    live.addEventListener("socket", () => live.status !== "open" && this.abandon());
  }

  /** → promise of {kind, text, detail}; never rejects. */
  send(name, args) {
    const id = String((this.last += 1));
    return new Promise((resolve) => {
      if (!this.live.send({ t: "command", id, name, args })) {
        resolve({ kind: "failed", text: gettext("Not sent: the page has lost the portal.") });
        return;
      }
      const timer = setTimeout(() => this.settle(id, { kind: "timed_out", text: "" }), PATIENCE);
      this.pending.set(id, { resolve, timer });
    });
  }

  settle(id, outcome) {
    const waiting = this.pending.get(id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.pending.delete(id);
    waiting.resolve(outcome);
  }

  abandon() {
    const text = gettext("The link was lost before the answer came: it may or may not have happened.");
    for (const id of [...this.pending.keys()]) this.settle(id, { kind: "timed_out", text });
  }
}

export function outcomeText(outcome) {
  if (outcome.text) return outcome.text;
  switch (outcome.kind) {
    case "done":
      return gettext("Done.");
    case "refused":
      return gettext("Refused.");
    case "timed_out":
      return gettext("No answer in time: it may or may not have happened.");
    default:
      return gettext("It did not work.");
  }
}
