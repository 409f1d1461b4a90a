#!/usr/bin/env python3
"""Makes, one after the other, the mistakes that students make, with paho-mqtt and MQTT 3.1.1.

usage: mistakes.py HOST PORT          (LAB_PASSWORD_PREFIX and an account's name are its password)

Each mistake has an author, whose second connection listens for what the server explains. Prints a line of
JSON for each:
    mistake        its name
    user, to       who makes it, and at whom it is aimed
    millis         from the mistake to its explanation; null if none came
    explanations   all that came for it, topic and payload
    connected      whether the program that made it can still publish; null if it was never let in
and at the end one with "mistake": "end" and all explanations that came when nothing was to be explained.
"""

import json
import os
import sys
import threading
import time
import uuid

import paho.mqtt.client as mqtt

ROOT = "ttm4175/chat"
PATIENCE = 5.0
ACCOUNTS = ["team%d%s" % (number, side) for side in "ab" for number in range(1, 13)]
WITHOUT_SUBSCRIPTION = "x1"

HOST, PORT = "", 0
MISTAKES = []


def mistake(function):
    MISTAKES.append(function)
    return function


def topic(receiver, kind="message"):
    return ROOT + "/" + receiver + "/" + kind


class Program:
    """A connection of an account; everything that paho calls back comes with the lock held."""

    def __init__(self, user, client_id="", password=None, will=None):
        self.user = user
        self.changed = threading.Condition()
        self.connacks = []
        self.subacks = []
        self.pubacks = set()
        self.explanations = []
        self.lost = False
        self.client = mqtt.Client(client_id=client_id, clean_session=True, protocol=mqtt.MQTTv311)
        self.client.username_pw_set(user, password or os.environ["LAB_PASSWORD_PREFIX"] + user)
        if will:
            self.client.will_set(will[0], will[1], qos=1)
        self.client.on_connect = lambda client, data, flags, code: self.note(lambda: self.connacks.append(code))
        self.client.on_disconnect = lambda client, data, code: self.note(lambda: setattr(self, "lost", True))
        self.client.on_subscribe = lambda client, data, mid, codes: self.note(lambda: self.subacks.append(codes))
        self.client.on_publish = lambda client, data, mid: self.note(lambda: self.pubacks.add(mid))
        self.client.on_message = self.on_message

    def note(self, change):
        with self.changed:
            change()
            self.changed.notify_all()

    def on_message(self, client, userdata, packet):
        if packet.topic.endswith("/diagnostics"):
            told = (time.monotonic(), json.loads(packet.payload.decode("utf-8")))
            self.note(lambda: self.explanations.append(told))

    def wait(self, condition, patience=PATIENCE):
        with self.changed:
            return self.changed.wait_for(condition, patience)

    def connect(self):
        self.client.connect(HOST, PORT, keepalive=30)
        self.client.loop_start()
        if not self.wait(lambda: self.connacks):
            raise RuntimeError("no CONNACK for " + self.user)
        return self

    def subscribe(self, *filters):
        for each in filters:
            before = len(self.subacks)
            self.client.subscribe(each, qos=1)
            if not self.wait(lambda: len(self.subacks) > before):
                raise RuntimeError("no SUBACK for " + each)
        return self

    def publish(self, to, payload, qos=1, retain=False):
        return self.client.publish(to, payload, qos=qos, retain=retain).mid

    def can_publish(self, receiver):
        """Whether a correct message is still acknowledged, on the same connection."""
        mid = self.publish(topic(receiver), json.dumps(message(self.user, receiver)))
        self.wait(lambda: mid in self.pubacks or self.lost)
        return mid in self.pubacks and not self.lost

    def stop(self):
        self.client.disconnect()
        self.client.loop_stop()


class Mistake:
    """One mistake being made: who makes it, at whom it is aimed, and the program that makes it."""

    def __init__(self, user, to, watcher):
        self.user, self.to, self.watcher = user, to, watcher
        self.seen = len(watcher.explanations)
        self.began = None
        self.program = None

    def connected(self, own_tree=True, **settings):
        self.program = Program(self.user, **settings).connect()
        if own_tree:
            self.program.subscribe(ROOT + "/" + self.user + "/#")
        return self.program

    def begin(self):
        self.began = time.monotonic()

    def send(self, to, payload, qos=1, retain=False):
        program = self.connected()
        self.begin()
        program.publish(to, payload, qos, retain)

    def send_json(self, kind="message", to=None, dumps=json.dumps, **changes):
        fields = {**message(self.user, self.to), **changes}
        self.send(topic(to or self.to, kind), dumps({k: v for k, v in fields.items() if v is not ...}))

    def subscribe(self, *filters):
        program = self.connected(own_tree=False)
        self.begin()
        program.subscribe(*filters)


def message(sender, receiver):
    return {"sender": sender, "receiver": receiver, "message": "Hei!", "uuid": uuid.uuid4().hex}


# ---- what is no JSON object

@mistake
def single_quotes(it):
    it.send_json(dumps=str)


@mistake
def trailing_comma(it):
    it.send_json(dumps=lambda fields: json.dumps(fields)[:-1] + ",}")


@mistake
def missing_brace(it):
    it.send_json(dumps=lambda fields: json.dumps(fields)[:-1])


@mistake
def missing_quote(it):
    it.send_json(dumps=lambda fields: json.dumps(fields).replace('"message": "Hei!"', '"message": "Hei!'))


@mistake
def pythons_none(it):
    it.send_json(dumps=lambda fields: json.dumps({**fields, "x": None}).replace("null", "None"))


@mistake
def pythons_true(it):
    it.send_json(dumps=lambda fields: json.dumps({**fields, "x": True}).replace("true", "True"))


@mistake
def plain_text(it):
    it.send(topic(it.to), "Hei på deg!")


@mistake
def empty_payload(it):
    it.send(topic(it.to), "")


@mistake
def dumped_twice(it):
    it.send_json(dumps=lambda fields: json.dumps(json.dumps(fields)))


@mistake
def a_list(it):
    it.send_json(dumps=lambda fields: json.dumps([fields]))


@mistake
def latin_1(it):
    it.send_json(message="Blåbær", dumps=lambda fields: json.dumps(fields, ensure_ascii=False).encode("latin-1"))


# ---- JSON that is no chat

@mistake
def missing_field(it):
    it.send_json(uuid=...)


@mistake
def wrong_type(it):
    it.send_json(uuid=17)


@mistake
def duplicate_key(it):
    it.send_json(dumps=lambda fields: json.dumps(fields)[:-1] + ', "sender": "me"}')


@mistake
def too_deep(it):
    it.send_json(dumps=lambda fields: json.dumps(fields)[:-1] + ', "x": ' + "[" * 20 + "]" * 20 + "}")


@mistake
def text_too_long(it):
    it.send_json(message="x" * 4097)


@mistake
def empty_text(it):
    it.send_json(message="")


@mistake
def uuid_with_space(it):
    it.send_json(uuid="16fd 2706")


@mistake
def status_against_topic(it):
    it.send_json("delivered", status="read", message=...)


@mistake
def forged_sender(it):
    it.send_json(sender="team12b" if it.user != "team12b" else "team12a")


@mistake
def other_receiver(it):
    it.send_json(receiver="x3")


@mistake
def unknown_receiver(it):
    it.send_json(to="taem2a", receiver="taem2a")


@mistake
def receiver_is_no_id(it):
    it.send_json(to="team 2a", receiver="team 2a")


@mistake
def own_tree(it):
    it.send_json(to=it.user)


@mistake
def retained(it):
    it.send(topic(it.to), json.dumps(message(it.user, it.to)), retain=True)


# ---- topics

@mistake
def unknown_kind(it):
    it.send_json("messages")


@mistake
def no_kind(it):
    it.send(ROOT + "/" + it.to, json.dumps(message(it.user, it.to)))


@mistake
def servers_kind(it):
    it.send(topic(it.to, "presence"), '{"status": "online"}')


@mistake
def leading_slash(it):
    it.send("/" + topic(it.to), json.dumps(message(it.user, it.to)))


@mistake
def trailing_slash(it):
    it.send(topic(it.to) + "/", json.dumps(message(it.user, it.to)))


@mistake
def wrong_root(it):
    it.send("ttm4175/chatt/" + it.to + "/message", json.dumps(message(it.user, it.to)))


@mistake
def wildcard_in_topic(it):
    program = it.connected()
    name = topic("+").encode()
    payload = json.dumps(message(it.user, it.to)).encode()
    body = len(name).to_bytes(2, "big") + name + b"\x00\x07" + payload
    it.begin()
    # paho refuses to send it, other libraries do not.
    program.client.socket().sendall(bytes([0x32, len(body) & 0x7F | 0x80, len(body) >> 7]) + body)


# ---- subscriptions

@mistake
def anothers_tree(it):
    it.subscribe(ROOT + "/" + it.to + "/#")


@mistake
def everything(it):
    it.subscribe("#")


@mistake
def above_own_tree(it):
    it.subscribe(ROOT + "/#")


@mistake
def everybodys_messages(it):
    it.subscribe(ROOT + "/+/message")


@mistake
def only_messages(it):
    it.subscribe(topic(it.user))


@mistake
def filter_leading_slash(it):
    it.subscribe("/" + ROOT + "/" + it.user + "/#")


@mistake
def filter_trailing_slash(it):
    it.subscribe(topic(it.user) + "/")


@mistake
def filter_unknown_kind(it):
    it.subscribe(topic(it.user, "messages"))


@mistake
def filter_wrong_root(it):
    it.subscribe("ttm4175/caht/" + it.user + "/#")


@mistake
def filter_in_capitals(it):
    it.subscribe(ROOT + "/" + it.user.upper() + "/#")


@mistake
def shared_subscription(it):
    it.subscribe("$share/us/" + ROOT + "/" + it.user + "/#")


# ---- correct packets that will not do what they are meant to

@mistake
def qos_0(it):
    it.send(topic(it.to), json.dumps(message(it.user, it.to)), qos=0)


@mistake
def receipt_for_nothing(it):
    it.send_json("read", message=..., status="read")


@mistake
def too_fast(it):
    program = it.connected()
    hint = json.dumps({"sender": it.user, "receiver": it.to, "status": "typing"})
    it.begin()
    for _ in range(330):
        program.publish(topic(it.to, "typing"), hint, qos=0)


@mistake
def not_subscribed(it):
    # The account that is connected without a subscription is told, not the one that writes to it.
    other = Program(it.to).connect()
    it.begin()
    other.publish(topic(it.user), json.dumps(message(it.to, it.user)))
    it.watcher.wait(lambda: len(it.watcher.explanations) > it.seen)
    other.stop()


# ---- logins

@mistake
def wrong_password(it):
    it.begin()
    Program(it.user, password="guessed").connect().stop()


@mistake
def will_elsewhere(it):
    it.begin()
    Program(it.user, will=(topic(it.user, "presence"), '{"status": "offline"}')).connect().stop()


@mistake
def will_forged(it):
    it.begin()
    will = json.dumps({**message(it.to, it.to), "sender": it.to, "uuid": "1"})
    Program(it.user, will=(topic(it.to), will)).connect().stop()


@mistake
def same_client_id(it):
    first = Program(it.user, client_id="chat").connect()
    second = Program(it.user, client_id="chat").connect()
    # paho connects again when it was pushed out, and so do both in turn.
    first.wait(lambda: len(first.connacks) > 1)
    it.begin()
    it.watcher.wait(lambda: len(it.watcher.explanations) > it.seen)
    second.stop()
    first.wait(lambda: first.client.is_connected())
    first.lost = False
    it.program = first


def fence(watcher, number):
    """Whatever was caused before is there when this returns."""
    end = topic("x4", "fence-%d" % number)
    watcher.publish(end, "")
    if not watcher.wait(lambda: any(told["topic"] == end for _, told in watcher.explanations)):
        raise RuntimeError("no explanation of the fence")


def main():
    watchers = {}

    def watcher_of(user):
        if user not in watchers:
            watched = "diagnostics" if user == WITHOUT_SUBSCRIPTION else "#"
            watchers[user] = Program(user).connect().subscribe(ROOT + "/" + user + "/" + watched)
        return watchers[user]

    early = Program(WITHOUT_SUBSCRIPTION).connect()
    watcher_of(WITHOUT_SUBSCRIPTION)
    expected = set()
    for number, make in enumerate(MISTAKES):
        user, to = ACCOUNTS[number % len(ACCOUNTS)], ACCOUNTS[(number * 5 + 7) % len(ACCOUNTS)]
        if make is not_subscribed:
            user = WITHOUT_SUBSCRIPTION
        it = Mistake(user, to, watcher_of(user))
        make(it)
        it.watcher.wait(lambda: len(it.watcher.explanations) > it.seen, 2.0)
        fence(it.watcher, number)
        told = [each for each in it.watcher.explanations[it.seen :] if "/fence-" not in each[1]["topic"]]
        expected.update(id(each) for each in told)
        if make is not_subscribed:
            it.program = early
        print(
            json.dumps(
                {
                    "mistake": make.__name__,
                    "user": user,
                    "to": to,
                    "millis": round((told[0][0] - it.began) * 1000) if told else None,
                    "explanations": [each[1] for each in told],
                    "connected": it.program.can_publish("x5") if it.program else None,
                }
            ),
            flush=True,
        )
        if it.program:
            it.program.stop()
    for number, watcher in enumerate(watchers.values()):
        fence(watcher, len(MISTAKES) + number)
    unexpected = [
        told[1]
        for watcher in watchers.values()
        for told in watcher.explanations
        if id(told) not in expected and "/fence-" not in told[1]["topic"]
    ]
    print(json.dumps({"mistake": "end", "explanations": unexpected}), flush=True)
    for watcher in watchers.values():
        watcher.stop()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: mistakes.py HOST PORT")
    HOST, PORT = sys.argv[1], int(sys.argv[2])
    main()
