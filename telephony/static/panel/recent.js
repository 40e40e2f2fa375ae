// My recent calls: a fragment made by the server, asked for again when one of my calls has ended.

const DELAYS = [800, 4000]; // the record is written a moment after the call is over

export class Recent extends EventTarget {
  constructor(box, url) {
    super();
    this.box = box;
    this.url = url;
  }

  soon() {
    for (const timer of this.timers ?? []) clearTimeout(timer);
    this.timers = DELAYS.map((delay) => setTimeout(() => this.refresh(), delay));
  }

  async refresh() {
    const answer = await fetch(this.url).catch(() => null); // offline: the banner says so already
    if (!answer?.ok || answer.redirected) return;
    const html = await answer.text();
    if (html === this.html) return;
    this.html = html;
    this.box.innerHTML = html; // escaped by the template
    this.dispatchEvent(new Event("fresh"));
  }
}
