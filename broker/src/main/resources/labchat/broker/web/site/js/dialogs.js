// What opens above the chat: write to all, a new room, a room's members, search, settings.

import { avatar, bdi, h, icon, iconButton, setText } from "./dom.js";
import { exact, seen } from "./dates.js";
import { byName } from "./model.js";
import { t } from "./texts.js";

/** A dialog of the browser's own: it keeps the focus and gives it back. */
function open(title, ...children) {
  const id = `title-${Math.random().toString(36).slice(2)}`;
  const dialog = h("dialog", { "aria-labelledby": id, onclose: () => dialog.remove() },
    h("header", {}, h("h2", { id }, title), iconButton("close", t("close"), () => dialog.close())), ...children);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function problem() { return h("p", { class: "problem", role: "alert" }); }

export function writeToAll(chat, done) {
  const people = chat.model.contacts().length;
  const text = h("textarea", { rows: 4, dir: "auto", id: "all-text", required: true });
  const button = h("button", { type: "submit", class: "primary" }, t("allSend", people));
  const wrong = problem();
  const dialog = open(t("toAll"),
    h("form", { onsubmit: (event) => {
      event.preventDefault();
      const over = [...text.value].length - chat.config.maxTextLength;
      if (text.value.trim() === "" || over > 0) {
        setText(wrong, over > 0 ? t("tooLong", over) : "");
        return text.focus();
      }
      chat.sendToAll(text.value.trim());
      dialog.close();
      done(t("allDone", people));
    } },
    h("p", {}, t("allText", people)),
    h("div", { class: "field" }, h("label", { for: "all-text" }, t("message")), text), wrong,
    h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => dialog.close() }, t("cancel")), button)));
  text.focus();
}

export function newRoom(chat, done) {
  const name = h("input", { type: "text", id: "room-name", maxlength: 32, autocomplete: "off", autocapitalize: "none", spellcheck: "false", "aria-describedby": "room-hint" });
  const isPrivate = h("input", { type: "checkbox", id: "room-private" });
  const wrong = problem();
  const dialog = open(t("newRoom"),
    h("form", { novalidate: true, onsubmit: async (event) => {
      event.preventDefault();
      const room = name.value.trim();
      setText(wrong, "");
      if (!/^[A-Za-z0-9_-]{1,32}$/.test(room)) {
        setText(wrong, t("idHint"));
        return name.focus();
      }
      try {
        await chat.roomAction("create", room, { public: !isPrivate.checked });
        dialog.close();
        done(room);
      } catch (error) {
        setText(wrong, error.message);
        name.focus();
      }
    } },
    h("div", { class: "field" }, h("label", { for: "room-name" }, t("roomName")), name, h("p", { class: "hint", id: "room-hint" }, t("idHint"))),
    h("div", { class: "check" }, isPrivate, h("label", { for: "room-private" }, t("roomPrivate"))), wrong,
    h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => dialog.close() }, t("cancel")),
      h("button", { type: "submit", class: "primary" }, t("create")))));
  name.focus();
}

export function aboutRoom(chat, id, left) {
  const room = chat.model.rooms.get(id);
  if (!room) return;
  const wrong = problem();
  const attempt = async (action) => {
    setText(wrong, "");
    try {
      await action();
    } catch (error) {
      setText(wrong, error.message);
    }
  };
  const members = h("ul", { class: "members", tabindex: "0", "aria-label": t("roomMembers") }, ...[...room.members].sort(byName).map((who) => {
    const online = chat.model.people.get(who)?.online;
    return h("li", {}, avatar(who, false), bdi(who), h("span", { class: `faint${online ? " is-online" : ""}` }, online ? t("isOnline") : ""));
  }));
  const names = chat.model.contacts().filter((person) => !room.members.includes(person.id));
  const whom = h("select", { id: "invite" }, ...names.map((person) => h("option", { value: person.id }, person.id)));
  const fixed = id === chat.model.lobby;
  const dialog = open(id,
    h("h3", {}, `${t("roomMembers")} (${room.members.length})`), members,
    !fixed && room.joined && names.length > 0 && h("form", { class: "row-form", onsubmit: (event) => {
      event.preventDefault();
      attempt(async () => {
        await chat.roomAction("invite", id, { user: whom.value });
        dialog.close();
      });
    } }, h("div", { class: "field" }, h("label", { for: "invite" }, t("inviteWho")), whom), h("button", { type: "submit" }, t("invite"))),
    wrong,
    !fixed && room.joined && h("div", { class: "buttons" }, h("button", { type: "button", class: "danger", onclick: () => {
      const sure = open(t("leave"), h("p", {}, t("leaveSure", id)), h("div", { class: "buttons" },
        h("button", { type: "button", onclick: () => sure.close() }, t("cancel")),
        h("button", { type: "button", class: "danger", onclick: () => {
          sure.close();
          attempt(async () => {
            await chat.roomAction("leave", id);
            dialog.close();
            left(id);
          });
        } }, t("leave"))));
    } }, t("leave"))));
}

export function search(chat, id, jump) {
  const words = h("input", { type: "text", role: "searchbox", id: "search-words", dir: "auto", autocomplete: "off", maxlength: 256 });
  const hits = h("ul", { class: "hits" });
  const count = h("p", { role: "status", class: "faint" });
  const dialog = open(id ? t("searchIn", id) : t("searchAll"),
    h("form", { class: "row-form", onsubmit: async (event) => {
      event.preventDefault();
      if (words.value.trim() === "") return words.focus();
      try {
        const found = await chat.search(words.value.trim(), id);
        setText(count, found.length === 0 ? t("noHits") : t("hits", found.length));
        hits.replaceChildren(...found.map((hit) => h("li", {}, h("button", { type: "button", class: "hit", onclick: () => {
          dialog.close();
          jump(hit);
        } }, h("span", { class: "line" }, bdi(hit.sender === chat.me ? `${t("you")} → ${hit.receiver}` : hit.in === hit.sender ? hit.sender : t("newIn", hit.sender, hit.in)),
          h("time", { class: "time", title: exact(hit.at) }, seen(hit.at, chat.model.now()))),
        h("span", { class: "text", dir: "auto" }, hit.message)))));
      } catch (error) {
        setText(count, error.message);
      }
    } }, h("div", { class: "field" }, h("label", { for: "search-words" }, t("searchWhat")), words), h("button", { type: "submit", class: "primary" }, t("search"))),
    count, hits);
  words.focus();
}

export function settings(chat, preferences, save, signOut) {
  const hint = h("p", { class: "hint", role: "status" });
  const box = (key, label, onchange) => {
    const input = h("input", { type: "checkbox", id: `set-${key}`, onchange: () => onchange(input) });
    input.checked = preferences[key];
    return h("div", { class: "check" }, input, h("label", { for: `set-${key}` }, label));
  };
  const plain = (key) => (input) => save({ ...preferences, [key]: input.checked });
  const keys = t("keysList").split("\n").map((line) => line.split("|"));
  open(t("settings"),
    h("p", { class: "faint" }, t("signedInAs", chat.me)),
    box("notify", t("notify"), async (input) => {
      setText(hint, "");
      if (input.checked && !("Notification" in window && window.isSecureContext)) {
        input.checked = false;
        setText(hint, t("notifyNo"));
      } else if (input.checked && await Notification.requestPermission() !== "granted") {
        input.checked = false;
        setText(hint, t("notifyDenied"));
      }
      plain("notify")(input);
    }), hint,
    box("receipts", t("readReceipts"), plain("receipts")),
    box("typing", t("typingHints"), plain("typing")),
    h("h3", {}, t("help")),
    h("dl", { class: "keys" }, ...keys.flatMap(([key, does]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, does)])),
    h("div", { class: "buttons" }, h("span", { class: "faint grow" }, t("version", chat.config.version)),
      h("button", { type: "button", class: "danger", onclick: signOut }, icon("out"), t("signOut"))));
}
