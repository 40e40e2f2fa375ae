// The table of parked calls: who, in which slot, who parked, how long it stays there.

import { clean, duration, partyTexts, setText } from "./text.js";

export class Parked {
  constructor(section, body) {
    this.section = section;
    this.body = body;
    this.rows = new Map();
  }

  /** `nameOf`: internal number → name of the colleague, else the number. */
  update(office, nameOf) {
    const parked = [...office].filter(([key]) => key.startsWith("park:")).map(([key, value]) => ({ key, ...value }));
    parked.sort((a, b) => a.space.localeCompare(b.space, "en", { numeric: true }));
    const before = this.rows;
    this.rows = new Map(parked.map((call) => [call.key, before.get(call.key) ?? newRow()]));
    for (const call of parked) {
      const { cells } = this.rows.get(call.key);
      setText(cells[0], partyTexts(call).title);
      setText(cells[1], clean(call.space));
      setText(cells[2], call.by ? clean(nameOf(call.by)) : "");
      this.rows.get(call.key).until = call.until;
    }
    this.body.replaceChildren(...[...this.rows.values()].map((row) => row.node));
    this.section.hidden = parked.length === 0;
  }

  tick(now) {
    for (const row of this.rows.values()) {
      const left = row.until - now;
      setText(row.cells[3], row.until ? duration(left) : "");
      row.node.classList.toggle("urgent", Boolean(row.until) && left < 15);
    }
  }
}

function newRow() {
  const node = document.createElement("tr");
  const cells = Array.from({ length: 4 }, (_, place) => {
    const cell = document.createElement(place === 0 ? "th" : "td");
    if (place === 0) cell.scope = "row";
    else if (place !== 2) cell.className = "num";
    return cell;
  });
  node.append(...cells);
  return { node, cells, until: 0 };
}
