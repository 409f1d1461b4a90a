#!/usr/bin/env python3
"""Records chat.svg, the picture in the README: a broker and two clients in tmux, their screens drawn as they are.

Needs tmux, a JDK and the packaged jars (./run builds them). Run it from anywhere:

    python3 docs/images/record.py
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
OUTPUT = Path(__file__).resolve().with_name("chat.svg")
TMUX = ["tmux", "-L", "labchat-record", "-f", "/dev/null"]

COLUMNS, ROWS = 62, 10
BROKER_COLUMNS, BROKER_ROWS = 126, 10
CELL_WIDTH, LINE_HEIGHT, FONT_SIZE = 7.83, 18, 13
PADDING, TITLE_HEIGHT, GAP = 12, 28, 14

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


def record(port, directory):
    broker = (
        f"exec java -jar {ROOT}/broker/target/broker.jar serve --bind 127.0.0.1 --port {port} --ws-port off"
        f" --users {ROOT}/users.conf --acl {ROOT}/acl.conf --data {directory}/data --color always"
    )
    open_screen("broker", BROKER_COLUMNS, BROKER_ROWS, broker)
    wait_for("broker", str(port))
    for user in ("team1a", "team2a"):
        # The demo password is the name; the variable keeps it out of the picture's command line.
        open_screen(
            user,
            COLUMNS,
            ROWS,
            f"exec java -jar {ROOT}/client-cli/target/client-cli.jar -p {port} -u {user}",
            [f"LABCHAT_PASSWORD={user}", f"HOME={directory}", f"XDG_CONFIG_HOME={directory}", "LC_ALL=C.UTF-8"],
        )
    for user in ("team1a", "team2a"):
        wait_for(user, f"\n{user}>")

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
    return {
        name: (tmux("capture-pane", "-p", "-e", "-t", name), tmux("display-message", "-p", "-t", name, "#{cursor_x} #{cursor_y}"))
        for name in ("team1a", "team2a", "broker")
    }


def cells(line, style):
    """Splits a captured line into (text, colour, bold, dim) runs; the style goes on from line to line."""
    color, bold, dim = style
    runs = []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if not part.startswith("\x1b["):
            if part:
                runs.append((part, color, bold, dim))
            continue
        for code in part[2:-1].split(";"):
            number = int(code or 0)
            if number == 0:
                color, bold, dim = None, False, False
            elif number == 1:
                bold = True
            elif number == 2:
                dim = True
            elif 30 <= number <= 37:
                color = COLORS[number - 30]
            elif 90 <= number <= 97:
                color = COLORS[number - 90]
            elif number == 39:
                color = None
    return runs, (color, bold, dim)


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


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
    line_style = (None, False, False)
    for row, line in enumerate(screen.split("\n")[:rows]):
        column = 0
        runs, line_style = cells(line, line_style)
        baseline = TITLE_HEIGHT + PADDING + row * LINE_HEIGHT + FONT_SIZE
        for text, color, bold, dim in runs:
            stripped = text.rstrip(" ")
            if stripped:
                style = f' fill="{color}"' if color else ""
                style += ' font-weight="bold"' if bold else ""
                style += ' opacity="0.6"' if dim else ""
                out.append(
                    f'<text x="{PADDING + column * CELL_WIDTH:.1f}" y="{baseline}"'
                    f' textLength="{width(stripped) * CELL_WIDTH:.1f}"{style}>{html.escape(stripped)}</text>'
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


def draw(screens):
    parts = []
    x, total_height = 0.0, 0.0
    for user in ("team1a", "team2a"):
        screen, cursor = screens[user]
        position = tuple(int(number) for number in cursor.split())
        drawn, box_width, box_height = window(
            x, 0, COLUMNS, ROWS, f"java -jar client-cli.jar -u {user}", screen, position
        )
        parts += drawn
        x += box_width + GAP
        total_height = box_height
    total_width = x - GAP
    drawn, _, box_height = window(
        0, total_height + GAP, (total_width - 2 * PADDING) / CELL_WIDTH, BROKER_ROWS, "./run", screens["broker"][0], None
    )
    parts += drawn
    total_height += GAP + box_height
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total_width:.0f} {total_height:.0f}"'
        f' width="{total_width:.0f}" height="{total_height:.0f}"'
        f' font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{FONT_SIZE}"'
        f' fill="{FOREGROUND}" xml:space="preserve">'
    )
    title = "<title>Two students chat in two terminals; the broker's log below</title>"
    return "\n".join([head, title, *parts, "</svg>", ""])


def main():
    with tempfile.TemporaryDirectory() as directory:
        try:
            screens = record(free_port(), directory)
        finally:
            subprocess.run([*TMUX, "kill-server"], check=False, capture_output=True)
    OUTPUT.write_text(draw(screens), encoding="utf-8")
    print(f"wrote {os.path.relpath(OUTPUT)}")


if __name__ == "__main__":
    main()
