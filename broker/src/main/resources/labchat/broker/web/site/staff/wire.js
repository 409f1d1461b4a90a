// The live wire: packets as they pass, filtered by the broker.

import { el, clock } from "./dom.js";

const ROWS = 500;
const WAITING = 2000;
const KINDS = ["message", "delivered", "read", "typing", "presence", "diagnostics", "history", "rooms", "notice",
  "connect", "subscribe", "publish", "disconnect"];

export class Wire {
  constructor(onFilter) {
    this.waiting = [];
    this.missed = 0;
    this.team = el("select", { id: "wire-team", change: () => onFilter(this.filter()) }, el("option", { value: "" }, "all"));
    this.kind = el("select", { id: "wire-kind", change: () => onFilter(this.filter()) },
      el("option", { value: "" }, "all"), KINDS.map((kind) => el("option", { value: kind }, kind)));
    this.refused = el("input", { type: "checkbox", id: "wire-refused", change: () => onFilter(this.filter()) });
    this.pause = el("button", { type: "button", "aria-pressed": "false", click: () => this.toggle() }, "Pause");
    this.status = el("p", { class: "status", role: "status" });
    this.rows = el("tbody", {});
    this.box = el("div", { class: "scroll card wire", tabindex: "0", role: "region", "aria-label": "Packets, the newest first" },
      el("table", {}, el("thead", {}, el("tr", {}, ["Time", "Team", "Way", "Packet", "What"].map((name) =>
        el("th", { scope: "col" }, name)))), this.rows));
    this.element = el("div", {}, el("div", { class: "bar" },
      el("label", { for: "wire-team" }, "Team"), this.team,
      el("label", { for: "wire-kind" }, "Kind"), this.kind,
      el("label", {}, this.refused, "refused only"), this.pause,
      el("button", { type: "button", click: () => this.clear() }, "Clear")), this.status, this.box);
  }

  filter() {
    return { team: this.team.value, kind: this.kind.value, refused: this.refused.checked };
  }

  teams(users) {
    if (this.team.options.length - 1 === users.length) return;
    const chosen = this.team.value;
    this.team.replaceChildren(el("option", { value: "" }, "all"), ...users.map((user) => el("option", { value: user }, user)));
    this.team.value = chosen;
  }

  choose(user) {
    this.team.value = user;
  }

  clear() {
    this.waiting = [];
    this.missed = 0;
    this.rows.replaceChildren();
    this.tell();
  }

  toggle() {
    const paused = this.pause.getAttribute("aria-pressed") !== "true";
    this.pause.setAttribute("aria-pressed", String(paused));
    if (!paused) {
      this.add(this.waiting.splice(0));
    }
    this.tell();
  }

  packets(packets) {
    if (this.pause.getAttribute("aria-pressed") === "true") {
      this.waiting.push(...packets);
      const over = this.waiting.length - WAITING;
      if (over > 0) {
        this.waiting.splice(0, over);
        this.missed += over;
      }
    } else {
      this.add(packets);
    }
    this.tell();
  }

  miss(count) {
    this.missed += count;
    this.tell();
  }

  tell() {
    const waits = this.waiting.length ? `Paused; ${this.waiting.length} packets wait. ` : "";
    const missed = this.missed ? `${this.missed} packets were left out, because they came faster than this page takes them.` : "";
    this.status.textContent = waits + missed;
  }

  add(packets) {
    const rows = packets.slice(-ROWS).map((packet) => el("tr", { class: packet.refused ? "refused" : false },
      el("td", { class: "time" }, clock(packet.time, true)),
      el("td", { class: "who", title: packet.client }, packet.user || "-"),
      el("td", {}, el("span", { "aria-hidden": "true" }, packet.direction === "in" ? "→" : "←"),
        el("span", { class: "unseen" }, packet.direction === "in" ? "to the broker" : "from the broker")),
      el("td", { class: "type" }, packet.type),
      el("td", {}, packet.details)));
    this.rows.prepend(...rows.reverse());
    while (this.rows.rows.length > ROWS) {
      this.rows.lastChild.remove();
    }
  }
}
