#!/usr/bin/env python3
"""Reminds of things: write "remind me in 10s to fetch the cable" to it.

LABCHAT_PASSWORD=... python3 remind.py -u team1a
"""

import re
import threading

from labbot import Bot, options

SECONDS = {"s": 1, "m": 60, "h": 3600}
LONGEST = 24 * 3600
MOST = 100
WISH = re.compile(r"remind me in (\d{1,5}) ?([smh]) to (.+)", re.IGNORECASE | re.DOTALL)


class Remind(Bot):
    waiting = 0

    def message(self, sender, text, room):
        if room is not None:
            return
        wish = WISH.fullmatch(text.strip())
        if wish is None:
            self.say(sender, "Write: remind me in 10s to fetch the cable. Also 5m and 2h.")
            return
        number, unit, what = wish.groups()
        seconds = int(number) * SECONDS[unit.lower()]
        if seconds > LONGEST:
            self.say(sender, "I do not remember anything for longer than 24h.")
        elif self.waiting >= MOST:
            self.say(sender, f"I remember {MOST} things already. Ask again later.")
        else:
            self.waiting += 1
            timer = threading.Timer(seconds, self.remind, (sender, what))
            timer.daemon = True  # does not keep the program alive
            timer.start()
            self.say(sender, f"I remind you in {number}{unit}.")

    def remind(self, sender, what):
        self.waiting -= 1
        self.say(sender, f"Remember to {what}")


Remind(options("Reminds of things.")).run()
