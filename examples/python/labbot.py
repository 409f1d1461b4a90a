"""What all bots of this folder share: logging in, staying connected, and the protocol's small rules.

A bot is a subclass of Bot that says what it does with a text; see echo.py. Works with paho-mqtt 1.6 (Debian's
python3-paho-mqtt) and 2.x.
"""

import argparse
import getpass
import json
import os
import signal
import sys
import uuid

try:
    import paho.mqtt.client as mqtt
except ImportError:
    sys.exit("paho-mqtt is missing: apt install python3-paho-mqtt, or pip install paho-mqtt")

ROOT = "ttm4175/chat"
MOST_CHARACTERS = 4096

# What bots say begins with this, and they do not answer it. Otherwise two of them would never stop.
BOT = "[bot] "

UNREACHABLE, LOGIN_REFUSED, REFUSED = 3, 4, 1


def options(description, *arguments):
    """Reads the command line; arguments are pairs of a name and a help text."""
    parser = argparse.ArgumentParser(
        description=description,
        epilog="The password comes from the variable LABCHAT_PASSWORD, or is asked for.",
        add_help=False,
    )
    for name, text in arguments:
        parser.add_argument(name, help=text)
    parser.add_argument("-u", "--user", required=True, help="who to log in as, such as team1a")
    parser.add_argument("-h", "--host", default="localhost", help="where the broker is (default: localhost)")
    parser.add_argument("-p", "--port", type=int, help="its port (default: 1883, with --cafile 8883)")
    parser.add_argument("--cafile", help="encrypt, and trust servers of the CA in this file")
    parser.add_argument("--help", action="help", help="show this and exit")
    return parser.parse_args()


def password():
    """From the variable or the keyboard; never from the command line, where others can read it."""
    found = os.environ.get("LABCHAT_PASSWORD")
    if found is None and sys.stdin.isatty():
        found = getpass.getpass("Password: ")
    if not found:
        sys.exit("no password: set LABCHAT_PASSWORD, or run this in a terminal")
    return found


class Bot:
    """Logs in and calls message() for each text that comes. Callbacks run one after another on paho's thread."""

    def __init__(self, options):
        self.me = options.user
        self.options = options
        self.exit_code = 0
        self.seen = {}
        if hasattr(mqtt, "CallbackAPIVersion"):
            self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        else:
            self.client = mqtt.Client()
        self.client.username_pw_set(self.me, password())
        if options.cafile:
            self.client.tls_set(options.cafile)
        # After a lost connection: first 1 s, then longer pauses.
        self.client.reconnect_delay_set(min_delay=1, max_delay=30)
        self.client.on_connect = self._connected
        self.client.on_disconnect = self._disconnected
        self.client.on_subscribe = self._subscribed
        self.client.on_message = self._arrived

    # For subclasses.

    def ready(self):
        """Connected and subscribed; also after each new connection."""

    def message(self, sender, text, room):
        """Somebody wrote. room is None for what was written to the bot alone."""

    def answered(self, kind, answer):
        """The server answers a request of the kind, such as rooms."""

    def say(self, to, text):
        """Sends a text to a user or a room; waits for a connection if there is none."""
        self._publish(
            to, "message", {"message": (BOT + text)[:MOST_CHARACTERS], "uuid": uuid.uuid4().hex}
        )

    def typing(self, to):
        """Says that an answer is being written. At most every 3 s, and not after it was sent."""
        self._publish(to, "typing", {"status": "typing"}, qos=0)

    def request(self, kind, **fields):
        """Asks the server; the answer comes to answered()."""
        self.client.publish(f"{ROOT}/server/{kind}", json.dumps({"sender": self.me, **fields}), qos=1)

    def fail(self, text, exit_code=REFUSED):
        """Ends the program with a line that says why."""
        print(f"{self.me}: {text}", file=sys.stderr, flush=True)
        self.exit_code = exit_code
        self.client.disconnect()

    # The protocol.

    def _publish(self, to, kind, fields, qos=1):
        self.client.publish(f"{ROOT}/{to}/{kind}", json.dumps({"sender": self.me, "receiver": to, **fields}), qos=qos)

    def _receipt(self, status, message):
        author, room = message["sender"], message["receiver"]
        fields = {"status": status, "uuid": message["uuid"]}
        if room != self.me:
            fields["room"] = room
        self._publish(author, status, fields)

    def _connected(self, client, userdata, flags, code, properties=None):
        if getattr(code, "value", code) != 0:
            self.fail(f"the broker refuses the login: {mqtt.connack_string(code)}", LOGIN_REFUSED)
            return
        client.subscribe(f"{ROOT}/{self.me}/#", qos=1)

    def _subscribed(self, client, userdata, mid, granted, properties=None):
        if any(getattr(code, "value", code) >= 128 for code in granted):
            self.fail("the broker refuses a subscription")
            return
        print(f"{self.me} is listening", flush=True)
        self.ready()

    def _disconnected(self, client, userdata, *rest):
        # paho-mqtt 1 gives the code, 2 the flags, the code and properties.
        code = rest[0] if len(rest) == 1 else rest[1]
        if getattr(code, "value", code) != 0 and self.exit_code == 0:
            print("connection lost; trying again", file=sys.stderr, flush=True)

    def _arrived(self, client, userdata, packet):
        kind = packet.topic.rsplit("/", 1)[-1]
        try:
            content = json.loads(packet.payload)
            if kind == "message":
                self._message(content)
            elif kind == "diagnostics":
                print(f"the server explains: {content['reason']}. {content['hint']}", file=sys.stderr, flush=True)
            elif kind not in ("delivered", "read", "typing", "presence", "notice"):
                self.answered(kind, content)
        except (ValueError, KeyError, TypeError) as problem:
            print(f"something on {packet.topic} was not understood: {problem!r}", file=sys.stderr, flush=True)

    def _message(self, message):
        if message["sender"] == self.me:
            return  # one's own, from a room
        self._receipt("delivered", message)
        key = (message["sender"], message["receiver"], message["uuid"])
        if key in self.seen:
            return  # come again, because the broker had not heard that it was taken
        self.seen[key] = True
        if len(self.seen) > 10_000:
            del self.seen[next(iter(self.seen))]
        self._receipt("read", message)
        if not message["message"].startswith(BOT):
            room = None if message["receiver"] == self.me else message["receiver"]
            self.message(message["sender"], message["message"], room)

    def run(self):
        """Works until Ctrl-C, SIGTERM or fail()."""
        port = self.options.port or (8883 if self.options.cafile else 1883)
        try:
            self.client.connect(self.options.host, port, keepalive=60)
        except (OSError, ValueError) as problem:
            print(f"cannot reach {self.options.host}:{port}: {problem}. Is the broker running there?", file=sys.stderr)
            sys.exit(UNREACHABLE)
        signal.signal(signal.SIGTERM, lambda *ignored: self.client.disconnect())
        try:
            self.client.loop_forever()
        except KeyboardInterrupt:
            self.client.disconnect()
            self.exit_code = 130
        sys.exit(self.exit_code)
