// Recordings: making one, playing one back while its diagram grows.

import { el } from "./dom.js";
import * as api from "./api.js";

const EVERY = 700;

function time(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export class LessonsView {
  constructor() {
    this.visible = false;
    this.known = "";
    this.file = el("input", { id: "recording-file", required: true, pattern: "[A-Za-z0-9][A-Za-z0-9_\\-]*", maxlength: "60", autocapitalize: "none", spellcheck: "false" });
    this.minutes = el("input", { id: "recording-minutes", type: "number", min: "1", max: "720", value: "45", required: true });
    this.begin = el("button", { class: "primary" }, "Record");
    this.end = el("button", { type: "button", click: () => this.ask(api.endRecording()) }, "End the recording");
    this.recording = el("p", { class: "status", role: "status" });
    this.error = el("p", { class: "error", role: "alert" });
    this.list = el("tbody");
    this.empty = el("p", {}, "There is no recording yet.");
    this.speed = el("select", { "aria-label": "Speed" },
      [["1", "as it was"], ["4", "4 times as fast"], ["20", "20 times as fast"], ["max", "at once"]].map(([value, text]) => el("option", { value }, text)));
    this.speed.value = "4";
    this.stop = el("button", { type: "button", click: () => this.ask(api.endReplay()) }, "Stop");
    this.replay = el("p", { class: "status", role: "status" });
    this.left = el("select", { "aria-label": "On the left", change: () => this.draw(true) });
    this.right = el("select", { "aria-label": "On the right", change: () => this.draw(true) });
    this.picture = el("div", { class: "scroll picture", tabindex: "0", role: "region", "aria-label": "Diagram of the recording" });
    this.player = el("section", { class: "card hidden" }, el("div", { class: "bar" }, this.replay, this.stop,
      el("span", {}, "Diagram of"), this.left, el("span", {}, "and"), this.right), this.picture);
    this.element = el("div", {},
      el("section", { class: "card" }, el("h2", {}, "Record a lesson"),
        el("p", {}, "Users, rooms and clients get other names, and what they write is replaced. Tell the class all the same."),
        el("form", {
          class: "bar",
          submit: (event) => {
            event.preventDefault();
            this.ask(api.record(this.file.value, this.minutes.value));
          },
        }, el("label", { for: "recording-file" }, "File"), this.file, el("label", { for: "recording-minutes" }, "for at most (minutes)"), this.minutes, this.begin, this.end),
        this.recording, this.error),
      el("section", { class: "card" }, el("h2", {}, "Recordings"),
        el("div", { class: "bar" }, el("span", {}, "Play back"), this.speed),
        this.empty,
        el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Recordings" },
          el("table", {}, el("thead", {}, el("tr", {}, ["File", "Made", "Length", "Publishes", "Replay"].map((head) => el("th", { scope: "col" }, head)))), this.list))),
      this.player);
  }

  /** Whether the view is seen; only then is anything asked. */
  shown(visible) {
    this.visible = visible;
    if (visible) this.look();
  }

  async look() {
    clearTimeout(this.timer);
    if (!this.visible) return;
    try {
      this.show(await api.recordings());
    } catch (problem) {
      this.error.textContent = problem.message;
    }
  }

  async ask(answer) {
    this.error.textContent = "";
    try {
      this.show(await answer);
    } catch (problem) {
      this.error.textContent = problem.message;
    }
  }

  show(now) {
    const { recording, replay } = now;
    // While nothing happens nothing is asked, so that a page that is left open does not keep its session.
    clearTimeout(this.timer);
    if (this.visible && (recording?.running || replay?.running)) this.timer = setTimeout(() => this.look(), EVERY);
    this.begin.disabled = Boolean(recording?.running);
    this.end.classList.toggle("hidden", !recording?.running);
    const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };
    put(this.recording, !recording ? "" : recording.running
      ? `Recording ${recording.name}: ${time(recording.elapsed)} of ${time(recording.length)}, ${recording.publishes} publishes`
      : recording.problem ? `The recording ${recording.name} ended early: ${recording.problem}` : `Recorded ${recording.name}: ${recording.publishes} publishes.`);
    const known = JSON.stringify([now.recordings, Boolean(replay?.running)]);
    if (known !== this.known) {
      this.known = known;
      this.empty.classList.toggle("hidden", now.recordings.length > 0);
      this.list.replaceChildren(...now.recordings.map((one) => el("tr", {},
        el("td", {}, one.name), el("td", {}, one.problem ? "" : new Date(one.start).toLocaleString()),
        el("td", {}, one.problem ? "" : time(one.length)), el("td", {}, one.problem || String(one.publishes)),
        el("td", {}, el("button", {
          type: "button", disabled: Boolean(one.problem) || Boolean(replay?.running), "aria-label": `Play ${one.name}`,
          click: () => this.play(one),
        }, "Play")))));
    }
    this.all = now.recordings;
    this.player.classList.toggle("hidden", !replay);
    this.stop.disabled = !replay?.running;
    if (replay) {
      put(this.replay, replay.problem ? `${replay.name} ended early: ${replay.problem}`
        : `${replay.name}: ${time(replay.position)} of ${time(replay.length)}, ${replay.published} of ${replay.publishes} publishes below ${replay.prefix}`);
      const users = now.recordings.find((one) => one.name === replay.name)?.users ?? [];
      this.users(users);
      const moved = this.replayed?.name !== replay.name || this.replayed?.position !== replay.position;
      this.replayed = replay;
      if (moved) this.draw();
    }
  }

  users(users) {
    if (this.left.dataset.users === users.join()) return;
    for (const [index, select] of [this.left, this.right].entries()) {
      select.dataset.users = users.join();
      select.replaceChildren(...users.map((user) => el("option", { value: user }, user)));
      if (users[index]) select.value = users[index];
    }
  }

  play(one) {
    this.replayed = null;
    this.picture.replaceChildren();
    this.ask(api.replay(one.name, this.speed.value));
  }

  /** The diagram up to where the replay is; one picture at a time. */
  draw(again = false) {
    if (!this.replayed) return;
    const [left, right] = [this.left.value, this.right.value];
    if (!left || !right || left === right) {
      this.picture.replaceChildren(el("p", {}, "Choose two different users."));
      return;
    }
    if (this.loading && !again) return;
    this.loading = true;
    const query = new URLSearchParams({ left, right, format: "svg", until: this.replayed.position });
    const image = el("img", { alt: `Sequence diagram of ${left}, the broker and ${right}, as far as the replay has come` });
    const done = () => { this.loading = false; };
    image.addEventListener("load", () => {
      done();
      this.picture.replaceChildren(image);
      this.picture.scrollTop = this.picture.scrollHeight;
      if (this.replayed && String(this.replayed.position) !== query.get("until")) this.draw();
    });
    image.addEventListener("error", done);
    image.src = `/api/recordings/${encodeURIComponent(this.replayed.name)}/diagram?${query}`;
  }
}
