// What happens in the chat: between the connection (session.js) and what is known (model.js). docs/protocol.md is the law.

import { Model, raise, time } from "./model.js";
import { Session, randomHex } from "./session.js";

const TYPING_PAUSE = 3000; // ms between two hints
const PAGE = 50; // messages
const ROOMS_PAUSE = 1000; // ms between two looks at the list of rooms
const JUMP_PAGES = 20; // pages that a jump to a hit may load

export class Chat {
  #requests = Promise.resolve(); // one at a time: the server keeps few waiting
  #lastHint = 0;
  #refreshing = new Map();
  #outbox = []; // messages without an acknowledgement, oldest first
  #flushing = false;
  #roomsAsked = 0;
  #lookLater;
  #tabs;

  /** `screen.changed()`, `screen.arrived(message, conversation)`, `screen.state(state, detail)`, `screen.problem(text)`. */
  constructor(config, user, password, screen) {
    this.config = config;
    this.screen = screen;
    this.model = new Model(user, config.lobby);
    this.state = "connecting";
    this.detail = {};
    this.preferences = { receipts: true, typing: true };
    this.session = new Session(config, user, password, {
      state: (state, detail = {}) => this.#onState(state, detail),
      chat: (kind, id, data, retain) => this.#onChat(kind, id, data, retain),
    });
    this.#tabs = new BroadcastChannel(`labchat ${location.host} ${user}`);
    this.#tabs.onmessage = ({ data }) => this.#onOtherTab(data);
  }

  get me() { return this.model.me; }

  start() { this.session.start(); }

  stop() {
    this.session.stop();
    clearTimeout(this.#lookLater);
    this.#tabs.close();
  }

  unsent() { return this.#outbox.length; }

  // ---- what the user does

  open(id) {
    this.model.current = id;
    if (id === null) return this.screen.changed();
    const conversation = this.model.conversation(id);
    conversation.newFrom = conversation.firstUnread()?.key ?? null;
    this.screen.changed();
    return this.load(id);
  }

  /** The newest page of a conversation, once for each connection. */
  async load(id) {
    const conversation = this.model.conversation(id);
    if (conversation.loaded || !this.session.online) return;
    conversation.loaded = true;
    try {
      const page = await this.#ask("history", { with: id, limit: PAGE });
      if (conversation.items.filter((item) => item.kind === "message").length <= page.messages.length) {
        conversation.more = page.more === true;
      }
      page.messages.forEach((entry) => this.#known(entry));
      if (this.model.current === id) conversation.newFrom ??= conversation.firstUnread()?.key ?? null;
    } catch (error) {
      conversation.loaded = false;
      if (this.session.online && error.code !== "not_a_member") this.screen.problem(error.message);
    }
    this.screen.changed();
  }

  async older(id, limit = PAGE) {
    const conversation = this.model.conversation(id);
    const before = conversation.oldest()?.uuid;
    if (!before) return;
    const page = await this.#ask("history", { with: id, before, limit });
    page.messages.forEach((entry) => this.#known(entry));
    conversation.more = page.more === true;
    this.screen.changed();
  }

  async search(words, id) {
    const page = await this.#ask("history", { ...(id ? { with: id } : {}), search: words, limit: PAGE });
    return page.messages.map((entry) => ({ ...entry, in: this.#where(entry), at: time(entry.sent) })).reverse();
  }

  /** Opens the conversation of a hit and loads back to it. */
  async jump(hit) {
    await this.open(hit.in);
    const conversation = this.model.conversation(hit.in);
    for (let i = 0; i < JUMP_PAGES; i++) {
      const message = conversation.find(hit.sender, hit.receiver, hit.uuid);
      if (message) return message;
      if (!conversation.more) break;
      await this.older(hit.in, 200);
    }
    return null;
  }

  send(id, text, at = this.model.now()) {
    const { message } = this.model.conversation(id).put({
      sender: this.me, receiver: id, text, uuid: randomHex(32), at, state: "waiting",
    });
    this.#lastHint = 0;
    this.#outbox.push(message);
    this.screen.changed();
    this.#flush();
    return message;
  }

  sendToAll(text) {
    const at = this.model.now();
    return this.model.contacts().map(({ id }) => this.send(id, text, at));
  }

  retry(message) {
    message.state = "waiting";
    message.reason = "";
    this.#outbox.push(message);
    this.#flush();
    this.screen.changed();
  }

  typing(id) {
    const now = Date.now();
    if (!this.preferences.typing || !this.session.online || now - this.#lastHint < TYPING_PAUSE) return;
    this.#lastHint = now;
    this.session.publish(id, "typing", { sender: this.me, receiver: id, status: "typing" }, 0).catch(() => {});
  }

  /** The message's text is before the user's eyes. */
  read(message) {
    const conversation = this.model.conversation(this.#where(message));
    if (message.mine || message.seen || !this.session.online) return;
    conversation.see(message);
    if (this.preferences.receipts) this.#receipt(message, "read");
    this.#tabs.postMessage({ read: { sender: message.sender, receiver: message.receiver, uuid: message.uuid } });
    this.screen.changed();
  }

  async roomAction(action, room, more = {}) {
    const answer = await this.#ask("rooms", { action, room, ...more });
    if (action === "leave") await this.refreshRooms();
    else this.#rooms(answer.rooms ?? []);
    this.screen.changed();
    return answer;
  }

  /** Nobody tells of a room that others make, so the list is asked for when somebody looks at it, and now and then. */
  lookForRooms() {
    clearTimeout(this.#lookLater);
    const pause = this.#roomsAsked + ROOMS_PAUSE - Date.now();
    this.#lookLater = setTimeout(() => {
      if (!this.session.online) return;
      this.#roomsAsked = Date.now();
      this.refreshRooms().catch(() => {});
    }, Math.max(0, pause));
  }

  async refreshRooms() {
    const { rooms } = await this.#ask("rooms", { action: "list" });
    const there = new Set(rooms.map(({ id }) => id));
    for (const id of this.model.rooms.keys()) if (!there.has(id)) this.model.rooms.delete(id);
    this.#rooms(rooms);
    this.screen.changed();
  }

  // ---- what comes from the server

  #onState(state, detail) {
    this.state = state;
    this.detail = detail;
    if (state === "online") this.#connected();
    this.screen.state(state, detail);
    this.screen.changed();
  }

  async #connected() {
    this.subscribed = new Set();
    for (const conversation of this.model.conversations.values()) conversation.loaded = false;
    this.#flush();
    try {
      await this.refreshRooms();
      const { messages } = await this.#ask("history", { limit: 200 });
      const open = this.model.current;
      if (open !== null) await this.load(open);
      for (const entry of messages) {
        const id = this.#where(entry);
        const known = this.model.conversation(id);
        const { message } = this.#known(entry);
        // How many are unread is known from the messages themselves.
        if (!message.seen && !known.loaded) await this.load(id);
        else if (!known.loaded) known.more = true;
      }
    } catch (error) {
      if (this.session.online) this.screen.problem(error.message);
    }
    this.screen.changed();
  }

  #rooms(rooms) {
    for (const room of rooms) {
      this.model.room(room);
      if (!room.joined) this.subscribed?.delete(room.id);
      else if (!this.subscribed?.has(room.id)) {
        this.subscribed?.add(room.id);
        this.session.subscribeRoom(room.id).catch(() => {});
      }
    }
  }

  #onChat(kind, id, data, retain) {
    switch (kind) {
      case "presence": this.model.presence(id, data); break;
      case "message": if (data) this.#onMessage(id, data); break;
      case "delivered": case "read": if (data) this.#onReceipt(kind, data); break;
      case "typing": if (data && !retain) this.#onTyping(id, data); break;
      case "notice": if (data) this.#onNotice(data); break;
      case "diagnostics": if (data) this.#onDiagnostic(data); break;
      case "rooms": if (data?.rooms) this.#onRoomsUnasked(data); break;
      default: return;
    }
    this.screen.changed();
  }

  #onMessage(id, data) {
    if (typeof data.message !== "string" || typeof data.uuid !== "string") return;
    const sender = String(data.sender);
    const where = id === this.me ? sender : id;
    const conversation = this.model.conversation(where);
    const { message, isNew } = conversation.put({
      sender, receiver: id, text: data.message, uuid: data.uuid, at: this.model.now(),
    });
    if (message.mine) {
      // The echo from a room: now its place among the others' is known.
      conversation.move(message, this.model.now());
      raise(message, "sent");
      return;
    }
    conversation.typing.delete(sender);
    this.#receipt(message, message.seen ? "read" : "delivered");
    if (isNew) this.screen.arrived(message, conversation);
  }

  #receipt(message, kind) {
    if (message.sender === "server") return;
    const room = message.receiver === this.me ? {} : { room: message.receiver };
    this.session.publish(message.sender, kind, {
      sender: this.me, receiver: message.sender, status: kind, uuid: message.uuid, ...room,
    }).catch(() => {});
  }

  #onReceipt(kind, data) {
    const who = String(data.sender);
    const where = typeof data.room === "string" ? data.room : who;
    if (!this.model.conversation(where).receipt(where, who, String(data.uuid), kind)) {
      this.#refresh(where); // Another device of mine has written it.
    }
  }

  #onTyping(id, data) {
    const who = String(data.sender);
    if (who === this.me) return;
    const conversation = this.model.conversation(id === this.me ? who : id);
    conversation.hint(who, Date.now());
    setTimeout(() => this.screen.changed(), 6100);
  }

  #onNotice(data) {
    const room = String(data.receiver);
    const who = String(data.sender);
    this.model.conversation(room).note({
      kind: "notice", key: randomHex(8), at: this.model.now(), status: String(data.status), who, text: String(data.notice),
    });
    const known = this.model.rooms.get(room);
    if (known && data.status === "joined" && !known.members.includes(who)) known.members.push(who);
    if (known && (data.status === "left" || data.status === "removed")) {
      known.members = known.members.filter((member) => member !== who);
      if (who === this.me) known.joined = false;
    }
    if (!known || who === this.me) this.refreshRooms().catch(() => {});
  }

  #onRoomsUnasked(data) {
    if (data.action === "remove" || data.action === "leave") this.refreshRooms().catch(() => {});
    else this.#rooms(data.rooms);
  }

  /** Shown where it happened: in the conversation that the topic names, else in the server's own. */
  #onDiagnostic(data) {
    const prefix = `${this.config.root}/`;
    const topic = String(data.topic ?? "");
    const [id, kind] = topic.startsWith(prefix) ? topic.slice(prefix.length).split("/") : [];
    const isPlace = kind && (this.model.people.has(id) || this.model.rooms.has(id) || this.model.conversations.has(id));
    const conversation = this.model.conversation(isPlace && id !== this.me ? id : "server");
    const reason = String(data.reason ?? "");
    if (conversation.items.some((item) => item.kind === "message" && item.reason.includes(reason))) return;
    conversation.note({
      kind: "diagnostic", key: randomHex(8), at: this.model.now(), code: String(data.code ?? ""), reason,
      hint: String(data.hint ?? ""), topic, payload: String(data.payload ?? ""),
    });
    this.screen.explained(conversation);
  }

  /** A message out of the history. */
  #known(entry) {
    const conversation = this.model.conversation(this.#where(entry));
    // Of a message to a user the receipts are times, of one to a room they are times by name.
    const names = (value) => (value === null || value === undefined ? []
      : typeof value === "object" ? Object.keys(value) : [entry.receiver]);
    return conversation.put({
      sender: entry.sender, receiver: entry.receiver, text: entry.message, uuid: entry.uuid,
      at: time(entry.sent) ?? this.model.now(), fromServer: true, delivered: names(entry.delivered), read: names(entry.read),
    });
  }

  #where({ sender, receiver }) {
    return receiver === this.me ? sender : receiver;
  }

  #refresh(id) {
    clearTimeout(this.#refreshing.get(id));
    this.#refreshing.set(id, setTimeout(() => {
      this.model.conversation(id).loaded = false;
      this.load(id);
    }, 300));
  }

  // ---- what leaves

  /** Sends what waits, in order; what the network loses waits for the next connection, under the same uuid. */
  async #flush() {
    if (this.#flushing) return;
    this.#flushing = true;
    while (this.#outbox.length > 0 && this.session.online) {
      const batch = this.#outbox.slice(0, 50);
      await Promise.all(batch.map((message) => this.#transmit(message)));
    }
    this.#flushing = false;
  }

  async #transmit(message) {
    try {
      const { code, reason } = await this.session.publish(message.receiver, "message", {
        sender: this.me, receiver: message.receiver, message: message.text, uuid: message.uuid,
      });
      this.#outbox = this.#outbox.filter((other) => other !== message);
      if (code >= 0x80) this.#refused(message, reason);
      else {
        raise(message, "sent");
        const { sender, receiver, text, uuid, at } = message;
        this.#tabs.postMessage({ sent: { sender, receiver, text, uuid, at } });
      }
    } catch {
      // The connection went; the message stays in the outbox.
    }
    this.screen.changed();
  }

  #refused(message, reason) {
    message.state = "refused";
    message.reason = reason || "refused";
    const conversation = this.model.conversation(message.receiver);
    conversation.items
      .filter((item) => item.kind === "diagnostic" && message.reason.includes(item.reason))
      .forEach((item) => conversation.remove(item));
  }

  #onOtherTab(data) {
    if (data.sent) this.model.conversation(this.#where(data.sent)).put({ ...data.sent, state: "sent" });
    if (data.read) {
      const conversation = this.model.conversation(this.#where(data.read));
      const message = conversation.find(data.read.sender, data.read.receiver, data.read.uuid);
      if (message) conversation.see(message);
    }
    this.screen.changed();
  }

  #ask(kind, data) {
    const answer = this.#requests.then(() => this.session.request(kind, data));
    this.#requests = answer.catch(() => {});
    return answer;
  }
}
