// The accounts: who there is, what they log in with, and what staff change about it.

import { el } from "./dom.js";
import * as api from "./api.js";

const day = (iso) => new Date(iso).toLocaleDateString("sv-SE");
const moment = (iso) => (iso ? new Date(iso).toLocaleString("sv-SE").slice(0, 16) : "never");

function lastUse(account) {
  const times = [...account.passwords, ...account.certificates].map((one) => one.lastUsed).filter(Boolean);
  return times.sort().at(-1) ?? null;
}

export class AccountsView {
  constructor() {
    this.accounts = [];
    this.status = el("p", { class: "status", role: "status" });
    this.user = el("input", { id: "account-id", required: true, maxlength: "32", autocomplete: "off", autocapitalize: "none", spellcheck: "false" });
    this.password = el("input", { id: "account-password", maxlength: "128", autocomplete: "off", spellcheck: "false", placeholder: "empty: one is made up" });
    this.made = el("div", { role: "alert" });
    const form = el("form", {
      class: "bar",
      submit: (event) => {
        event.preventDefault();
        const user = this.user.value.trim();
        this.run(api.addAccount(user, this.password.value), (answer) => {
          this.user.value = "";
          this.password.value = "";
          this.showOnce(user, answer.password);
        });
      },
    }, el("label", { for: "account-id" }, "New account", this.user),
    el("label", { for: "account-password" }, "Password", this.password),
    el("button", { class: "primary" }, "Add"));
    this.find = el("input", { id: "account-find", type: "search", autocomplete: "off", input: () => this.draw() });
    this.count = el("span", { class: "status" });
    this.body = el("tbody");
    this.dialog = el("dialog", { "aria-labelledby": "question" });
    this.element = el("div", {}, form, this.made, this.status,
      el("div", { class: "bar" }, el("label", { for: "account-find" }, "Find", this.find), this.count),
      el("div", { class: "card scroll", tabindex: "0", role: "region", "aria-label": "Accounts" }, el("table", { class: "accounts" },
        el("thead", {}, el("tr", {}, ["Account", "Last login", "Passwords", "Certificates", "Remove"].map((title) => el("th", { scope: "col" }, title)))),
        this.body)), this.dialog);
  }

  /** A password that was made up is shown until the next one, and nowhere else. */
  showOnce(user, password) {
    this.made.replaceChildren(...(password ? [el("div", { class: "card" },
      el("p", {}, "Password of ", el("strong", {}, user), ": ", el("code", { class: "secret" }, password)),
      el("p", {}, "It is shown now and never again. Hand it over, then ",
        el("button", { type: "button", click: () => this.made.replaceChildren() }, "Hide it")))] : []));
  }

  async load() {
    try {
      this.accounts = (await api.accounts()).accounts;
      this.draw();
    } catch (error) {
      this.say(error.message, true);
    }
  }

  say(text, isError) {
    this.status.textContent = text;
    this.status.classList.toggle("error", isError);
  }

  async run(promise, then) {
    this.say("", false);
    this.made.replaceChildren();
    try {
      const answer = await promise;
      this.say(answer.lines.join(" "), false);
      then?.(answer);
    } catch (error) {
      this.say(error.message, true);
    }
    await this.load();
  }

  /** Asks before something that cannot be taken back. */
  ask(question, consequence, word, action) {
    this.dialog.replaceChildren(el("h2", { id: "question" }, question), el("p", {}, consequence), el("div", { class: "bar" },
      el("button", { type: "button", class: "danger", click: () => { this.dialog.close(); this.run(action()); } }, word),
      el("button", { type: "button", class: "primary", autofocus: true, click: () => this.dialog.close() }, "Cancel")));
    this.dialog.showModal();
  }

  draw() {
    const wanted = this.find.value.trim().toLowerCase();
    const shown = this.accounts.filter((account) => account.user.toLowerCase().includes(wanted));
    this.count.textContent = wanted ? `${shown.length} of ${this.accounts.length} accounts` : `${this.accounts.length} accounts`;
    this.body.replaceChildren(...shown.map((account) => this.row(account)));
  }

  row(account) {
    const user = account.user;
    const password = (one) => el("li", {}, one.name === "first" ? `first, used ${moment(one.lastUsed)} ` : `${one.name}, used ${moment(one.lastUsed)} `,
      one.name === "first"
        ? el("button", {
          type: "button", "aria-label": `Give ${user} another password`,
          click: () => this.askPassword(user),
        }, "Change")
        : el("button", {
          type: "button", class: "danger", "aria-label": `Revoke the password ${one.name} of ${user}`,
          click: () => this.ask(`Revoke the password "${one.name}" of ${user}?`,
            "Its connections end; programs with another password connect again.", "Revoke", () => api.revokePassword(user, one.name)),
        }, "Revoke"));
    const certificate = (one) => el("li", {}, `${one.name}, ${one.state}, until ${day(one.validUntil)}, used ${moment(one.lastUsed)} `,
      one.state === "valid" ? el("button", {
        type: "button", class: "danger", "aria-label": `Revoke the certificate ${one.name} of ${user}`,
        click: () => this.ask(`Revoke the certificate "${one.name}" of ${user}?`,
          "Who is connected with it is cut off, and it is refused from now on.", "Revoke", () => api.revokeCertificate(user, one.name)),
      }, "Revoke") : null);
    return el("tr", {},
      el("th", { scope: "row" }, user, account.staff ? " (staff)" : ""),
      el("td", {}, moment(lastUse(account))),
      el("td", {}, el("ul", { class: "plain" }, account.passwords.map(password))),
      el("td", {}, account.certificates.length ? el("ul", { class: "plain" }, account.certificates.map(certificate)) : "none"),
      el("td", {}, el("button", {
        type: "button", class: "danger", "aria-label": `Remove ${user}`,
        click: () => this.ask(`Remove the account ${user}?`,
          "Its connections end at once and it cannot log in any more. What it wrote is kept. A slip of it is worth nothing then.", "Remove", () => api.removeAccount(user)),
      }, "Remove")));
  }

  askPassword(user) {
    const input = el("input", { id: "other-password", maxlength: "128", autocomplete: "off", spellcheck: "false", placeholder: "empty: one is made up" });
    this.dialog.replaceChildren(el("h2", { id: "question" }, `Another password for ${user}`),
      el("p", {}, "Its connections end, and its further passwords are revoked."),
      el("form", {
        submit: (event) => {
          event.preventDefault();
          this.dialog.close();
          this.run(api.setPassword(user, input.value), (answer) => this.showOnce(user, answer.password));
        },
      }, el("label", { for: "other-password" }, "Password", input), el("div", { class: "bar" }, el("button", { class: "danger" }, "Set"),
        el("button", { type: "button", click: () => this.dialog.close() }, "Cancel"))));
    this.dialog.showModal();
  }
}
