// One colleague: bar, icon, word, time, and the arrow. Only what differs is written to the page.

import { icon, timed, word } from "./presence.js";
import { ago, clean, duration, partyTexts, setIcon, setText } from "./text.js";

const svg = (name, extra = "") => `<svg class="icon ${extra}" aria-hidden="true"><use href="#i-${name}"></use></svg>`;

const template = document.createElement("template");
template.innerHTML = `
  <span class="c-why" role="gridcell"><button type="button" class="icon-button" data-act="why" tabindex="-1">${svg("unknown")}</button></span>
  <span class="c-main" role="gridcell">
    <span class="c-name"><b class="ellipsis"></b><span class="chip c-you" hidden></span></span>
    <span class="c-line"><span class="c-number num"></span><span class="c-word"></span><span class="c-time num"></span><span class="c-peer ellipsis"></span><span class="chip c-status" hidden></span></span>
  </span>
  <span class="c-acts" role="gridcell">
    <button type="button" class="icon-button c-star" data-act="star" tabindex="-1" aria-pressed="false">${svg("star")}</button>
    <button type="button" class="icon-button call-arrow" data-act="call" tabindex="-1">${svg("arrow")}</button>
  </span>`;

export class ColleagueRow extends HTMLElement {
  build() {
    this.append(template.content.cloneNode(true));
    this.setAttribute("role", "row");
    this.tabIndex = -1;
    const find = (selector) => this.querySelector(selector);
    this.cells = {
      why: find("[data-act=why]"),
      icon: find(".c-why svg"),
      name: find(".c-name b"),
      you: find(".c-you"),
      status: find(".c-status"),
      number: find(".c-number"),
      word: find(".c-word"),
      time: find(".c-time"),
      peer: find(".c-peer"),
      star: find(".c-star"),
      arrow: find(".call-arrow"),
    };
  }

  /** Who: {id, name, numbers, group, status, until}. */
  setPerson(person, isMe) {
    if (!this.cells) this.build();
    this.person = person;
    const { name, number, you, status, star, arrow, why } = this.cells;
    const title = person.name || interpolate(gettext("Phone %s"), [person.numbers[0]]);
    this.dataset.title = title;
    setText(name, title);
    name.title = title;
    setText(number, person.numbers.join(", "));
    you.hidden = !isMe;
    setText(you, isMe ? gettext("you") : "");
    arrow.hidden = isMe;
    status.hidden = !person.status || isMe;
    status.dataset.status = person.status;
    setText(status, statusText(person));
    star.setAttribute("aria-label", interpolate(gettext("Favourite: %s"), [title]));
    arrow.setAttribute("aria-label", interpolate(gettext("Call %s"), [`${title}, ${person.numbers[0]}`]));
    why.setAttribute("aria-label", interpolate(gettext("Why this colour? %s"), [title]));
  }

  setFavourite(on) {
    this.cells.star.setAttribute("aria-pressed", String(on));
  }

  /** What the phone does: a presence, the peers (supervisors), the reason the arrow is blocked. */
  setView(view, peers, reason) {
    this.view = view;
    const { icon: sign, word: text, peer, arrow } = this.cells;
    if (this.dataset.state !== view.state) this.dataset.state = view.state;
    if ((this.dataset.detail ?? "") !== view.detail) this.dataset.detail = view.detail;
    setIcon(sign, icon(view));
    setText(text, word(view));
    setText(peer, peers.map((party) => partyTexts(party).title).join(", "));
    peer.title = peer.textContent;
    this.setBlocked(arrow, reason);
  }

  setBlocked(arrow, reason) {
    if ((arrow.dataset.tip ?? "") === reason) return;
    arrow.dataset.tip = reason;
    if (reason) arrow.setAttribute("aria-disabled", "true");
    else arrow.removeAttribute("aria-disabled");
    arrow.setAttribute("aria-description", reason);
  }

  /** Called each second. `staleSince` = when the last word from the PBX came, null while it is fresh. */
  tick(now, staleSince) {
    const { time } = this.cells;
    if (staleSince !== null) setText(time, ago(now - staleSince));
    else setText(time, timed(this.view) ? duration(now - this.view.since) : "");
  }

  setAsking(on) {
    this.cells.arrow.setAttribute("aria-busy", String(on));
  }
}

function statusText(person) {
  const words = { on_site: gettext("On site"), on_mobile: gettext("On mobile"), dnd: gettext("Do not disturb") };
  const text = words[person.status] ?? clean(person.status);
  return person.status === "dnd" && person.until ? interpolate(gettext("%s until %s"), [text, person.until]) : text;
}

customElements.define("ap-colleague", ColleagueRow);
