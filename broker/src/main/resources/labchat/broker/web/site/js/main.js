// The beginning: reads the broker's settings, signs in, and puts the page together.

import { Chat } from "./chat.js";
import { ConversationPane } from "./conversation.js";
import { h, icon, setText } from "./dom.js";
import * as dialogs from "./dialogs.js";
import { websocketUrl } from "./session.js";
import { Sidebar } from "./sidebar.js";
import { SignIn } from "./signin.js";
import { language, t } from "./texts.js";

const KEPT = "labchat.account";
const LOOK = 10000; // ms between looks at the list of rooms
const PREFERENCES = "labchat.preferences";
const app = document.getElementById("app");

document.documentElement.lang = language;
document.title = t("appName");

/** What is kept in the browser; a browser that keeps nothing is no mistake. */
const kept = {
  read(store, key) {
    try {
      return JSON.parse(store().getItem(key));
    } catch {
      return null;
    }
  },
  write(store, key, value) {
    try {
      if (value === null) store().removeItem(key);
      else store().setItem(key, JSON.stringify(value));
    } catch {
      // Private windows may refuse.
    }
  },
};
const tab = () => sessionStorage;
const device = () => localStorage;

async function readConfig() {
  const answer = await fetch("/config.json", { cache: "no-store" });
  const date = Date.parse(answer.headers.get("Date") ?? "");
  const config = await answer.json();
  // The header counts whole seconds.
  const skew = Number.isNaN(date) ? 0 : date + 500 - Date.now();
  return { ...config, skew: Math.abs(skew) > 2000 ? skew : 0 };
}

/** Why there is no connection, in words. */
async function why(error, config) {
  if (error.code === 0x86) return error.reason.includes("again and again") ? `${t("wrongPassword")} ${error.reason}` : t("wrongPassword");
  if (error.code >= 0x80) return t("refused", error.reason || `0x${error.code.toString(16)}`);
  const url = websocketUrl(config, location);
  const host = url.replace(/^wss?:\/\//, "").replace(/\/mqtt$/, "");
  try {
    await fetch("/config.json", { cache: "no-store" });
  } catch {
    return t("away");
  }
  return url.startsWith("wss:") ? t("certificate", host) : t("chatAway", host);
}

function showSignIn(config, text = "") {
  const page = new SignIn(config, (account) => tryAccount(config, account, page));
  app.replaceChildren(page.element);
  page.element.querySelector("input")?.focus();
  page.say(text || (websocketUrl(config, location) === "" ? t("noWebsocket") : ""));
}

/** Logs in with what was typed; the chat is shown when the broker has said yes. Gives what is wrong, or "". */
function tryAccount(config, { user, password, stay }) {
  if (websocketUrl(config, location) === "") return Promise.resolve(t("noWebsocket"));
  return new Promise((resolve) => {
    const page = new Page(config, user, password);
    page.chat.start();
    page.firstState = async (state, { error }) => {
      if (state === "connecting") return;
      page.firstState = null;
      if (state === "online") {
        kept.write(stay ? device : tab, KEPT, { user, password });
        page.show();
        resolve("");
      } else {
        page.chat.stop();
        resolve(await why(error, config));
      }
    };
  });
}

class Page {
  firstState = null;
  #scheduled = false;
  #isShown = false;
  #wasOnline = false;

  constructor(config, user, password) {
    this.config = config;
    this.preferences = { notify: false, receipts: true, typing: true, ...kept.read(device, PREFERENCES) };
    this.chat = new Chat(config, user, password, {
      changed: () => this.#schedule(),
      arrived: (message, conversation) => this.#arrived(message, conversation),
      explained: (conversation) => this.#announce(`${t("explained")}: ${conversation.items.at(-1).reason}`),
      state: (state, detail) => this.#state(state, detail),
      problem: (text) => this.#toast(text),
    });
    this.chat.model.clockSkew = config.skew;
    this.chat.preferences = this.preferences;
  }

  show() {
    const { chat } = this;
    this.banner = h("div", { class: "banner", role: "status", hidden: true });
    this.toasts = h("div", { class: "toasts", role: "status" });
    this.live = h("div", { class: "unseen", "aria-live": "polite" });
    this.sidebar = new Sidebar(chat, {
      open: (id) => this.open(id),
      search: () => dialogs.search(chat, null, (hit) => this.#jump(hit)),
      toAll: () => dialogs.writeToAll(chat, (text) => this.#toast(text)),
      newRoom: () => dialogs.newRoom(chat, (room) => this.open(room)),
      settings: () => dialogs.settings(chat, this.preferences, (changed) => this.#prefer(changed), () => this.#signOut()),
    });
    this.pane = new ConversationPane(chat, {
      back: () => this.#back(),
      search: (id) => dialogs.search(chat, id, (hit) => this.#jump(hit)),
      about: (id) => dialogs.aboutRoom(chat, id, () => this.open(null)),
      join: (id) => this.#join(id),
      say: (text) => this.#toast(text),
    });
    this.frame = h("div", { class: "chat" }, this.sidebar.element, this.pane.element);
    app.replaceChildren(this.banner, this.frame, this.toasts, this.live);
    this.#isShown = true;
    this.listening = new AbortController();
    const { signal } = this.listening;
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    window.addEventListener("hashchange", () => this.#followHash(), { signal });
    for (const event of ["online", "pageshow", "focus"]) window.addEventListener(event, () => chat.session.wake(), { signal });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") chat.session.wake();
    }, { signal });
    window.addEventListener("beforeunload", (event) => { if (chat.unsent() > 0) event.preventDefault(); }, { signal });
    const look = setInterval(() => { if (document.visibilityState === "visible") chat.lookForRooms(); }, LOOK);
    signal.addEventListener("abort", () => clearInterval(look));
    this.#followHash();
    this.#state(chat.state, chat.detail);
    this.#render();
    if (chat.model.current === null) this.sidebar.find.focus();
  }

  open(id) {
    const hash = id === null ? "" : `#${encodeURIComponent(id)}`;
    if (location.hash !== hash) history.pushState(null, "", hash || location.pathname);
    this.#openNow(id);
    if (id !== null) return this.pane.focus();
    this.chat.lookForRooms();
    this.sidebar.find.focus();
  }

  #openNow(id) {
    this.chat.open(id);
    this.#render();
  }

  #followHash() {
    let id = null;
    try {
      id = decodeURIComponent(location.hash.slice(1)) || null;
    } catch {
      // A hash that somebody has typed.
    }
    this.#openNow(id !== null && /^[A-Za-z0-9_-]{1,32}$/.test(id) && id !== this.chat.me ? id : null);
  }

  #back() {
    const left = this.chat.model.current;
    this.open(null);
    [...this.sidebar.element.querySelectorAll(".row")].find((row) => row.dataset.id === left)?.focus();
  }

  async #jump(hit) {
    this.open(hit.in);
    const message = await this.chat.jump(hit).catch((error) => this.#toast(error.message));
    if (message) this.pane.reveal(message);
  }

  async #join(id) {
    try {
      await this.chat.roomAction("join", id);
      this.chat.model.conversation(id).loaded = false;
      await this.chat.load(id);
      this.pane.focus();
    } catch (error) {
      this.#toast(error.message);
    }
  }

  // ---- what changes

  #schedule() {
    if (this.#scheduled || !this.#isShown) return;
    this.#scheduled = true;
    const draw = () => {
      this.#scheduled = false;
      if (this.#isShown) this.#render();
    };
    // A hidden tab draws no frames, and its title counts all the same.
    if (document.visibilityState === "visible") requestAnimationFrame(draw);
    else setTimeout(draw, 50);
  }

  #render() {
    const { model } = this.chat;
    this.frame.classList.toggle("is-open", model.current !== null);
    this.sidebar.render();
    this.pane.render();
    const unread = model.unread();
    const name = `${model.current === null ? "" : `${model.current} · `}${t("appName")}`;
    document.title = unread > 0 ? `(${unread}) ${name}` : name;
  }

  async #state(state, detail) {
    if (this.firstState) return this.firstState(state, detail);
    if (!this.#isShown) return;
    if (state === "refused") {
      const text = await why(detail.error, this.config);
      this.#leave();
      showSignIn(this.config, t("ended", text));
    } else if (state === "online") {
      this.banner.hidden = true;
      this.banner.replaceChildren();
      if (this.#wasOnline) this.#announce(t("connectedAgain"));
      this.#wasOnline = true;
    } else if (state === "waiting") {
      const text = await why(detail.error, this.config);
      if (this.chat.state === "online" || !this.#isShown) return;
      this.banner.hidden = false;
      this.banner.replaceChildren(icon("alert"), h("span", {}, text));
    }
  }

  #arrived(message, conversation) {
    const { id } = conversation;
    const isRoom = id !== message.sender;
    const from = isRoom ? t("newIn", message.sender, id) : message.sender;
    const isLooking = document.visibilityState === "visible" && document.hasFocus();
    if (isLooking && this.chat.model.current === id) this.#announce(`${from}: ${message.text}`);
    else this.#announce(t("newMessage", from));
    if (!isLooking && this.preferences.notify && "Notification" in window && Notification.permission === "granted") {
      const notification = new Notification(from, { body: message.text.slice(0, 200), tag: `labchat ${id}`, icon: "/assets/icon.svg" });
      notification.onclick = () => {
        window.focus();
        this.open(id);
        notification.close();
      };
    }
  }

  /** For who listens to a screen reader. */
  #announce(text) {
    if (this.#isShown) setText(this.live, text);
  }

  #toast(text) {
    if (!this.#isShown || !text) return;
    const toast = h("p", { class: "toast", dir: "auto" }, text);
    this.toasts.append(toast);
    setTimeout(() => toast.remove(), 6000);
  }

  #prefer(changed) {
    Object.assign(this.preferences, changed);
    kept.write(device, PREFERENCES, this.preferences);
  }

  // ---- keys

  #key(event) {
    if (document.querySelector("dialog[open]")) return;
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    let known = true;
    if (control && !event.shiftKey && key === "k") this.sidebar.find.focus();
    else if (control && event.shiftKey && key === "f") dialogs.search(this.chat, this.chat.model.current, (hit) => this.#jump(hit));
    else if (event.altKey && (key === "arrowdown" || key === "arrowup")) this.#step(key === "arrowdown" ? 1 : -1);
    else if (event.altKey && key === "u") this.#nextUnread();
    else if (key === "escape" && this.chat.model.current !== null) this.#back();
    else known = false;
    if (known) event.preventDefault();
  }

  #step(by) {
    const order = this.sidebar.order();
    const at = order.indexOf(this.chat.model.current);
    const to = order[at < 0 ? 0 : at + by];
    if (to) this.open(to);
  }

  #nextUnread() {
    const { model } = this.chat;
    const to = this.sidebar.order().find((id) => id !== model.current && (model.conversations.get(id)?.unread() ?? 0) > 0);
    if (to) this.open(to);
  }

  // ---- the end

  #leave() {
    this.#isShown = false;
    this.listening.abort();
    this.chat.stop();
    document.querySelectorAll("dialog").forEach((dialog) => dialog.close());
    kept.write(tab, KEPT, null);
    kept.write(device, KEPT, null);
    history.replaceState(null, "", location.pathname);
    document.title = t("appName");
  }

  #signOut() {
    this.#leave();
    showSignIn(this.config);
  }
}

async function begin() {
  let config;
  try {
    config = await readConfig();
  } catch {
    app.replaceChildren(h("main", { class: "noscript" }, h("h1", {}, t("appName")), h("p", { role: "alert" }, t("noConfig"))));
    return;
  }
  const account = kept.read(tab, KEPT) ?? kept.read(device, KEPT);
  if (!account?.user || websocketUrl(config, location) === "") return showSignIn(config);
  // Signed in before: the page is there at once and connects behind it.
  const page = new Page(config, account.user, account.password);
  page.show();
  page.chat.start();
}

begin();
