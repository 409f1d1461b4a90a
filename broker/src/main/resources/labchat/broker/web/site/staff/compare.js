// A team's own diagram beside what really passed.

import { el } from "./dom.js";
import * as api from "./api.js";

const WORDS = { missing: "missing", extra: "extra", order: "another order", unclear: "unclear" };

export class CompareView {
  constructor() {
    this.live = [];
    this.recordings = [];
    this.source = el("select", { "aria-label": "What passed", change: () => this.fill() }, el("option", { value: "" }, "what has just passed"));
    this.left = el("select", { "aria-label": "One user" });
    this.right = el("select", { "aria-label": "Other user" });
    this.acks = el("input", { type: "checkbox" });
    this.text = el("textarea", { id: "own-diagram", rows: "18", spellcheck: "false", maxlength: "50000", class: "mono" });
    this.button = el("button", { class: "primary" }, "Compare");
    this.result = el("div", { role: "status" });
    this.element = el("div", { class: "columns" },
      el("form", { class: "card", submit: (event) => { event.preventDefault(); this.compare(); } },
        el("h2", {}, "A diagram of their own"),
        el("div", { class: "bar" }, el("span", {}, "With"), this.source, el("span", {}, "of"), this.left, el("span", {}, "and"), this.right),
        el("label", { for: "own-diagram" }, "Mermaid or PlantUML"), this.text,
        el("div", { class: "bar" }, el("label", {}, this.acks, "all acknowledgements too"), this.button)),
      el("section", { class: "card" }, el("h2", {}, "What is different"), this.result));
    this.result.append(el("p", {}, "Paste a diagram and choose whose it is."));
  }

  /** All accounts, for what has just passed. */
  users(users) {
    if (this.live.length === users.length) return;
    this.live = users;
    this.fill();
  }

  async shown(visible) {
    if (!visible) return;
    try {
      this.recordings = (await api.recordings()).recordings.filter((one) => !one.problem);
    } catch {
      return;
    }
    const chosen = this.source.value;
    this.source.replaceChildren(el("option", { value: "" }, "what has just passed"),
      ...this.recordings.map((one) => el("option", { value: one.name }, one.name)));
    this.source.value = this.recordings.some((one) => one.name === chosen) ? chosen : "";
    this.fill();
  }

  fill() {
    const users = this.source.value ? this.recordings.find((one) => one.name === this.source.value).users : this.live;
    for (const select of [this.left, this.right]) {
      const chosen = select.value;
      select.replaceChildren(el("option", { value: "" }, "choose"), ...users.map((user) => el("option", { value: user }, user)));
      select.value = users.includes(chosen) ? chosen : "";
    }
  }

  async compare() {
    this.button.disabled = true;
    try {
      this.show(await api.compare({
        left: this.left.value, right: this.right.value, recording: this.source.value, acks: String(this.acks.checked), text: this.text.value,
      }));
    } catch (problem) {
      this.result.replaceChildren(...problem.message.split("\n").map((line) => el("p", { class: "error" }, line)));
    }
    this.button.disabled = false;
  }

  show(report) {
    const count = report.findings.length;
    this.result.replaceChildren(
      el("p", {}, el("strong", {}, report.same ? `It shows what passed: ${report.matched} arrows.`
        : `${count} difference${count === 1 ? "" : "s"}; ${report.matched} arrows as they passed.`)),
      el("ul", { class: "plain findings" }, report.findings.map((one) => el("li", {},
        el("strong", {}, `${WORDS[one.difference] ?? one.difference}, ${one.line === 0 ? "at the beginning" : `${one.difference === "missing" ? "after " : ""}line ${one.line}`}: `),
        one.words))),
      report.remarks.length ? el("details", { open: true }, el("summary", {}, "Notes"),
        el("ul", { class: "plain" }, report.remarks.map((remark) => el("li", {}, remark)))) : "");
  }
}
