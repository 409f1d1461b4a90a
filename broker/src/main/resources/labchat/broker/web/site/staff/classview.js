// The class at a glance: a tile for each team, who is stuck, what was explained of late.

import { el, clock } from "./dom.js";
import * as api from "./api.js";
import { Weather } from "./weather.js";

export class ClassView {
  constructor(actions) {
    this.actions = actions;
    this.now = { teams: [], diagnostics: [], stuckRule: "" };
    this.tileOf = new Map();
    this.weather = new Weather(() => this.showTiles());
    this.count = el("p", { class: "status" });
    this.stuckList = el("ul", { class: "plain" });
    this.rule = el("p", { class: "status" });
    this.stuckCard = el("section", { class: "card", "aria-label": "Who is stuck" }, el("h2", {}, "Who is stuck"), this.stuckList, this.rule);
    this.tiles = el("ul", { class: "tiles" });
    this.diagnostics = el("ul", { class: "plain" });
    this.status = el("p", { class: "status", role: "status" });
    this.text = el("input", { id: "announcement", maxlength: "1000", size: "40", autocomplete: "off" });
    const form = el("form", {
      class: "bar",
      submit: (event) => {
        event.preventDefault();
        this.run(api.announce(this.text.value), () => (this.text.value = ""));
      },
    }, el("label", { for: "announcement" }, "Say to all:"), this.text, el("button", { class: "primary" }, "Send"),
    el("button", { type: "button", click: () => this.run(api.reload()) }, "Reload files"));
    this.element = el("div", {}, form, this.status, this.weather.line, el("div", { class: "columns" },
      el("div", {}, this.stuckCard, this.count, this.tiles),
      el("section", { class: "card", "aria-label": "Diagnostics" }, el("h2", {}, "Diagnostics as they are sent"),
        el("div", { class: "scroll diagnostics", tabindex: "0", role: "region", "aria-label": "Diagnostics, the newest first" }, this.diagnostics))));
    this.dialog = el("dialog", { "aria-labelledby": "team-name", close: () => { this.dialogStatus = null; this.dialog.replaceChildren(); } });
    this.element.append(this.dialog);
  }

  async run(promise, then) {
    this.say("", false);
    try {
      const answer = await promise;
      this.say(answer.lines.join(" "), false);
      then?.();
    } catch (error) {
      this.say(error.message, true);
    }
  }

  say(text, isError) {
    for (const status of [this.status, this.dialogStatus].filter(Boolean)) {
      status.textContent = text;
      status.classList.toggle("error", isError);
    }
  }

  show(now) {
    this.now = now;
    this.weather.start();
    const online = now.teams.filter((team) => team.online).length;
    this.count.textContent = `${online} of ${now.teams.length} online`;
    const stuck = now.teams.filter((team) => team.stuck);
    this.stuckCard.classList.toggle("stuck-card", stuck.length > 0);
    this.rule.textContent = `Stuck means: ${now.stuckRule}.`;
    this.stuckList.replaceChildren(...(stuck.length ? stuck.map((team) => el("li", {},
      el("strong", {}, team.user), ` ${team.stuck.times} times `, el("code", {}, team.stuck.code),
      ` since ${clock(team.stuck.since)}: ${team.lastError?.reason ?? ""}`)) : [el("li", {}, "Nobody.")]));
    this.showTiles();
    this.diagnostics.replaceChildren(...(now.diagnostics.length ? now.diagnostics.map((trouble) => el("li", {},
      `${clock(trouble.time)} `, el("strong", {}, trouble.user), " ", el("code", {}, trouble.code), ` ${trouble.reason}`,
      trouble.hint ? el("p", {}, trouble.hint) : null)) : [el("li", {}, "None yet.")]));
  }

  /** Tiles stay the elements they were, so that the keyboard's focus does. */
  showTiles() {
    for (const team of this.now.teams) {
      let item = this.tileOf.get(team.user);
      if (!item) {
        item = el("li", {}, el("button", { type: "button", click: () => this.open(team.user) }));
        this.tileOf.set(team.user, item);
        this.tiles.append(item);
      }
      const tile = item.firstChild;
      tile.className = `tile${team.online ? " online" : ""}${team.stuck ? " stuck" : ""}`;
      const list = team.checklist;
      tile.replaceChildren(...[
        el("span", { class: "name" }, team.user),
        el("span", { class: team.online ? "state on" : "state" }, team.online
          ? `online${team.clients.length > 1 ? `, ${team.clients.length} clients` : ""}`
          : team.seen ? `offline since ${clock(team.seen)}` : "not seen yet"),
        team.stuck ? el("span", { class: "badge" }, `stuck: ${team.stuck.code}`) : null,
        !team.stuck && team.lastError ? el("span", { class: "last" }, `${clock(team.lastError.time)} ${team.lastError.code}`) : null,
        this.weather.badge(team.user),
        list ? el("span", { class: "state on" }, `checklist ${list.done.length} of ${list.done.length + list.open.length}`) : null,
      ].filter(Boolean));
    }
    const known = new Set(this.now.teams.map((team) => team.user));
    for (const [user, item] of this.tileOf) {
      if (!known.has(user)) {
        item.remove();
        this.tileOf.delete(user);
      }
    }
  }

  open(user) {
    const team = this.now.teams.find((one) => one.user === user);
    if (!team) return;
    this.dialogStatus = el("p", { class: "status", role: "status" });
    const password = el("input", { id: "new-password", maxlength: "128", autocomplete: "off", spellcheck: "false", size: "30", placeholder: "empty: one is made up" });
    const error = team.lastError;
    this.dialog.replaceChildren(
      el("h2", { id: "team-name" }, team.user),
      el("p", {}, `${team.online ? "Online" : "Offline"}; publishes passed on since the broker's start: ${team.accepted}, refused: ${team.refused}.`),
      team.clients.length ? el("ul", { class: "plain" }, team.clients.map((client) => el("li", {},
        el("code", {}, client.client || "(no client id)"), ` from ${client.address}, MQTT ${client.version} over ${client.listener}, since ${clock(client.since)}`))) : "",
      error ? el("div", {}, el("h3", {}, "Last error"), el("p", {}, `${clock(error.time)} `, el("code", {}, error.code), ` ${error.reason}`),
        error.topic ? el("p", {}, "Topic ", el("code", {}, error.topic)) : null, error.hint ? el("p", {}, error.hint) : null,
        error.rule ? el("p", {}, "Rule ", el("code", {}, error.rule)) : null) : "",
      team.checklist ? el("div", {}, el("h3", {}, `Checklist of ${team.checklist.partner}`),
        el("p", {}, `Done: ${team.checklist.done.join(", ") || "nothing"}. Open: ${team.checklist.open.join(", ") || "nothing"}.`)) : "",
      el("h3", {}, "Do"),
      el("form", {
        class: "bar",
        submit: (event) => {
          event.preventDefault();
          this.run(api.setPassword(user, password.value).then((answer) => {
            password.value = "";
            return answer.password
              ? { lines: [...answer.lines, `Its password, shown now and never again: ${answer.password}`] }
              : answer;
          }));
        },
      }, el("label", { for: "new-password" }, "New password"), password, el("button", {}, "Set")),
      this.weather.form(user, (promise) => this.run(promise)),
      this.dialogStatus,
      el("div", { class: "bar" },
        el("button", { type: "button", class: "danger", click: () => this.run(api.disconnect(user)) }, "Disconnect"),
        el("button", { type: "button", click: () => { this.dialog.close(); this.actions.wire(user); } }, "Show on the wire"),
        el("button", { type: "button", click: () => { this.dialog.close(); this.actions.diagram(user); } }, "Draw"),
        el("button", { type: "button", class: "primary", autofocus: true, click: () => this.dialog.close() }, "Close")));
    this.dialog.showModal();
  }
}
