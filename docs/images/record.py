#!/usr/bin/env python3
"""Records the pictures of the documentation: a broker and clients in tmux, their screens drawn as they are.

chat.svg: the chat line by line, with the broker's log. full-screen.svg: the chat on the whole screen.
partner.svg: a practice partner's checklist.

Needs tmux, a JDK and the packaged jars (./run builds them). Run it from anywhere, for all or some of them:

    python3 docs/images/record.py [chat] [full-screen] [partner]
"""

import html
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGES = Path(__file__).resolve().parent
TMUX = ["tmux", "-L", "labchat-record", "-f", "/dev/null"]

COLUMNS, ROWS = 62, 10
BROKER_COLUMNS, BROKER_ROWS = 128, 10
FULL_COLUMNS, FULL_ROWS = 80, 19
CELL_WIDTH, LINE_HEIGHT, FONT_SIZE = 7.83, 18, 13
PADDING, TITLE_HEIGHT, GAP = 12, 28, 14

# The sixteen colours of a terminal; the bright ones are the same here.
COLORS = ["#3b4252", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d8dee9"]
FOREGROUND, BACKGROUND, TITLE_BACKGROUND, TITLE_COLOR = "#d8dee9", "#1e222a", "#2c313c", "#9aa4b5"


def tmux(*arguments):
    return subprocess.run([*TMUX, *arguments], check=True, capture_output=True, text=True).stdout


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def open_screen(name, columns, rows, command, environment=()):
    settings = [part for pair in environment for part in ("-e", pair)]
    tmux("new-session", "-d", "-s", name, "-x", str(columns), "-y", str(rows), *settings, command)


def type_keys(name, *keys):
    """Types one key after another, as fingers do; a word in angle brackets is a key's name."""
    for key in keys:
        if key.startswith("<"):
            tmux("send-keys", "-t", name, key[1:-1])
        else:
            for character in key:
                tmux("send-keys", "-t", name, "-l", character)


def wait_for(name, text, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        screen = tmux("capture-pane", "-p", "-t", name)
        if text in screen:
            return
        time.sleep(0.1)
    sys.exit(f"waited {seconds} s for {text!r} on the screen of {name}:\n{screen}")


def start_broker(port, directory):
    broker = (
        f"exec java -jar {ROOT}/broker/target/broker.jar serve --bind 127.0.0.1 --port {port} --ws-port off"
        f" --users {ROOT}/users.conf --acl {ROOT}/acl.conf --data {directory}/data --color always"
    )
    open_screen("broker", BROKER_COLUMNS, BROKER_ROWS, broker)
    wait_for("broker", str(port))


def client(port, directory, user, columns, rows, options=""):
    # The demo password is the name; the variable keeps it out of the picture's command line.
    open_screen(
        user,
        columns,
        rows,
        f"exec java -jar {ROOT}/client-cli/target/client-cli.jar {options} -p {port} -u {user}",
        [
            f"LABCHAT_PASSWORD={user}",
            f"HOME={directory}/{user}",
            f"XDG_CONFIG_HOME={directory}/{user}",
            "LC_ALL=C.UTF-8",
            "COLORTERM=truecolor",
            "COLORFGBG=15;0",
        ],
    )


def capture(*names):
    return {
        name: (
            tmux("capture-pane", "-p", "-e", "-N", "-t", name),
            tmux("display-message", "-p", "-t", name, "#{cursor_x} #{cursor_y}"),
        )
        for name in names
    }


def record_chat(port, directory):
    start_broker(port, directory)
    for user in ("team1a", "team2a"):
        client(port, directory, user, COLUMNS, ROWS, "--plain")
    for user in ("team1a", "team2a"):
        wait_for(user, f"\n{user}>")
    # What comes in the first moments is counted as kept by the server.
    time.sleep(2)

    type_keys("team1a", "/to team2a", "<Enter>")
    wait_for("team1a", "team2a>")
    type_keys("team1a", "Hei! Is your broker up?")
    wait_for("team2a", "team1a is typing")
    type_keys("team1a", "<Enter>")
    wait_for("team1a", "(read) team2a")
    type_keys("team2a", "team1a: Yes, since eight o'clock.", "<Enter>")
    wait_for("team2a", "(read) team1a")
    type_keys("team2a", "Is yours?")
    wait_for("team1a", "team2a is typing")
    screens = capture("team1a", "team2a", "broker")
    title = "Two students chat in two terminals; the broker's log below"
    windows = [
        (f"java -jar client-cli.jar --plain -u {user}", COLUMNS, ROWS, *screens[user]) for user in ("team1a", "team2a")
    ]
    log = ("./run", BROKER_COLUMNS, BROKER_ROWS, screens["broker"][0], None)
    return draw(title, [windows, [log]])


def record_full_screen(port, directory):
    start_broker(port, directory)
    for user in ("team3a", "team1a", "team2a"):
        client(port, directory, user, FULL_COLUMNS, FULL_ROWS)
        wait_for(user, "connected to")
    type_keys("team1a", "/create mqtt_lab", "<Enter>")
    wait_for("team1a", "mqtt_lab is open")
    for user in ("team2a", "team3a"):
        type_keys(user, "/join mqtt_lab", "<Enter>")
        wait_for(user, "you are in mqtt_lab")
    type_keys("team1a", "Who has a broker running?", "<Enter>")
    wait_for("team1a", "(read by 2 of 2)")
    type_keys("team3a", "Ours is up, port 1883 👍", "<Enter>")
    wait_for("team1a", "Ours is up")
    type_keys("team2a", "/to team1a", "<Enter>")
    wait_for("team2a", "team1a: online since")
    type_keys("team1a", "/to team2a", "<Enter>")
    wait_for("team1a", "team2a: online since")
    type_keys("team1a", "Hei! Did my receipts reach you?", "<Enter>")
    wait_for("team1a", "(read)")
    type_keys("team2a", "Yes, both. The read one only after I had opened this window.", "<Enter>")
    wait_for("team2a", "(read)")
    type_keys("team1a", "Right, delivered on arrival, read when seen.", "<Enter>")
    type_keys("team3a", "See you at two?", "<Enter>")
    wait_for("team1a", "1 new")
    type_keys("team2a", "And typing")
    wait_for("team1a", "team2a is typing")
    type_keys("team1a", "at most every 3 s")
    wait_for("team2a", "team1a is typing")
    screens = capture("team1a", "team2a")
    title = "Two students chat on the full screen: rooms and contacts at the left, receipts behind the messages"
    return draw(
        title,
        [
            [
                (f"java -jar client-cli.jar -u {user}", FULL_COLUMNS, FULL_ROWS, *screens[user])
                for user in ("team1a", "team2a")
            ]
        ],
    )


def record_partner(port, directory):
    start_broker(port, directory)
    client(port, directory, "x1", FULL_COLUMNS, FULL_ROWS, "partner")
    wait_for("x1", "connected to")
    client(port, directory, "team1a", FULL_COLUMNS + 16, FULL_ROWS + 5)
    wait_for("team1a", "connected to")
    type_keys("team1a", "/to x1", "<Enter>")
    wait_for("team1a", "x1: online since")
    type_keys("team1a", "Hei!", "<Enter>")
    wait_for("team1a", "You wrote 4 characters")
    type_keys("team1a", "/checklist", "<Enter>")
    wait_for("team1a", "Checklist of team1a")
    screens = capture("team1a")
    return draw(
        "A practice partner tells what it has seen of a student's program",
        [[("java -jar client-cli.jar -u team1a", FULL_COLUMNS + 16, FULL_ROWS + 5, *screens["team1a"])]],
    )


PLAIN = {"color": None, "background": None, "bold": False, "dim": False, "reverse": False}


def palette(number):
    """One of the 256 colours of xterm."""
    if number < 16:
        return COLORS[number % 8]
    if number < 232:
        levels = [0, 95, 135, 175, 215, 255]
        number -= 16
        return "#%02x%02x%02x" % (levels[number // 36], levels[number // 6 % 6], levels[number % 6])
    return "#" + "%02x" % (8 + 10 * (number - 232)) * 3


def restyle(style, codes):
    """The style after the numbers of an escape sequence."""
    style = dict(style)
    codes = list(codes)
    while codes:
        code = codes.pop(0)
        if code == 0:
            style = dict(PLAIN)
        elif code in (1, 2, 7):
            style[{1: "bold", 2: "dim", 7: "reverse"}[code]] = True
        elif code == 22:
            style["bold"] = style["dim"] = False
        elif code == 27:
            style["reverse"] = False
        elif code in (38, 48) and codes:
            what = "color" if code == 38 else "background"
            if codes.pop(0) == 5:
                style[what] = palette(codes.pop(0))
            else:
                style[what] = "#%02x%02x%02x" % (codes.pop(0), codes.pop(0), codes.pop(0))
        elif 30 <= code <= 37 or 90 <= code <= 97:
            style["color"] = COLORS[code % 10]
        elif 40 <= code <= 47 or 100 <= code <= 107:
            style["background"] = COLORS[code % 10]
        elif code == 39:
            style["color"] = None
        elif code == 49:
            style["background"] = None
    return style


def cells(line, style):
    """Splits a captured line into runs of a text and its style; the style goes on from line to line."""
    runs = []
    for part in re.split(r"(\x1b\[[0-9;:]*m)", line):
        if part.startswith("\x1b["):
            style = restyle(style, [int(code or 0) for code in re.split("[;:]", part[2:-1])])
        elif part:
            runs.append((part, style))
    return runs, style


def width(text):
    return sum(
        0 if unicodedata.combining(c) or c in "\u200d\ufe0f" else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def window(x, y, columns, rows, title, screen, cursor):
    box_width = columns * CELL_WIDTH + 2 * PADDING
    box_height = rows * LINE_HEIGHT + TITLE_HEIGHT + 2 * PADDING
    out = [
        f'<g transform="translate({x:.1f} {y:.1f})">',
        f'<rect width="{box_width:.1f}" height="{box_height:.1f}" rx="8" fill="{BACKGROUND}"/>',
        f'<path d="M0 {TITLE_HEIGHT}V8a8 8 0 0 1 8-8H{box_width - 8:.1f}a8 8 0 0 1 8 8V{TITLE_HEIGHT}Z"'
        f' fill="{TITLE_BACKGROUND}"/>',
        f'<text x="{PADDING}" y="19" fill="{TITLE_COLOR}">{html.escape(title)}</text>',
    ]
    line_style = PLAIN
    for row, line in enumerate(screen.split("\n")[:rows]):
        column = 0
        runs, line_style = cells(line, line_style)
        baseline = TITLE_HEIGHT + PADDING + row * LINE_HEIGHT + FONT_SIZE
        for text, style in runs:
            color, fill = style["color"], style["background"]
            if style["reverse"]:
                color, fill = fill or BACKGROUND, color or FOREGROUND
            if fill:
                out.append(
                    f'<rect x="{PADDING + column * CELL_WIDTH:.1f}" y="{baseline - FONT_SIZE - 1}"'
                    f' width="{width(text) * CELL_WIDTH + 0.5:.1f}" height="{LINE_HEIGHT}" fill="{fill}"/>'
                )
            # Between words that stand far apart there is nothing to draw, and fonts differ in the width of spaces.
            for word in re.finditer(r"\S+(?: \S+)*", text):
                at = column + width(text[: word.start()])
                look = f' fill="{color}"' if color else ""
                look += ' font-weight="bold"' if style["bold"] else ""
                look += ' opacity="0.6"' if style["dim"] else ""
                out.append(
                    f'<text x="{PADDING + at * CELL_WIDTH:.1f}" y="{baseline}"'
                    f' textLength="{width(word.group()) * CELL_WIDTH:.1f}"{look}>{html.escape(word.group())}</text>'
                )
            column += width(text)
    if cursor:
        at_column, at_row = cursor
        out.append(
            f'<rect x="{PADDING + at_column * CELL_WIDTH:.1f}"'
            f' y="{TITLE_HEIGHT + PADDING + at_row * LINE_HEIGHT:.1f}" width="{CELL_WIDTH}"'
            f' height="{LINE_HEIGHT - 2}" fill="{FOREGROUND}" opacity="0.7"/>'
        )
    out.append("</g>")
    return out, box_width, box_height


def draw(title, rows):
    """Draws rows of windows, each a title, columns, rows, a captured screen, and where the cursor is."""
    parts = []
    top, widest = 0.0, 0.0
    for windows in rows:
        left = tallest = 0.0
        for name, columns, lines, screen, cursor in windows:
            position = tuple(int(number) for number in cursor.split()) if cursor else None
            drawn, box_width, box_height = window(left, top, columns, lines, name, screen, position)
            parts += drawn
            left += box_width + GAP
            tallest = max(tallest, box_height)
        widest = max(widest, left - GAP)
        top += tallest + GAP
    height = top - GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {widest:.0f} {height:.0f}"'
        f' width="{widest:.0f}" height="{height:.0f}"'
        f' font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{FONT_SIZE}"'
        f' fill="{FOREGROUND}" xml:space="preserve">'
    )
    return "\n".join([head, f"<title>{html.escape(title)}</title>", *parts, "</svg>", ""])


PICTURES = {"chat": record_chat, "full-screen": record_full_screen, "partner": record_partner}


def main():
    wanted = sys.argv[1:] or list(PICTURES)
    for name in wanted:
        if name not in PICTURES:
            sys.exit(f"there is no picture {name!r}; there are: {', '.join(PICTURES)}")
    for name in wanted:
        # A server of its own for each, because the one before may still be ending.
        TMUX[2] = f"labchat-record-{name}"
        with tempfile.TemporaryDirectory() as directory:
            try:
                picture = PICTURES[name](free_port(), directory)
            finally:
                subprocess.run([*TMUX, "kill-server"], check=False, capture_output=True)
        output = IMAGES / f"{name}.svg"
        output.write_text(picture, encoding="utf-8")
        print(f"wrote {os.path.relpath(output)}")


if __name__ == "__main__":
    main()
