// How far everybody's own program is with the lab's steps: a table of teams and parts, of one step at a time.

import { el, clock } from "./dom.js";
import * as api from "./api.js";

const PAUSE = 2000;

export class ProgressView {
  constructor() {
    this.now = { parts: [], teams: [] };
    this.timer = null;
    this.step = 3;
    this.choice = el("select", { id: "step", change: () => { this.step = Number(this.choice.value); this.draw(); } });
    this.idle = el("input", { id: "idle", type: "checkbox", change: () => this.draw() });
    this.status = el("p", { class: "status", role: "status" });
    this.count = el("p", { class: "status" });
    this.head = el("tr");
    this.rows = el("tbody");
    this.element = el("div", {},
      el("div", { class: "bar" }, el("label", { for: "step" }, "Step"), this.choice,
        el("label", { for: "idle" }, this.idle, " also who has not begun"),
        el("span", { class: "grow" }),
        el("button", { type: "button", click: () => this.forget() }, "Begin anew")),
      this.status,
      this.count,
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Progress of the class" },
        el("table", { class: "progress" }, el("thead", {}, this.head), this.rows)),
      el("p", { class: "status" }, "✓ since when it works; ! something is wrong with it, and what; – not seen yet. The broker sees it itself; nobody can say it of themselves. Labchat's own clients do not count."));
  }

  /** Asks as long as it is looked at. */
  shown(yes) {
    clearTimeout(this.timer);
    this.timer = null;
    if (yes) this.load();
  }

  async load() {
    try {
      this.take(await api.progress());
      this.say("");
    } catch (error) {
      this.say(error.message, true);
      if (error.status === 401) return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), PAUSE);
  }

  async forget() {
    if (!confirm("Forget what all teams have done? This cannot be undone.")) return;
    try {
      this.take(await api.forgetProgress());
    } catch (error) {
      this.say(error.message, true);
    }
  }

  say(text, isError = false) {
    this.status.textContent = text;
    this.status.classList.toggle("error", isError);
  }

  take(now) {
    this.now = now;
    const steps = [...new Set(now.parts.map((part) => part.step))];
    if (this.choice.options.length !== steps.length) {
      this.choice.replaceChildren(...steps.map((step) => el("option", { value: step }, String(step))));
      this.choice.value = String(this.step);
    }
    this.draw();
  }

  draw() {
    const columns = this.now.parts.map((part, index) => ({ ...part, index })).filter((part) => part.step === this.step);
    const begun = (team) => columns.some((part) => team.states[part.index].done || team.states[part.index].wrong);
    const teams = this.now.teams.filter((team) => this.idle.checked || begun(team));
    const finished = this.now.teams.filter((team) => columns.every((part) => team.states[part.index].done)).length;
    this.count.textContent = `Step ${this.step}: ${finished} of ${this.now.teams.length} have all of it, ${this.now.teams.filter(begun).length} have begun.`;
    this.head.replaceChildren(el("th", { scope: "col" }, "Team"), el("th", { scope: "col" }, "Done"),
      ...columns.map((part) => el("th", { scope: "col", title: part.part }, part.title)));
    this.rows.replaceChildren(...(teams.length ? teams.map((team) => {
      const states = columns.map((part) => team.states[part.index]);
      const done = states.filter((state) => state.done).length;
      return el("tr", { class: done === states.length ? "all" : null },
        el("th", { scope: "row" }, team.user),
        el("td", {}, `${done} of ${states.length}`),
        states.map((state) => this.cell(state)));
    }) : [el("tr", {}, el("td", { colspan: columns.length + 2 }, "Nobody has begun this step."))]));
  }

  cell(state) {
    if (state.done) return el("td", { class: "done", title: new Date(state.done).toLocaleString() }, `✓ ${clock(state.done).slice(0, 5)}`);
    if (state.wrong) return el("td", { class: "wrong" }, "! ", state.code ? el("code", {}, state.code) : "wrong");
    return el("td", { class: "open", title: "not seen yet" }, "–");
  }
}
