// All that the page knows: people, rooms, conversations and their messages. Knows nothing of the screen or the network.

const TYPING_LASTS = 6000; // ms, docs/protocol.md
const RANK = { waiting: 0, refused: 0, sent: 1, delivered: 2, read: 3 };

export class Model {
  people = new Map(); // id -> {id, online, since}
  rooms = new Map(); // id -> {id, isPublic, members, joined}
  conversations = new Map(); // id -> Conversation
  current = null; // the id of the open conversation
  clockSkew = 0; // the server's clock minus ours, ms

  constructor(me, lobby) {
    this.me = me;
    this.lobby = lobby;
  }

  now() { return Date.now() + this.clockSkew; }

  isRoom(id) { return this.rooms.has(id); }

  conversation(id) {
    let conversation = this.conversations.get(id);
    if (!conversation) {
      conversation = new Conversation(id, this.me);
      this.conversations.set(id, conversation);
    }
    return conversation;
  }

  presence(id, data) {
    if (data === null) this.people.delete(id);
    else this.people.set(id, { id, online: data.status === "online", since: time(data.since) });
  }

  room(info) {
    this.rooms.set(info.id, {
      id: info.id, isPublic: info.public === true, members: (info.members ?? []).map(String), joined: info.joined === true,
    });
  }

  /** Everybody but oneself, by name, numbers by their value. */
  contacts() {
    return [...this.people.values()].filter(({ id }) => id !== this.me).sort((a, b) => byName(a.id, b.id));
  }

  onlineCount() { return [...this.people.values()].filter((person) => person.online).length; }

  unread() {
    let sum = 0;
    for (const conversation of this.conversations.values()) sum += conversation.unread();
    return sum;
  }
}

export class Conversation {
  items = []; // messages, notices and diagnostics, oldest first
  typing = new Map(); // who -> until when
  loaded = false; // whether its newest messages were asked for
  more = false; // whether the server has older ones
  newFrom = null; // the uuid of the message above which "new" stands
  draft = "";
  #byKey = new Map();
  #unread = 0;

  constructor(id, me) {
    this.id = id;
    this.me = me;
  }

  /**
   * Adds a message, or learns more of one that is known. Gives the message and whether it is new.
   * @param found {sender, receiver, text, uuid, at, state?, delivered?: Map, read?: Map}
   */
  put(found) {
    const key = `${found.sender}/${found.receiver}/${found.uuid}`;
    let message = this.#byKey.get(key);
    const isNew = !message;
    if (isNew) {
      message = {
        kind: "message", key, uuid: found.uuid, sender: found.sender, receiver: found.receiver, text: found.text,
        at: found.at, mine: found.sender === this.me, state: found.state ?? "sent", reason: "",
        deliveredTo: new Set(), readBy: new Set(), seen: found.sender === this.me,
      };
      this.#byKey.set(key, message);
      this.#insert(message);
      if (!message.seen) this.#unread++;
    } else if (found.fromServer) this.move(message, found.at);
    for (const who of found.delivered ?? []) message.deliveredTo.add(who);
    for (const who of found.read ?? []) message.readBy.add(who);
    if (found.fromServer && message.mine) raise(message, "sent");
    if (message.mine && message.deliveredTo.size > 0) raise(message, "delivered");
    if (message.mine && message.readBy.size > 0) raise(message, "read");
    if (!message.mine && message.readBy.has(this.me)) this.see(message);
    return { message, isNew };
  }

  find(sender, receiver, uuid) { return this.#byKey.get(`${sender}/${receiver}/${uuid}`); }

  move(item, at) {
    if (item.at === at) return;
    item.at = at;
    this.items.splice(this.items.indexOf(item), 1);
    this.#insert(item);
  }

  remove(item) {
    const at = this.items.indexOf(item);
    if (at >= 0) this.items.splice(at, 1);
  }

  /** A line that is no message: who joined, what the server explains. */
  note(item) { this.#insert(item); }

  see(message) {
    if (!message.seen) {
      message.seen = true;
      this.#unread--;
    }
  }

  unread() { return this.#unread; }

  firstUnread() { return this.items.find((item) => item.kind === "message" && !item.seen); }

  newest() {
    for (let i = this.items.length - 1; i >= 0; i--) if (this.items[i].kind === "message") return this.items[i];
    return undefined;
  }

  oldest() { return this.items.find((item) => item.kind === "message" && item.state !== "waiting"); }

  /** A receipt for a message of mine; false if there is no such message here. */
  receipt(receiver, who, uuid, state) {
    const message = this.find(this.me, receiver, uuid);
    if (!message) return false;
    message.deliveredTo.add(who);
    if (state === "read") message.readBy.add(who);
    raise(message, state);
    return true;
  }

  hint(who, now) { this.typing.set(who, now + TYPING_LASTS); }

  typists(now) { return [...this.typing].filter(([, until]) => until > now).map(([who]) => who); }

  /** Most comes last, so the place is looked for from the end. */
  #insert(item) {
    let at = this.items.length;
    while (at > 0 && this.items[at - 1].at > item.at) at--;
    this.items.splice(at, 0, item);
  }
}

/** A message's state only rises. */
export function raise(message, state) {
  if (RANK[state] > RANK[message.state] || message.state === "refused") message.state = state;
}

const collator = new Intl.Collator(undefined, { numeric: true });

export function byName(a, b) { return collator.compare(a, b); }

/** Milliseconds of an RFC 3339 time; null for none. */
export function time(text) {
  const at = typeof text === "string" ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : at;
}
