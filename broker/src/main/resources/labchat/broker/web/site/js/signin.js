// Signing in, and making an account.

import { h, icon } from "./dom.js";
import { language, t } from "./texts.js";

const ID = /^[A-Za-z0-9_-]{1,32}$/;

/** The first page. `onSignIn({user, password, stay})` returns what is wrong, or "" if the chat takes over. */
export class SignIn {
  constructor(config, onSignIn) {
    this.config = config;
    this.onSignIn = onSignIn;
    this.element = h("main", { class: "signin" });
    this.signInForm();
  }

  /** Says why the chat was left. */
  say(text) {
    this.problem.replaceChildren(...(text ? [icon("alert"), h("span", {}, text)] : []));
  }

  #frame(title, form, other) {
    this.problem = h("div", { class: "problem", role: "alert" });
    form.prepend(this.problem);
    this.element.replaceChildren(
      h("div", { class: "card" },
        h("img", { src: "/assets/icon.svg", alt: "", width: 56, height: 56 }),
        h("h1", {}, title), form, other),
      h("p", { class: "faint" }, t("version", this.config.version)));
  }

  signInForm(user = "") {
    const name = field(t("user"), { autocomplete: "username", value: user, ...PLAIN });
    const password = field(t("password"), { type: "password", autocomplete: "current-password" });
    const stay = h("input", { type: "checkbox", id: "stay", "aria-describedby": "stay-hint" });
    const button = h("button", { class: "primary", type: "submit" }, t("signIn"));
    const form = h("form", { novalidate: true }, name.label, password.label,
      h("div", { class: "check" }, stay, h("label", { for: "stay" }, t("stay")),
        h("p", { class: "hint", id: "stay-hint" }, t("stayHint"))), button);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      this.say("");
      if (name.input.value.trim() === "" || password.input.value === "") {
        this.say(t("missing"));
        return (name.input.value.trim() === "" ? name : password).input.focus();
      }
      await busy(button, t("signingIn"), async () => {
        const wrong = await this.onSignIn({ user: name.input.value.trim(), password: password.input.value, stay: stay.checked });
        if (wrong) {
          this.say(wrong);
          password.input.select();
        }
      });
    });
    const canSignUp = this.config.signup !== "off";
    this.#frame(t("signInTitle"), form, canSignUp
      && h("button", { type: "button", class: "link", onclick: () => this.signUpForm() }, t("noAccount")));
    (user ? password : name).input.focus();
  }

  signUpForm() {
    const name = field(t("user"), { autocomplete: "username", maxlength: 32, ...PLAIN }, t("idHint"));
    const password = field(t("password"), { type: "password", autocomplete: "new-password" });
    const again = field(t("passwordAgain"), { type: "password", autocomplete: "new-password" });
    const code = this.config.signup === "code" ? field(t("code"), { autocomplete: "off", ...PLAIN }) : null;
    const button = h("button", { class: "primary", type: "submit" }, t("signUp"));
    const form = h("form", { novalidate: true }, name.label, password.label, again.label, code?.label, button);
    const wrong = (text, at) => {
      this.say(text);
      at.input.focus();
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      this.say("");
      const id = name.input.value.trim();
      if (!ID.test(id)) return wrong(t("idWrong"), name);
      if (password.input.value === "") return wrong(t("missingPassword"), password);
      if (password.input.value !== again.input.value) return wrong(t("passwordsDiffer"), again);
      await busy(button, t("signingUp"), async () => {
        const problem = await signUp(id, password.input.value, code?.input.value.trim() ?? "");
        if (problem) return wrong(problem, name);
        const refused = await this.onSignIn({ user: id, password: password.input.value, stay: false });
        if (refused) {
          this.signInForm(id);
          this.say(refused);
        }
      });
    });
    this.#frame(t("signUpTitle"), form,
      h("button", { type: "button", class: "link", onclick: () => this.signInForm() }, t("haveAccount")));
    name.input.focus();
  }
}

/** No help from the keyboard of a phone: a name is written as it is. */
const PLAIN = { autocapitalize: "none", autocorrect: "off", spellcheck: "false" };

function field(label, attributes, hint) {
  const id = `field-${Math.random().toString(36).slice(2)}`;
  const input = h("input", { id, type: "text", dir: "auto", "aria-describedby": hint ? `${id}-hint` : null, ...attributes });
  return {
    input,
    label: h("div", { class: "field" }, h("label", { for: id }, label), input,
      hint && h("p", { class: "hint", id: `${id}-hint` }, hint)),
  };
}

async function busy(button, text, action) {
  if (button.getAttribute("aria-disabled") === "true") return;
  const usual = button.textContent;
  button.setAttribute("aria-disabled", "true");
  button.textContent = text;
  try {
    await action();
  } finally {
    button.removeAttribute("aria-disabled");
    button.textContent = usual;
  }
}

/** Asks for an account; gives what is wrong, or "". */
async function signUp(id, password, code) {
  try {
    const answer = await fetch("/api/signup", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": language },
      body: JSON.stringify({ id, password, code }),
    });
    if (answer.ok) return "";
    const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    return isJson ? String((await answer.json()).reason) : await answer.text();
  } catch {
    return t("away");
  }
}
