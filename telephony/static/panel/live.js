// The socket of docs/live-protocol.md: joins audiences, keeps their state, notices gaps, tries again.

const PROTOCOL = 1;
const PING_EVERY = 5000;
const SILENCE = 12000; // no frame for this long although we ping: the line is dead even if the browser has not noticed
const ACK_EVERY = 250;
const RETRY_FIRST = 500;
const RETRY_MOST = 15000;
const REJOIN_AFTER = 1000; // at most one fresh snapshot a second and audience
const FINAL = new Set([4401, 4402, 4403]); // trying again would be refused again

export class Live extends EventTarget {
  /** Events: `change` {audience, keys|null = all}, `socket`, `outcome` (the frame), `refused` (the frame). */
  constructor(url, audiences) {
    super();
    this.url = url;
    this.audiences = new Map(audiences.map((name) => [name, { epoch: "", seq: -1, state: new Map(), joined: 0 }]));
    this.status = "connecting"; // connecting, open, waiting (until retryAt), closed (for good: see code)
    this.code = 0;
    this.retryAt = 0;
    this.offset = 0; // server's clock - ours, seconds
    this.bestTrip = Infinity;
    this.attempt = 0;
  }

  start() {
    this.connect();
    addEventListener("online", () => this.status === "waiting" && this.connect());
    setInterval(() => this.watch(), PING_EVERY);
  }

  now() {
    return Date.now() / 1000 + this.offset;
  }

  state(audience) {
    return this.audiences.get(audience)?.state ?? new Map();
  }

  /** The gateway that speaks; empty while none does. */
  epoch(audience) {
    return this.audiences.get(audience)?.epoch ?? "";
  }

  /** A whole copy of the audience has arrived on this connection. */
  known(audience) {
    return (this.audiences.get(audience)?.seq ?? -1) >= 0;
  }

  send(frame) {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  connect() {
    clearTimeout(this.retry);
    this.setStatus("connecting");
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.frames = this.acked = this.ackedAt = 0;
    clearTimeout(this.ackDue);
    this.ackDue = 0;
    this.lastFrame = Date.now();
    for (const copy of this.audiences.values()) copy.seq = -1;
    socket.onopen = () => this.join([...this.audiences.keys()]);
    socket.onmessage = (message) => socket === this.socket && this.receive(message.data);
    socket.onclose = (event) => socket === this.socket && this.lost(event.code);
  }

  join(names) {
    for (const name of names) this.audiences.get(name).joined = Date.now();
    this.send({ t: "join", audiences: names });
  }

  lost(code) {
    this.socket = null;
    this.code = code;
    if (FINAL.has(code)) return this.setStatus("closed");
    const wait = Math.min(RETRY_MOST, RETRY_FIRST * 2 ** this.attempt++) * (0.7 + Math.random() * 0.6);
    this.retryAt = Date.now() + wait;
    this.retry = setTimeout(() => this.connect(), wait);
    return this.setStatus("waiting");
  }

  setStatus(status) {
    this.status = status;
    this.dispatchEvent(new Event("socket"));
  }

  watch() {
    if (this.status !== "open" && this.status !== "connecting") return;
    if (Date.now() - this.lastFrame > SILENCE) {
      const dead = this.socket;
      this.lost(4000);
      dead?.close();
      return;
    }
    this.pingSent = performance.now();
    this.send({ t: "ping" });
  }

  receive(text) {
    this.frames += 1;
    this.lastFrame = Date.now();
    this.ack();
    const frame = JSON.parse(text);
    const handler = { hello: "onHello", snapshot: "onSnapshot", delta: "onDelta", pong: "onPong" }[frame.t];
    if (handler) this[handler](frame);
    else if (frame.t === "outcome" || frame.t === "refused") {
      this.dispatchEvent(new CustomEvent(frame.t, { detail: frame }));
    }
  }

  /** At once after a pause (the server probes slow pages so), then at most each 250 ms. */
  ack() {
    if (this.ackDue) return;
    const wait = this.ackedAt + ACK_EVERY - Date.now();
    if (wait <= 0) this.sendAck();
    else this.ackDue = setTimeout(() => this.sendAck(), wait);
  }

  sendAck() {
    this.ackDue = 0;
    if (this.frames === this.acked || !this.send({ t: "ack", seq: this.frames })) return;
    this.acked = this.frames;
    this.ackedAt = Date.now();
  }

  onHello(frame) {
    if (frame.protocol !== PROTOCOL) return location.reload(); // the portal was updated under the open page
    this.offset = frame.now - Date.now() / 1000;
    this.bestTrip = Infinity;
    this.attempt = 0;
    return this.setStatus("open");
  }

  onPong(frame) {
    const trip = (performance.now() - this.pingSent) / 1000;
    if (trip > this.bestTrip) return;
    this.bestTrip = trip;
    this.offset = frame.now + trip / 2 - Date.now() / 1000;
  }

  onSnapshot(frame) {
    const copy = this.audiences.get(frame.audience);
    if (!copy) return;
    copy.epoch = frame.epoch;
    copy.seq = frame.seq;
    copy.state = new Map(Object.entries(frame.state));
    this.changed(frame.audience, null);
  }

  onDelta(frame) {
    const copy = this.audiences.get(frame.audience);
    if (!copy || copy.seq < 0) return; // a snapshot is on its way
    // The socket keeps the order and the server leaves nothing out: numbers may be skipped (other audiences, merged
    // batches) or stand still (the age of the data), but never go back or come from another gateway.
    if (frame.epoch !== copy.epoch || frame.seq < copy.seq) {
      this.resync(frame.audience, copy);
      return;
    }
    copy.seq = frame.seq;
    for (const [key, value] of Object.entries(frame.set)) {
      if (value === null) copy.state.delete(key);
      else copy.state.set(key, value);
    }
    this.changed(frame.audience, Object.keys(frame.set));
  }

  /** Something was missed: what we have is no longer the truth, ask for the whole again. */
  resync(audience, copy) {
    copy.seq = -1;
    const wait = Math.max(0, copy.joined + REJOIN_AFTER - Date.now());
    setTimeout(() => this.join([audience]), wait);
    this.changed(audience, []);
  }

  changed(audience, keys) {
    this.dispatchEvent(new CustomEvent("change", { detail: { audience, keys } }));
  }
}
