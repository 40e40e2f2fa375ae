// The live progress of one job: every .job[data-job] on the page watches /ws/job/<id>/ until the job ends.
// All words come from the server in the visitor's language; without this module the page shows them by reload.

const PAUSES = [500, 1000, 2000, 5000, 10000]; // ms before each new try
const REFUSED = 4400; // close codes from here on are final: not logged in, not yours, gone
const STOPPING = 4410; // the server restarts: try again

class JobWatch {
  constructor(element) {
    this.element = element;
    this.failures = 0;
    this.ended = false;
    if (!["done", "failed"].includes(element.dataset.state)) this.open();
  }

  part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws/job/${this.element.dataset.job}/`);
    socket.addEventListener("message", (event) => this.show(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => this.closed(event.code));
  }

  show(view) {
    this.failures = 0;
    this.part("lost").hidden = true;
    this.element.dataset.state = view.state;
    for (const name of ["label", "text", "message"]) {
      if (this.part(name).textContent !== view[name]) this.part(name).textContent = view[name];
    }
    const bar = this.element.querySelector("progress");
    if (view.percent === null) {
      bar.removeAttribute("value");
      bar.removeAttribute("aria-valuenow");
    } else {
      bar.value = view.percent;
      bar.setAttribute("aria-valuenow", view.percent);
    }
    if (view.ended) this.end(view);
  }

  end(view) {
    this.ended = true;
    const link = this.part("result");
    link.hidden = !view.url;
    if (view.url) link.setAttribute("href", view.url);
    this.element.dispatchEvent(new CustomEvent("job-ended", { bubbles: true, detail: view }));
    if (this.element.dataset.then === "reload") location.reload();
  }

  closed(code) {
    if (this.ended || (code >= REFUSED && code !== STOPPING)) return;
    this.part("lost").hidden = false;
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    setTimeout(() => this.open(), pause);
  }
}

for (const element of document.querySelectorAll(".job[data-job]")) new JobWatch(element);
