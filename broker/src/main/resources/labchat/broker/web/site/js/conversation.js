// The open conversation: its messages and the place to write.

import { avatar, bdi, fill, h, icon, iconButton, setAttribute, setChildren, setText } from "./dom.js";
import { day, dayLine, exact, hour } from "./dates.js";
import { membersWords, presenceWords } from "./sidebar.js";
import { t } from "./texts.js";

const TOGETHER = 5 * 60000; // ms between messages that stand as one block
const NEAR = 80; // px from the end that count as the end

export class ConversationPane {
  #elements = new Map(); // item key -> what shows it
  #dayLines = new Map();
  #inView = new Set(); // messages of others that are on the screen and not read yet
  #shown = null;
  #byElement = new WeakMap();

  /** `actions`: back(), search(id), about(id), join(id), say(text). */
  constructor(chat, actions) {
    this.chat = chat;
    this.actions = actions;
    this.name = h("h1", { tabindex: "-1" });
    this.status = h("p", { class: "status" });
    this.face = h("span", { class: "face" });
    this.aboutButton = iconButton("people", t("about"), () => actions.about(this.#shown));
    this.searchButton = iconButton("search", t("search"), () => actions.search(this.#shown));
    this.olderButton = h("button", { type: "button", class: "link older", onclick: () => this.#older() }, t("older"));
    this.newLine = h("p", { class: "divider new" }, h("span", {}, t("newLine")));
    this.empty = h("div", { class: "empty" }, h("h2", {}, t("emptyTitle")), h("p", {}));
    this.log = h("div", { class: "log", role: "log", "aria-live": "off", tabindex: "0", onscroll: () => this.#scrolled() });
    this.typing = h("p", { class: "typing-line", "aria-hidden": "true" });
    this.down = h("button", { type: "button", class: "down", hidden: true, onclick: () => this.#toEnd() }, icon("down"), t("newBelow"));
    this.input = h("textarea", {
      rows: 1, dir: "auto", "aria-describedby": "too-long", enterkeyhint: "send",
      oninput: () => this.#typed(), onkeydown: (event) => this.#key(event),
    });
    this.tooLong = h("p", { id: "too-long", class: "too-long", "aria-live": "polite" });
    this.sendButton = h("button", { type: "submit", class: "send", "aria-label": t("send"), title: t("send") }, icon("send"));
    this.form = h("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.#send(); } },
      this.input, this.sendButton, this.tooLong);
    this.joinBar = h("div", { class: "join", hidden: true });
    this.body = h("div", { class: "conversation", hidden: true },
      h("header", { class: "bar" }, iconButton("back", t("back"), () => actions.back(), { class: "icon-button only-narrow" }),
        this.face, h("div", { class: "lines" }, this.name, this.status), this.searchButton, this.aboutButton),
      h("div", { class: "log-frame" }, this.log, this.down), this.typing, this.joinBar, this.form);
    this.pick = h("div", { class: "pick" }, h("img", { src: "/assets/icon.svg", alt: "", width: 72, height: 72 }),
      h("h2", {}, t("pickTitle")), h("p", {}, t("pickText")));
    this.element = h("main", { class: "pane" }, this.pick, this.body);
    this.observer = new IntersectionObserver((entries) => this.#looked(entries), { root: this.log, threshold: [0, 0.5, 1] });
    window.addEventListener("focus", () => this.readWhatIsSeen());
    document.addEventListener("visibilitychange", () => this.readWhatIsSeen());
  }

  /** Draws what has changed. */
  render() {
    const id = this.chat.model.current;
    const opened = id !== this.#shown;
    if (opened) this.#change(id);
    this.pick.hidden = id !== null;
    this.body.hidden = id === null;
    if (id === null) return;
    const conversation = this.chat.model.conversation(id);
    this.#renderHead(id);
    this.#renderTyping(conversation);
    const atEnd = opened || this.#isAtEnd();
    const before = this.log.scrollHeight - this.log.scrollTop;
    const first = this.log.querySelector("[data-key]");
    this.#renderItems(conversation);
    if (atEnd || this.followNext) {
      const fresh = this.firstLook && this.newLine.isConnected;
      if (fresh) this.newLine.scrollIntoView({ block: "center" });
      else this.log.scrollTop = this.log.scrollHeight;
    } else if (first && first !== this.log.querySelector("[data-key]")) {
      this.log.scrollTop = this.log.scrollHeight - before; // Older ones came above: what is read stays in its place.
    }
    this.followNext = false;
    if (conversation.loaded && conversation.items.length > 0) this.firstLook = false;
    this.#scrolled();
  }

  focus() {
    if (!this.form.hidden) this.input.focus();
    else this.name.focus();
  }

  /** Shows a message that was looked for. */
  reveal(message) {
    this.render();
    const element = this.#elements.get(message.key)?.element;
    element?.scrollIntoView({ block: "center" });
    element?.classList.add("found");
    element?.setAttribute("tabindex", "-1");
    element?.focus();
    setTimeout(() => element?.classList.remove("found"), 2500);
  }

  #change(id) {
    const { model } = this.chat;
    if (this.#shown !== null) model.conversation(this.#shown).draft = this.input.value;
    this.observer.disconnect();
    this.#inView.clear();
    this.#elements.clear();
    this.#dayLines.clear();
    this.log.replaceChildren();
    this.#shown = id;
    this.firstLook = true;
    if (id === null) return;
    this.input.value = model.conversation(id).draft;
    setText(this.name, "");
    this.name.append(bdi(id));
    this.face.replaceChildren(avatar(id, model.isRoom(id)));
    setText(this.empty.querySelector("p"), t("emptyText", id));
    setAttribute(this.log, "aria-label", id);
    setAttribute(this.input, "aria-label", t("write", id));
    setAttribute(this.input, "placeholder", t("write", id));
    this.#grow();
  }

  #renderHead(id) {
    const { model } = this.chat;
    const room = model.rooms.get(id);
    const person = model.people.get(id);
    setText(this.status, room ? membersWords(room, model)
      : person ? presenceWords(person, model.now()) : "");
    this.status.classList.toggle("is-online", person?.online === true);
    this.aboutButton.hidden = !room;
    const mayWrite = !room || room.joined;
    this.form.hidden = !mayWrite;
    this.joinBar.hidden = mayWrite;
    if (!mayWrite && !this.joinBar.hasChildNodes()) {
      this.joinBar.append(h("p", {}, t("joinFirst")),
        h("button", { type: "button", class: "primary", onclick: () => this.actions.join(this.#shown) }, t("join", id)));
    } else if (mayWrite) this.joinBar.replaceChildren();
  }

  #renderTyping(conversation) {
    const typists = conversation.typists(Date.now());
    setText(this.typing, typists.length === 0 ? "" : t(typists.length === 1 ? "typingOne" : "typingMany", typists.join(", ")));
  }

  #renderItems(conversation) {
    const now = this.chat.model.now();
    const wanted = conversation.more ? [this.olderButton] : [];
    let previous = null;
    for (const item of conversation.items) {
      const date = day(item.at);
      if (!previous || day(previous.at) !== date) {
        wanted.push(this.#dayLine(date, now));
        previous = null;
      }
      if (item.key === conversation.newFrom) {
        wanted.push(this.newLine);
        previous = null;
      }
      const block = previous?.kind === "message" && item.kind === "message" && previous.sender === item.sender
        && item.at - previous.at < TOGETHER;
      wanted.push(this.#item(item, block));
      previous = item;
    }
    if (conversation.items.length === 0) wanted.push(this.empty);
    setText(this.empty.querySelector("h2"), conversation.loaded || !this.chat.session.online ? t("emptyTitle") : t("loading"));
    setChildren(this.log, wanted);
  }

  #dayLine(date, now) {
    let line = this.#dayLines.get(date);
    if (!line) {
      line = h("p", { class: "divider" }, h("span", {}));
      this.#dayLines.set(date, line);
    }
    setText(line.firstChild, dayLine(date, now));
    return line;
  }

  #item(item, block) {
    let shown = this.#elements.get(item.key);
    if (!shown) {
      shown = item.kind === "message" ? this.#newMessage(item) : { element: item.kind === "notice" ? notice(item) : diagnostic(item) };
      shown.element.dataset.key = item.key;
      this.#elements.set(item.key, shown);
      if (item.kind === "message" && !item.seen) {
        this.#byElement.set(shown.element, item);
        this.observer.observe(shown.element);
      }
    }
    if (item.kind === "message") {
      shown.element.classList.toggle("block", block);
      this.#renderState(item, shown);
    }
    return shown.element;
  }

  #newMessage(item) {
    const inRoom = this.chat.model.isRoom(this.#shown);
    const state = h("span", { class: "state" });
    const reason = h("p", { class: "reason", hidden: true });
    const sender = item.mine ? h("span", { class: "unseen" }, `${t("you")}:`)
      : h("span", { class: inRoom ? "sender" : "unseen" }, bdi(item.sender), h("span", { class: "unseen" }, ":"));
    const element = h("article", { class: `message ${item.mine ? "mine" : "theirs"}` },
      h("div", { class: "bubble" }, sender, h("p", { class: "text", dir: "auto" }, item.text),
        h("p", { class: "meta" }, h("time", { datetime: new Date(item.at).toISOString(), title: exact(item.at) }, hour(item.at)), state)),
      reason);
    return { element, state, reason, drawn: "" };
  }

  #renderState(item, shown) {
    if (!item.mine) return;
    const room = this.chat.model.rooms.get(item.receiver);
    const others = room ? room.members.filter((who) => who !== item.sender).length : 0;
    const words = !room || item.state === "waiting" || item.state === "refused" || item.state === "sent" ? t(STATES[item.state])
      : item.state === "read" ? t("readByOf", item.readBy.size, others) : t("deliveredToOf", item.deliveredTo.size, others);
    if (shown.drawn === words + item.reason) return;
    shown.drawn = words + item.reason;
    shown.element.dataset.state = item.state;
    shown.state.replaceChildren(icon(DRAWINGS[item.state]), words);
    shown.reason.hidden = item.state !== "refused";
    if (item.state === "refused") {
      shown.reason.replaceChildren(h("span", { dir: "auto" }, item.reason),
        h("button", { type: "button", class: "link", onclick: () => this.chat.retry(item) }, t("again")));
    }
  }

  // ---- reading

  #looked(entries) {
    for (const { target, isIntersecting, intersectionRect, boundingClientRect } of entries) {
      const message = this.#byElement.get(target);
      if (!message) continue;
      const enough = isIntersecting && intersectionRect.height >= Math.min(boundingClientRect.height / 2, 60);
      if (enough) this.#inView.add(target);
      else this.#inView.delete(target);
    }
    this.readWhatIsSeen();
  }

  /** A message counts as read when it is on the screen of a window that is looked at. */
  readWhatIsSeen() {
    if (document.visibilityState !== "visible" || !document.hasFocus() || !this.chat.session.online) return;
    if (this.element.closest("[inert]") || this.body.hidden) return;
    for (const element of this.#inView) {
      this.#inView.delete(element);
      this.observer.unobserve(element);
      this.chat.read(this.#byElement.get(element));
    }
  }

  #isAtEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR; }

  #toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.focus();
  }

  #scrolled() {
    if (this.#shown === null) return;
    this.down.hidden = this.#isAtEnd() || this.chat.model.conversation(this.#shown).unread() === 0;
    if (this.log.scrollTop < NEAR && this.log.scrollHeight > this.log.clientHeight + NEAR && !this.firstLook) this.#older();
  }

  async #older() {
    const conversation = this.chat.model.conversation(this.#shown);
    if (!conversation.more || this.loadingOlder || !this.chat.session.online) return;
    this.loadingOlder = true;
    try {
      await this.chat.older(this.#shown);
    } catch (error) {
      this.actions.say(error.message);
    } finally {
      this.loadingOlder = false;
    }
  }

  // ---- writing

  #typed() {
    this.#grow();
    const over = [...this.input.value].length - this.chat.config.maxTextLength;
    setText(this.tooLong, over > 0 ? t("tooLong", over) : "");
    if (this.input.value.trim() !== "") this.chat.typing(this.#shown);
  }

  /** As high as its text, up to a bound in the stylesheet. */
  #grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.input.value.trim();
    if (text === "" || [...text].length > this.chat.config.maxTextLength) return this.input.focus();
    this.input.value = "";
    this.#typed();
    const conversation = this.chat.model.conversation(this.#shown);
    conversation.newFrom = null;
    this.followNext = true;
    this.chat.send(this.#shown, text);
    this.input.focus();
  }
}

const STATES = { waiting: "stWaiting", sent: "stSent", delivered: "stDelivered", read: "stRead", refused: "stRefused" };
const DRAWINGS = { waiting: "clock", sent: "check", delivered: "checks", read: "checks", refused: "alert" };
const NOTICES = { joined: "joined", left: "left", created: "created", invited: "invited", removed: "removed" };

function notice(item) {
  const key = NOTICES[item.status];
  const words = key ? fill(t(key, "{0}"), item.who) : [item.text];
  return h("p", { class: "notice", dir: "auto" }, ...words, " ", h("time", { title: exact(item.at) }, hour(item.at)));
}

function diagnostic(item) {
  return h("section", { class: "diagnostic", "aria-label": t("explained") },
    icon("alert"),
    h("div", {},
      h("p", { class: "what" }, h("strong", {}, t("explained")), " ", h("code", {}, item.code)),
      h("p", { dir: "auto" }, item.reason),
      item.hint && h("p", { dir: "auto" }, item.hint),
      h("p", { class: "faint" }, `${t("topic")}: `, h("code", {}, item.topic)),
      item.payload && h("p", { class: "faint" }, `${t("sentWas")}: `, h("code", { dir: "auto" }, item.payload))));
}
