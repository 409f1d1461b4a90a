#!/usr/bin/env python3
"""Writes what is said in a room to the end of a file, and says lines of standard input in the room.

LABCHAT_PASSWORD=... python3 bridge.py lobby lobby.txt -u team1a
"""

import datetime
import sys
import threading

from labbot import Bot, ROOT, options


class Bridge(Bot):
    def __init__(self, options):
        super().__init__(options)
        self.room = options.room
        self.file = open(options.file, "a", encoding="utf-8")
        self.subscribed = False

    def ready(self):
        if not self.subscribed:
            self.request("rooms", action="list")
        else:
            print(f"{self.room} is bridged to {self.options.file}", flush=True)
        # The next connection begins anew.
        self.subscribed = False

    def answered(self, kind, answer):
        if kind != "rooms":
            return
        if answer["status"] != "ok":
            self.fail(f"{answer['reason']} (room {self.room})")
        elif any(room["id"] == self.room and room["joined"] for room in answer["rooms"]):
            self.subscribed = True
            self.client.subscribe(f"{ROOT}/{self.room}/#", qos=1)
        elif answer["action"] == "list":
            self.request("rooms", action="join", room=self.room)

    def message(self, sender, text, room):
        if room == self.room:
            now = datetime.datetime.now().isoformat(sep=" ", timespec="seconds")
            # One message, one line, whatever is in it.
            line = "".join(c if c.isprintable() else " " for c in text)
            self.file.write(f"{now} {sender}: {line}\n")
            self.file.flush()

    def read(self):
        for line in sys.stdin:
            if line.strip():
                self.say(self.room, line.rstrip("\n"))


try:
    bridge = Bridge(
        options(
            "Writes what is said in a room to the end of a file, and says lines of standard input in the room.",
            ("room", "a room, such as lobby"),
            ("file", "where to write"),
        )
    )
except OSError as problem:
    sys.exit(f"cannot write the file: {problem}")
threading.Thread(target=bridge.read, daemon=True).start()
bridge.run()
