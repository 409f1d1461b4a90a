// The user's connection to the broker: logs in, subscribes, asks, and connects again after every loss.

import { MqttConnection, MqttError } from "./mqtt.js";

const KEEP_ALIVE = 30; // seconds
const REQUEST_TIMEOUT = 10000; // ms
const LONGEST_PAUSE = 30000; // ms

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Which WebSocket a page from here may open; empty if there is none. */
export function websocketUrl(config, location) {
  const secure = location.protocol === "https:";
  if (config.wss !== null && (secure || config.ws === null)) return `wss://${location.hostname}:${config.wss}/mqtt`;
  if (config.ws !== null && !secure) return `ws://${location.hostname}:${config.ws}/mqtt`;
  return "";
}

export class Session {
  #config;
  #url;
  #user;
  #password;
  #connection;
  #clientId = `web-${randomHex(8)}`;
  #failures = 0;
  #retry;
  #stopped = false;
  #requests = new Map(); // correlation data -> {resolve, reject, timer}

  /**
   * `events.state(state, detail)`: connecting, online, waiting {error, at}, refused {error};
   * `events.chat(kind, id, data, retain)`: what comes on ROOT/id/kind.
   */
  constructor(config, user, password, events) {
    this.#config = config;
    this.#url = websocketUrl(config, window.location);
    this.#user = user;
    this.#password = password;
    this.events = events;
    this.online = false;
  }

  topic(id, kind) { return `${this.#config.root}/${id}/${kind}`; }

  get url() { return this.#url; }

  start() { this.#connect(); }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.online = false;
    this.#connection?.end();
  }

  /** The machine may have slept: ask the server at once, or stop waiting for the next attempt. */
  wake() {
    if (this.#stopped) return;
    if (this.online) this.#connection.probe(4000);
    else if (this.#retry) this.#connect();
  }

  async #connect() {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.events.state("connecting");
    const connection = new MqttConnection(this.#url, {
      onPublish: (publish) => this.#received(publish),
      onClose: (error) => { if (this.#connection === connection) this.#lost(error); },
    });
    this.#connection = connection;
    try {
      await connection.connect({
        clientId: this.#clientId, user: this.#user, password: this.#password, keepAlive: KEEP_ALIVE,
      });
      const root = this.#config.root;
      const [own] = await connection.subscribe([`${root}/${this.#user}/#`, `${root}/+/presence`]);
      if (own.code >= 0x80) throw new MqttError("not subscribed", own.code, own.reason);
    } catch (error) {
      if (connection === this.#connection && error.message === "not subscribed") {
        connection.end();
        this.#lost(error);
      }
      return;
    }
    this.#failures = 0;
    this.online = true;
    this.events.state("online");
  }

  #lost(error) {
    this.online = false;
    for (const { reject, timer } of this.#requests.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#requests.clear();
    if (this.#stopped) return;
    if (isFinal(error.code)) {
      this.#stopped = true;
      this.events.state("refused", { error });
      return;
    }
    // A little at random, so that a class does not come back in one moment.
    const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** this.#failures) * (0.75 + Math.random() / 2);
    this.#failures++;
    this.#retry = setTimeout(() => this.#connect(), pause);
    this.events.state("waiting", { error, at: Date.now() + pause });
  }

  /** Hears of a room's messages from now on. */
  async subscribeRoom(room) {
    const [answer] = await this.#connection.subscribe([`${this.#config.root}/${room}/#`]);
    return answer;
  }

  /** Publishes an object to ROOT/id/kind; resolves with the acknowledgement's `{code, reason}`. */
  publish(id, kind, data, qos = 1) {
    if (!this.online) return Promise.reject(new MqttError("not connected"));
    return this.#connection.publish(this.topic(id, kind), JSON.stringify(data), { qos });
  }

  /** Asks the server; resolves with its answer, rejects with an Error whose `message` is for people. */
  request(kind, data) {
    if (!this.online) return Promise.reject(new MqttError("not connected"));
    const mark = randomHex(16);
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#requests.delete(mark);
        reject(new MqttError("no answer in time"));
      }, REQUEST_TIMEOUT);
      this.#requests.set(mark, { resolve, reject, timer });
    });
    const properties = {
      responseTopic: this.topic(this.#user, kind), correlationData: new TextEncoder().encode(mark),
    };
    const text = JSON.stringify({ sender: this.#user, ...data });
    this.#connection.publish(this.topic("server", kind), text, { properties }).then(({ code, reason }) => {
      if (code >= 0x80) this.#settle(mark, (waiting) => waiting.reject(new MqttError(reason || "refused", code, reason)));
    }, () => {});
    return answer.then((body) => {
      if (body.status === "error") throw Object.assign(new Error(body.reason), { code: body.code });
      return body;
    });
  }

  #settle(mark, action) {
    const waiting = this.#requests.get(mark);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#requests.delete(mark);
    action(waiting);
  }

  #received({ topic, payload, retain, properties }) {
    const prefix = `${this.#config.root}/`;
    if (!topic.startsWith(prefix)) return;
    const [id, kind, more] = topic.slice(prefix.length).split("/");
    if (kind === undefined || more !== undefined) return;
    let data = null;
    try {
      data = payload.length > 0 ? JSON.parse(decoder.decode(payload)) : null;
    } catch {
      return; // Not chat: the broker does not check what goes beside the chat's kinds.
    }
    if (data !== null && (typeof data !== "object" || Array.isArray(data))) return;
    if (properties.correlationData) {
      const mark = new TextDecoder().decode(properties.correlationData);
      this.#settle(mark, (waiting) => waiting.resolve(data));
      return;
    }
    this.events.chat(kind, id, data, retain);
  }
}

/** Whether trying again cannot help: the name, the password, the right to be here. */
function isFinal(code) {
  return [0x84, 0x85, 0x86, 0x87, 0x8a, 0x8c, 0x98].includes(code);
}

export function randomHex(digits) {
  const bytes = crypto.getRandomValues(new Uint8Array(digits / 2));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
