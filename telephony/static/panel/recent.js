// My recent calls: a fragment made by the server, asked for again when the gateway says that it has written a record.

const RETRY_FIRST = 2000;
const RETRY_MOST = 60000;
const SPREAD = 2000; // ms over which all pages ask when the gateway changes

export class Recent extends EventTarget {
  constructor(box, url) {
    super();
    this.box = box;
    this.url = url;
    this.heardLast = new Map(); // audience → {epoch, journal}
    this.asking = this.again = false;
    this.retry = RETRY_FIRST;
  }

  /** What is known of the journal of one of my numbers, however often it is said. */
  heard(audience, epoch, value) {
    if (!epoch) return; // no gateway has said anything yet
    const journal = JSON.stringify(value ?? null);
    const before = this.heardLast.get(audience);
    this.heardLast.set(audience, { epoch, journal });
    const another = before && before.epoch !== epoch; // what the one before wrote last it may not have told
    if (value && before?.journal !== journal) this.refresh();
    else if (another) setTimeout(() => this.refresh(), Math.random() * SPREAD);
  }

  /** One question at a time, so that an old answer never replaces a newer one. */
  async refresh() {
    this.again = true;
    if (this.asking) return;
    this.asking = true;
    while (this.again) {
      this.again = false;
      await this.ask();
    }
    this.asking = false;
  }

  async ask() {
    const answer = await fetch(this.url).catch(() => null); // offline: the banner says so already
    const html = answer?.ok ? await answer.text().catch(() => null) : null;
    clearTimeout(this.due);
    if (html === null) {
      this.due = setTimeout(() => this.refresh(), this.retry);
      this.retry = Math.min(RETRY_MOST, this.retry * 2);
      return;
    }
    this.retry = RETRY_FIRST;
    if (answer.redirected || html === this.html) return; // logged out: the socket says so
    this.html = html;
    const giveBack = keepFocus(this.box);
    this.box.innerHTML = html; // escaped by the template
    giveBack();
    this.dispatchEvent(new Event("fresh"));
  }
}

/** A list that comes anew takes the focus from nobody: the same button of the same call, else that row's menu. */
function keepFocus(box) {
  const at = box.contains(document.activeElement) ? document.activeElement : null;
  const call = at?.closest("li")?.dataset.call;
  const same = ["data-dial", "data-open-place", "data-open-menu"].find((name) => at?.hasAttribute(name));
  return () => {
    if (call === undefined) return;
    const row = box.querySelector(`li[data-call="${CSS.escape(call)}"]`);
    (row?.querySelector(same ? `[${same}]` : ".recent-name") ?? row?.querySelector("[data-open-menu]"))?.focus();
  };
}
