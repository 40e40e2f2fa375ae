// What the server knows of a caller beyond the name, asked once for each call and person: how often, note, manager.

const TRIES = [0, 2000, 8000]; // ms before each; without an answer the card only says less

export class CallerFacts extends EventTarget {
  constructor(url) {
    super();
    this.url = url;
    this.answers = new Map(); // question → {known, tried}
  }

  /** → {calls, note, manager}, or null until the answer is there; `fresh` says that one has come. */
  of(view) {
    if (!view.caller.outside || !view.caller.number) return null;
    const question = questionOf(view);
    if (!this.answers.has(question)) {
      this.answers.set(question, { known: null });
      this.ask(question);
    }
    return this.answers.get(question).known;
  }

  /** Forgets what no call of these asks any more. */
  keep(views) {
    const wanted = new Set(views.map(questionOf));
    for (const question of this.answers.keys()) if (!wanted.has(question)) this.answers.delete(question);
  }

  /** Something was written in the directory: ask again, and show the old until then. */
  again() {
    for (const question of this.answers.keys()) this.ask(question);
  }

  async ask(question) {
    for (const wait of TRIES) {
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
      const entry = this.answers.get(question);
      if (!entry) return;
      const known = await answerTo(`${this.url}?${question}`);
      if (!known) continue;
      entry.known = known;
      this.dispatchEvent(new Event("fresh"));
      return;
    }
  }
}

function questionOf({ id, caller }) {
  const { kind = "", id: pk = "" } = caller.contact ?? {};
  return String(new URLSearchParams({ number: caller.number, call: id, kind, id: pk }));
}

async function answerTo(address) {
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // offline: the banner says so already
  }
}
