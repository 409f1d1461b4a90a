#!/usr/bin/env python3
"""Says back what it is told: LABCHAT_PASSWORD=... python3 echo.py -u team1a"""

from labbot import Bot, options


class Echo(Bot):
    def message(self, sender, text, room):
        if room is None:
            self.say(sender, f"You wrote: {text}")


Echo(options("Says back what it is told.")).run()
