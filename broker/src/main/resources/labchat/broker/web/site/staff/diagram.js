// A sequence diagram between two users, drawn by the broker out of the packets that it still holds.

import { el } from "./dom.js";
import { diagramText } from "./api.js";

const EVERY = 700;

export class DiagramView {
  constructor() {
    const redraw = () => this.draw();
    this.after = 0;
    this.newest = 0;
    this.left = el("select", { id: "left", change: redraw });
    this.right = el("select", { id: "right", change: redraw });
    this.acks = el("input", { type: "checkbox", change: redraw });
    this.all = el("input", { type: "checkbox", change: redraw });
    this.live = el("button", { type: "button", "aria-pressed": "true", click: () => this.toggle() }, "Live");
    this.picture = el("div", { class: "scroll picture", tabindex: "0", role: "region", "aria-label": "Diagram" });
    this.text = el("pre", { class: "mono", tabindex: "0", role: "region", "aria-label": "Diagram as text" });
    this.saves = el("span", { class: "bar" });
    this.element = el("div", {}, el("div", { class: "bar" },
      el("label", { for: "left" }, "Between"), this.left, el("label", { for: "right" }, "and"), this.right,
      el("label", {}, this.acks, "acknowledgements"), el("label", {}, this.all, "with others too"), this.live,
      el("button", { type: "button", click: () => { this.after = this.newest; this.draw(); } }, "From now on"),
      el("button", { type: "button", click: () => { this.after = 0; this.draw(); } }, "From the beginning"), this.saves),
    this.picture, el("details", { class: "card", toggle: redraw }, el("summary", {}, "As text"), this.text));
    this.details = this.element.lastChild;
    this.picture.append(el("p", {}, "Choose two users. What they and the broker say to each other is drawn as it happens."));
  }

  users(users) {
    if (this.left.options.length - 1 === users.length) return;
    for (const select of [this.left, this.right]) {
      const chosen = select.value;
      select.replaceChildren(el("option", { value: "" }, "choose"), ...users.map((user) => el("option", { value: user }, user)));
      select.value = chosen;
    }
  }

  choose(user) {
    if (this.right.value === user) {
      this.right.value = this.left.value;
    }
    this.left.value = user;
    this.draw();
  }

  toggle() {
    const live = this.live.getAttribute("aria-pressed") !== "true";
    this.live.setAttribute("aria-pressed", String(live));
    if (live) this.draw();
  }

  /** Packets of these users have passed. */
  activity(users) {
    const ours = users.includes(this.left.value) || users.includes(this.right.value);
    const seen = this.element.offsetParent !== null;
    if (ours && seen && this.live.getAttribute("aria-pressed") === "true" && !this.timer) {
      this.timer = setTimeout(() => {
        this.timer = null;
        this.draw();
      }, EVERY);
    }
  }

  query(format) {
    const query = new URLSearchParams({ left: this.left.value, right: this.right.value, format });
    if (this.acks.checked) query.set("acks", "true");
    if (this.all.checked) query.set("all", "true");
    if (this.after) query.set("after", this.after);
    return query;
  }

  async draw() {
    const [left, right] = [this.left.value, this.right.value];
    if (!left || !right || left === right) {
      this.saves.replaceChildren();
      this.picture.replaceChildren(el("p", {}, left && left === right ? "Choose two different users." : "Choose two users."));
      return;
    }
    this.saves.replaceChildren("Save as ", ...[["svg", "SVG"], ["mermaid", "Mermaid"], ["plantuml", "PlantUML"], ["text", "text"]]
      .map(([format, name]) => el("a", { class: "button", href: `/api/diagram?${this.query(format)}&save=true`, download: "" }, name)));
    const image = el("img", { alt: `Sequence diagram of ${left}, the broker and ${right}; the same stands below as text` });
    const atEnd = this.picture.scrollHeight - this.picture.scrollTop - this.picture.clientHeight < 60;
    image.addEventListener("load", () => {
      this.picture.replaceChildren(image);
      if (atEnd) this.picture.scrollTop = this.picture.scrollHeight;
    });
    image.src = `/api/diagram?${this.query("svg")}&at=${Date.now()}`;
    if (this.details.open) {
      this.text.textContent = await diagramText(this.query("text"));
    }
  }
}
