// Lab weather: what tiles say of it, the form that gives it to a team, and the line that ends it for all.

import { el } from "./dom.js";
import * as api from "./api.js";

const EVERY = 4000;

export class Weather {
  /** @param changed is called when some team's weather is another one */
  constructor(changed) {
    this.changed = changed;
    this.spells = new Map();
    this.line = el("div", { class: "bar weather hidden", role: "status" });
    this.timer = null;
  }

  /** Asks now and again, as long as the page is seen. */
  start() {
    if (this.timer) return;
    this.timer = setInterval(() => {
      if (!this.line.isConnected) {
        clearInterval(this.timer);
        this.timer = null;
      } else if (!document.hidden) {
        api.weather().then((answer) => this.take(answer), () => {});
      }
    }, EVERY);
    api.weather().then((answer) => this.take(answer), () => {});
  }

  /** What the API says of all weather. */
  take(answer) {
    this.spells = new Map(answer.weather.map((spell) => [spell.user, spell]));
    const users = [...this.spells.keys()];
    this.line.classList.toggle("hidden", !users.length);
    const text = `Lab weather: ${users.join(", ")}`;
    if (this.text !== text) {
      this.text = text;
      this.line.replaceChildren(el("strong", {}, text),
        el("button", { type: "button", click: () => api.clearAllWeather().then((now) => this.take(now), () => {}) }, "End all of it"));
    }
    this.changed();
    return answer;
  }

  /** For a team's tile; null if it has none. */
  badge(user) {
    const spell = this.spells.get(user);
    if (!spell) return null;
    return el("span", { class: "rain" }, `weather: ${spell.words} (${left(spell.secondsLeft)} left)`);
  }

  /** For a team's dialog; run shows what became of a request. */
  form(user, run) {
    const input = (name, hint) => el("input", { id: `weather-${name}`, name, placeholder: hint, autocomplete: "off" });
    const inputs = [["loss", "Loss", "30%"], ["delay", "Delay each way", "200ms"], ["duplicate", "Duplicates", "5%"],
      ["outage", "Outage first", "20s"], ["for", "For", "10m"]].map(([name, title, hint]) => [title, input(name, hint)]);
    const ask = (promise) => run(promise.then((answer) => this.take(answer)));
    return el("div", {}, el("h3", {}, "Lab weather"),
      el("p", {}, this.badge(user) ?? "A bad network for this team only, for a while; it is told. What is empty stays good."),
      el("form", {
        class: "order",
        submit: (event) => {
          event.preventDefault();
          const order = {};
          for (const [, field] of inputs) {
            if (field.value.trim()) order[field.name] = field.value.trim();
          }
          ask(api.setWeather(user, order));
        },
      }, inputs.flatMap(([title, field]) => [el("label", { for: field.id }, title), field]),
      el("div", { class: "bar" }, el("button", {}, "Begin"),
        el("button", { type: "button", click: () => ask(api.clearWeather(user)) }, "End"))));
  }
}

function left(seconds) {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
