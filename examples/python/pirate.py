#!/usr/bin/env python3
"""Says what it is told as a pirate would: LABCHAT_PASSWORD=... python3 pirate.py -u team1a"""

import re

from labbot import Bot, options

WORDS = {
    "hello": "ahoy", "hi": "ahoy", "hei": "ahoy",
    "friend": "matey", "friends": "mateys", "everybody": "all hands",
    "yes": "aye", "no": "nay", "stop": "avast",
    "my": "me", "you": "ye", "your": "yer", "is": "be", "are": "be", "of": "o'", "the": "th'",
    "money": "doubloons", "beer": "grog", "message": "message in a bottle",
}


def translate(text):
    def one(match):
        word = match.group()
        pirate = WORDS.get(word.lower(), word)
        return pirate.capitalize() if word[0].isupper() else pirate

    return re.sub(r"[^\W\d_]+", one, text) + " Arrr!"


class Pirate(Bot):
    def message(self, sender, text, room):
        if room is None:
            self.say(sender, translate(text))


if __name__ == "__main__":
    Pirate(options("Says what it is told as a pirate would.")).run()
