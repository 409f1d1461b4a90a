// MQTT 5 over WebSocket: what a chat needs of it, and no more. One object is one connection; it never connects again.
// QoS 0 and 1 both ways. Section numbers are those of the OASIS standard, version 5.0.

const CONNECT = 1, CONNACK = 2, PUBLISH = 3, PUBACK = 4, SUBSCRIBE = 8, SUBACK = 9;
const PINGREQ = 12, PINGRESP = 13, DISCONNECT = 14;

// 2.2.2.2: each property's number, our name for it, and how it is written.
const PROPERTIES = {
  0x01: ["payloadFormat", "byte"], 0x02: ["messageExpiry", "int"], 0x03: ["contentType", "text"],
  0x08: ["responseTopic", "text"], 0x09: ["correlationData", "bytes"], 0x0b: ["subscriptionId", "varint"],
  0x11: ["sessionExpiry", "int"], 0x12: ["assignedClientId", "text"], 0x13: ["serverKeepAlive", "short"],
  0x15: ["authMethod", "text"], 0x16: ["authData", "bytes"], 0x17: ["requestProblem", "byte"],
  0x18: ["willDelay", "int"], 0x19: ["requestResponse", "byte"], 0x1a: ["responseInfo", "text"],
  0x1c: ["serverReference", "text"], 0x1f: ["reason", "text"], 0x21: ["receiveMaximum", "short"],
  0x22: ["topicAliasMaximum", "short"], 0x23: ["topicAlias", "short"], 0x24: ["maximumQos", "byte"],
  0x25: ["retainAvailable", "byte"], 0x26: ["user", "pair"], 0x27: ["maximumPacket", "int"],
  0x28: ["wildcards", "byte"], 0x29: ["subscriptionIds", "byte"], 0x2a: ["shared", "byte"],
};
const NUMBERS = new Map(Object.entries(PROPERTIES).map(([number, [name, type]]) => [name, [Number(number), type]]));

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A connection that ended, or was not let in. `code` is MQTT's reason code, 0 if the network ended it. */
export class MqttError extends Error {
  constructor(message, code = 0, reason = "") {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

class Writer {
  bytes = [];
  byte(value) { this.bytes.push(value & 0xff); return this; }
  short(value) { return this.byte(value >> 8).byte(value); }
  int(value) { return this.short(value >>> 16).short(value & 0xffff); }
  varint(value) {
    do {
      const rest = Math.floor(value / 128);
      this.byte((value % 128) | (rest > 0 ? 0x80 : 0));
      value = rest;
    } while (value > 0);
    return this;
  }
  raw(data) { for (const b of data) this.bytes.push(b); return this; }
  data(data) { return this.short(data.length).raw(data); }
  text(value) { return this.data(encoder.encode(value)); }
  properties(values = {}) {
    const inner = new Writer();
    for (const [name, value] of Object.entries(values)) {
      const [number, type] = NUMBERS.get(name);
      inner.byte(number);
      if (type === "bytes") inner.data(value);
      else inner[type](value);
    }
    return this.varint(inner.bytes.length).raw(inner.bytes);
  }
  packet(type, flags = 0) {
    return new Uint8Array(new Writer().byte((type << 4) | flags).varint(this.bytes.length).raw(this.bytes).bytes);
  }
}

class Reader {
  constructor(bytes) { this.bytes = bytes; this.at = 0; }
  get left() { return this.bytes.length - this.at; }
  byte() {
    if (this.at >= this.bytes.length) throw new MqttError("a packet is shorter than it says");
    return this.bytes[this.at++];
  }
  short() { return (this.byte() << 8) | this.byte(); }
  int() { return this.short() * 65536 + this.short(); }
  varint() {
    let value = 0;
    for (let factor = 1; factor <= 2097152; factor *= 128) {
      const b = this.byte();
      value += (b & 0x7f) * factor;
      if (b < 0x80) return value;
    }
    throw new MqttError("a length is longer than four bytes");
  }
  take(count) {
    if (count > this.left) throw new MqttError("a packet is shorter than it says");
    const part = this.bytes.subarray(this.at, this.at + count);
    this.at += count;
    return part;
  }
  data() { return this.take(this.short()); }
  text() { return decoder.decode(this.data()); }
  properties() {
    const values = {};
    if (this.left === 0) return values;
    const inner = new Reader(this.take(this.varint()));
    while (inner.left > 0) {
      const known = PROPERTIES[inner.varint()];
      if (!known) throw new MqttError("an unknown property");
      const [name, type] = known;
      if (type === "pair") (values.user ??= []).push([inner.text(), inner.text()]);
      else values[name] = type === "bytes" ? inner.data() : inner[type]();
    }
    return values;
  }
}

export class MqttConnection {
  #socket;
  #url;
  #received = new Uint8Array(0);
  #connack;
  #waiting = new Map(); // packet id -> what to do with its answer
  #queue = []; // publishes that the server's Receive Maximum keeps back
  #inFlight = 0;
  #receiveMaximum = 65535;
  #nextId = 1;
  #timer;
  #lastHeard = 0;
  #over = false;

  /** `onPublish({topic, payload, retain, properties})` and, once, `onClose(MqttError)`. */
  constructor(url, { onPublish, onClose }) {
    this.#url = url;
    this.onPublish = onPublish;
    this.onClose = onClose;
  }

  /** Opens the socket and logs in; resolves when the server has let us in. */
  connect({ clientId, user, password, keepAlive, timeout = 10000 }) {
    return new Promise((resolve, reject) => {
      this.#connack = { resolve, reject };
      this.#timer = setTimeout(() => this.#end(new MqttError("no answer in time")), timeout);
      const socket = new WebSocket(this.#url, "mqtt");
      this.#socket = socket;
      socket.binaryType = "arraybuffer";
      socket.onopen = () => {
        const packet = new Writer().text("MQTT").byte(5).byte(0xc2).short(keepAlive);
        packet.properties({ receiveMaximum: 100 }).text(clientId).text(user).text(password);
        socket.send(packet.packet(CONNECT));
      };
      socket.onmessage = (event) => this.#receive(new Uint8Array(event.data), keepAlive);
      socket.onclose = () => this.#end(new MqttError("the connection ended"));
      socket.onerror = () => {};
    });
  }

  /** Resolves with `[{code, reason}]`, one for each filter; a code from 0x80 on is a refusal. */
  subscribe(filters, qos = 1) {
    const packet = new Writer();
    const answer = this.#answerTo(packet).then((reader) => {
      const { reason = "" } = reader.properties();
      return filters.map(() => ({ code: reader.byte(), reason }));
    });
    packet.properties();
    for (const filter of filters) packet.text(filter).byte(qos);
    this.#send(packet.packet(SUBSCRIBE, 2));
    return answer;
  }

  /** At QoS 1 resolves with `{code, reason}` of the acknowledgement; a code from 0x80 on is a refusal. */
  publish(topic, payload, { qos = 1, properties = {} } = {}) {
    const body = encoder.encode(payload);
    if (qos === 0) {
      if (!this.#over) this.#send(new Writer().text(topic).properties(properties).raw(body).packet(PUBLISH));
      return Promise.resolve({ code: 0, reason: "" });
    }
    return new Promise((resolve, reject) => {
      if (this.#over) reject(new MqttError("the connection ended"));
      this.#queue.push({ topic, body, properties, resolve, reject });
      this.#drain();
    });
  }

  /** Asks whether the server is still there; the connection ends if nothing comes within `timeout` ms. */
  probe(timeout) {
    const since = Date.now();
    this.#send(new Uint8Array([PINGREQ << 4, 0]));
    setTimeout(() => {
      if (!this.#over && this.#lastHeard < since) this.#end(new MqttError("the server does not answer"));
    }, timeout);
  }

  /** Says goodbye. */
  end() {
    if (!this.#over && this.#socket.readyState === WebSocket.OPEN) {
      this.#send(new Uint8Array([DISCONNECT << 4, 0]));
    }
    this.onClose = () => {};
    this.#end(new MqttError("the connection was closed"));
  }

  #drain() {
    while (this.#queue.length > 0 && this.#inFlight < this.#receiveMaximum) {
      const { topic, body, properties, resolve, reject } = this.#queue.shift();
      this.#inFlight++;
      const packet = new Writer().text(topic);
      this.#answerTo(packet).then((reader) => {
        this.#inFlight--;
        const code = reader.left > 0 ? reader.byte() : 0;
        const { reason = "" } = reader.properties();
        resolve({ code, reason });
        this.#drain();
      }, reject);
      this.#send(packet.properties(properties).raw(body).packet(PUBLISH, 2));
    }
  }

  /** Gives the packet an id and waits for the answer that has the same. */
  #answerTo(packet) {
    while (this.#waiting.has(this.#nextId)) this.#nextId = (this.#nextId % 65535) + 1;
    const id = this.#nextId;
    this.#nextId = (id % 65535) + 1;
    packet.short(id);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #send(bytes) {
    if (!this.#over && this.#socket.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }

  #receive(bytes, keepAlive) {
    this.#lastHeard = Date.now();
    try {
      let all = bytes;
      if (this.#received.length > 0) {
        all = new Uint8Array(this.#received.length + bytes.length);
        all.set(this.#received);
        all.set(bytes, this.#received.length);
      }
      let start = 0;
      for (;;) {
        const end = packetEnd(all, start);
        if (end === 0) break;
        this.#handle(all.slice(start, end), keepAlive);
        start = end;
      }
      this.#received = all.slice(start);
    } catch (error) {
      this.#end(error instanceof MqttError ? error : new MqttError(String(error)));
    }
  }

  #handle(bytes, keepAlive) {
    const reader = new Reader(bytes);
    const first = reader.byte();
    reader.varint();
    switch (first >> 4) {
      case CONNACK: return this.#letIn(reader, keepAlive);
      case PUBLISH: return this.#delivered(first, reader);
      case PUBACK: case SUBACK: {
        const id = reader.short();
        this.#waiting.get(id)?.resolve(reader);
        this.#waiting.delete(id);
        return;
      }
      case DISCONNECT: {
        const code = reader.left > 0 ? reader.byte() : 0;
        const { reason = "" } = reader.properties();
        return this.#end(new MqttError("the server ended the connection", code, reason));
      }
      case PINGRESP: return;
      default: throw new MqttError("an unexpected packet");
    }
  }

  #letIn(reader, keepAlive) {
    clearTimeout(this.#timer);
    reader.byte();
    const code = reader.byte();
    const properties = reader.properties();
    if (code >= 0x80) {
      this.#end(new MqttError("not let in", code, properties.reason ?? ""));
      return;
    }
    this.#receiveMaximum = properties.receiveMaximum ?? 65535;
    const seconds = properties.serverKeepAlive ?? keepAlive;
    this.#timer = setInterval(() => this.probe(8000), seconds * 700);
    this.#connack.resolve(properties);
    this.#connack = undefined;
  }

  #delivered(first, reader) {
    const topic = reader.text();
    const qos = (first >> 1) & 3;
    const id = qos > 0 ? reader.short() : 0;
    const properties = reader.properties();
    try {
      this.onPublish({ topic, payload: reader.take(reader.left), retain: (first & 1) === 1, properties });
    } finally {
      if (qos === 1) this.#send(new Writer().short(id).packet(PUBACK));
    }
  }

  #end(error) {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    clearInterval(this.#timer);
    this.#socket.onclose = null;
    this.#socket.onmessage = null;
    this.#socket.close();
    this.#connack?.reject(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    for (const { reject } of this.#queue) reject(error);
    this.#waiting.clear();
    this.#queue = [];
    this.onClose(error);
  }
}

/** Where the packet that begins at `start` ends; 0 if it is not all there yet. */
function packetEnd(bytes, start) {
  let length = 0;
  for (let i = start + 1, factor = 1; i < bytes.length && i <= start + 4; i++, factor *= 128) {
    length += (bytes[i] & 0x7f) * factor;
    if (bytes[i] < 0x80) {
      const end = i + 1 + length;
      return end <= bytes.length ? end : 0;
    }
  }
  return 0;
}
