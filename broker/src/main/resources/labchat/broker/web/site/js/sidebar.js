// The list of people and rooms.

import { avatar, bdi, h, iconButton, setAttribute, setChildren, setText } from "./dom.js";
import { brief, seen } from "./dates.js";
import { byName } from "./model.js";
import { t } from "./texts.js";

export class Sidebar {
  #rows = new Map();

  /** `actions`: open(id), toAll(), newRoom(), search(), settings(). */
  constructor(chat, actions) {
    this.chat = chat;
    this.actions = actions;
    this.count = h("p", { class: "count" });
    this.dot = h("span", { class: "dot", "aria-hidden": "true" });
    this.find = h("input", {
      type: "search", id: "find", placeholder: t("find"), "aria-label": t("find"), dir: "auto", autocomplete: "off",
      onfocus: () => chat.lookForRooms(), oninput: () => this.render(), onkeydown: (event) => this.#findKey(event),
    });
    this.sections = {
      rooms: section(t("rooms")), people: section(t("people")), others: section(t("otherRooms")),
    };
    this.nothing = h("p", { class: "faint nothing", hidden: true }, t("noMatch"));
    this.element = h("aside", { class: "sidebar", "aria-label": t("conversations") },
      h("h1", { class: "unseen" }, t("appName")),
      h("header", { class: "bar" },
        h("div", { class: "who" }, avatar(chat.me, false),
          h("div", { class: "lines" }, h("p", { class: "me" }, bdi(chat.me)), this.count)),
        iconButton("search", t("search"), () => actions.search()),
        iconButton("all", t("toAll"), () => actions.toAll()),
        iconButton("gear", t("settings"), () => actions.settings())),
      h("div", { class: "find" }, this.find, iconButton("plus", t("newRoom"), () => actions.newRoom())),
      h("nav", { class: "list", "aria-label": t("people"), onkeydown: (event) => this.#listKey(event) },
        ...Object.values(this.sections).map((s) => s.element), this.nothing));
  }

  /** The ids in the order in which they are shown. */
  order() { return [...this.element.querySelectorAll(".row")].map((row) => row.dataset.id); }

  render() {
    const { model } = this.chat;
    const now = model.now();
    setText(this.count, this.chat.state === "online"
      ? t("onlineCount", model.onlineCount(), model.people.size)
      : t(this.chat.state === "waiting" ? "noConnection" : "connecting"));
    const words = this.find.value.trim().toLowerCase();
    const fits = (id) => id.toLowerCase().includes(words);
    const talk = (id) => model.conversations.get(id)?.newest()?.at ?? 0;
    const rooms = [...model.rooms.values()].filter(({ id }) => fits(id)).sort((a, b) => talk(b.id) - talk(a.id) || byName(a.id, b.id));
    const people = model.contacts().map(({ id }) => id);
    const server = model.conversations.get("server");
    if (server && server.items.length > 0) people.push("server");
    people.sort((a, b) => talk(b) - talk(a) || 0);
    const shown = people.filter(fits);
    this.#fill(this.sections.rooms, rooms.filter((room) => room.joined).map(({ id }) => id), now);
    this.#fill(this.sections.people, shown, now);
    this.#fill(this.sections.others, rooms.filter((room) => !room.joined).map(({ id }) => id), now);
    this.nothing.hidden = rooms.length + shown.length > 0 || words === "";
  }

  #fill({ element, list }, ids, now) {
    element.hidden = ids.length === 0;
    setChildren(list, ids.map((id) => this.#row(id, now)));
  }

  #row(id, now) {
    let row = this.#rows.get(id);
    if (!row) {
      row = this.#newRow(id);
      this.#rows.set(id, row);
    }
    const { model } = this.chat;
    const room = model.rooms.get(id);
    const person = model.people.get(id);
    const conversation = model.conversations.get(id);
    const newest = conversation?.newest();
    const unread = conversation?.unread() ?? 0;
    const typists = conversation?.typists(Date.now()) ?? [];
    const presence = room || id === "server" ? "" : person?.online ? "online" : "offline";
    setAttribute(row.button, "aria-current", model.current === id ? "true" : null);
    setAttribute(row.button, "data-presence", presence);
    setText(row.state, presence === "online" ? `, ${t("isOnline")}` : "");
    setText(row.time, newest ? brief(newest.at, now) : "");
    const preview = typists.length > 0 ? t("typingOne", typists.join(", "))
      : newest ? `${newest.mine ? `${t("you")}: ` : room ? `${newest.sender}: ` : ""}${newest.text.slice(0, 120)}`
      : person ? presenceWords(person, now)
      : room ? membersWords(room, model) : "";
    setText(row.preview, preview);
    row.preview.classList.toggle("typing", typists.length > 0);
    setText(row.badge, unread > 0 ? String(unread > 99 ? "99+" : unread) : "");
    setAttribute(row.badge, "aria-label", unread > 0 ? t("unread", unread) : null);
    row.badge.hidden = unread === 0;
    return row.item;
  }

  #newRow(id) {
    const isRoom = this.chat.model.isRoom(id);
    const state = h("span", { class: "unseen" });
    const time = h("span", { class: "time" });
    const preview = h("span", { class: "preview", dir: "auto" });
    const badge = h("span", { class: "badge", role: "img", hidden: true });
    const button = h("button", { type: "button", class: "row", "data-id": id, onclick: () => this.actions.open(id) },
      avatar(id, isRoom),
      h("span", { class: "lines" },
        h("span", { class: "line" }, h("span", { class: "name" }, bdi(id)), state, time),
        h("span", { class: "line" }, preview, badge)));
    return { item: h("li", {}, button), button, state, time, preview, badge };
  }

  #listKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || !event.target.classList.contains("row")) return;
    event.preventDefault();
    const rows = [...this.element.querySelectorAll(".row")];
    const to = rows[rows.indexOf(event.target) + step];
    (to ?? (step < 0 ? this.find : null))?.focus();
  }

  #findKey(event) {
    const first = this.element.querySelector(".row");
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      if (event.key === "ArrowDown") first?.focus();
      else if (first) {
        this.find.value = "";
        this.actions.open(first.dataset.id);
      }
    }
  }
}

/** Since when somebody is away, or that they are there. */
export function presenceWords(person, now) {
  if (person.online) return t("isOnline");
  return person.since === null ? t("neverSeen") : t("lastSeen", seen(person.since, now));
}

export function membersWords(room, model) {
  return t("members", room.members.length, room.members.filter((who) => model.people.get(who)?.online).length);
}

function section(title) {
  const list = h("ul", {});
  return { list, element: h("section", { hidden: true }, h("h2", {}, title), list) };
}
