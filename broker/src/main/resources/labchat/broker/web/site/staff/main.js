// The staff's page: sign in, then four views on one stream of events.

import { el } from "./dom.js";
import * as api from "./api.js";
import { ClassView } from "./classview.js";
import { Wire } from "./wire.js";
import { DiagramView } from "./diagram.js";
import { AccountsView } from "./accounts.js";
import { ProgressView } from "./progress.js";
import { CompareView } from "./compare.js";
import { LessonsView } from "./lessons.js";

const app = document.getElementById("app");
let source = null;

function signInPage(message = "") {
  source?.close();
  source = null;
  const user = el("input", { id: "user", autocomplete: "username", required: true, autocapitalize: "none", spellcheck: "false" });
  const password = el("input", { id: "password", type: "password", autocomplete: "current-password", required: true });
  const error = el("p", { class: "error", role: "alert" }, message);
  const button = el("button", { class: "primary" }, "Sign in");
  app.replaceChildren(el("main", { class: "signin" }, el("h1", {}, "Labchat: staff"),
    el("p", {}, "For the accounts that the setting staff names in broker.conf; the password is the one for the chat."),
    el("form", {
      submit: async (event) => {
        event.preventDefault();
        button.disabled = true;
        error.textContent = "";
        try {
          staffPage(await api.signIn(user.value, password.value));
        } catch (problem) {
          error.textContent = problem.message;
          button.disabled = false;
          password.value = "";
          password.focus();
        }
      },
    }, el("label", { for: "user" }, "Name", user), el("label", { for: "password" }, "Password", password), button, error)));
  user.focus();
}

function staffPage(session) {
  const status = el("p", { class: "status", role: "status" });
  const wire = new Wire(() => connect());
  const diagram = new DiagramView();
  const accounts = new AccountsView();
  const progress = new ProgressView();
  const compare = new CompareView();
  const lessons = new LessonsView();
  const tabs = {};
  const show = (name) => {
    for (const [key, tab] of Object.entries(tabs)) {
      const chosen = key === name;
      tab.button.setAttribute("aria-selected", String(chosen));
      tab.button.tabIndex = chosen ? 0 : -1;
      tab.panel.classList.toggle("hidden", !chosen);
    }
    if (name === "diagram") diagram.draw();
    if (name === "accounts") accounts.load();
    progress.shown(name === "progress");
    compare.shown(name === "compare");
    lessons.shown(name === "lessons");
  };
  const view = new ClassView({
    wire: (user) => { show("wire"); wire.choose(user); connect(); },
    diagram: (user) => { show("diagram"); diagram.choose(user); },
  });
  const tab = (name, title, element) => {
    const panel = el("div", { role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}` }, element);
    const button = el("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, click: () => show(name) }, title);
    tabs[name] = { button, panel };
  };
  tab("class", "Class", view.element);
  tab("wire", "Live wire", wire.element);
  tab("diagram", "Diagram", diagram.element);
  tab("compare", "Compare", compare.element);
  tab("progress", "Progress", progress.element);
  tab("lessons", "Lessons", lessons.element);
  tab("accounts", "Accounts", accounts.element);
  const names = Object.keys(tabs);
  const list = el("div", {
    role: "tablist", "aria-label": "Views",
    keydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const now = names.findIndex((name) => tabs[name].button === document.activeElement);
      const next = names[(now + step + names.length) % names.length];
      show(next);
      tabs[next].button.focus();
    },
  }, names.map((name) => tabs[name].button));

  function connect() {
    source?.close();
    wire.clear();
    source = api.listen(wire.filter(), {
      hello: (hello) => { diagram.newest = hello.number; },
      packets: (packets) => { wire.packets(packets); },
      missed: (missed) => wire.miss(missed.count),
      activity: (activity) => { diagram.newest = activity.number; diagram.activity(activity.users); },
      class: (now) => {
        const users = now.teams.map((team) => team.user);
        wire.teams(users);
        diagram.users(users);
        compare.users(users);
        view.show(now);
      },
      state: (good, text) => { status.textContent = text; status.classList.toggle("error", !good); },
      retry: () => setTimeout(connect, 3000),
    });
  }

  app.replaceChildren(
    el("header", { class: "top" }, el("h1", {}, "Labchat: staff"), list, el("span", { class: "grow" }), status,
      el("span", {}, `${session.user}${session.seesMessages ? ", sees messages" : ""}`),
      el("button", {
        type: "button",
        click: async () => {
          await api.signOut().catch(() => {});
          signInPage();
        },
      }, "Sign out")),
    el("main", {}, names.map((name) => tabs[name].panel)));
  show("class");
  connect();
}

api.whenSignedOut((message) => signInPage(message));
api.session().then(staffPage, (error) => signInPage(error.status === 401 ? "" : error.message));
