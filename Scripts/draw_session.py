#!/usr/bin/env python3
"""Draws what a terminal shows as an SVG picture, for the README.

    tmux new-session -d -s s -x 84 -y 48; tmux send-keys -t s 'emnist …' Enter
    tmux capture-pane -e -p -t s | python3 Scripts/draw_session.py > session.svg

Understands the colours and weights that emnist uses; block characters are drawn as rectangles, so
that no font decides how a confusion matrix looks.
"""

import html
import re
import sys

COLORS = ["#3b4252", "#bf616a", "#a3be8c", "#ebcb8b", "#81a1c1", "#b48ead", "#88c0d0", "#e5e9f0",
          "#616e88", "#d06f79", "#b1d196", "#f0d399", "#8cafd2", "#c895bf", "#93ccdc", "#eceff4"]
TEXT, BACKGROUND = "#d8dee9", "#242933"
WIDTH, HEIGHT, SIZE = 8.4, 17, 14
SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75, "█": 1, "▇": 0.9}


def cells(line):
    """The characters of a line with colour and weight."""
    color, bold, faint = TEXT, False, False
    for escape, text in re.findall(r"\x1b\[([0-9;]*)m|([^\x1b])", line):
        if text:
            yield text, color, bold, faint
            continue
        for code in [int(part or 0) for part in escape.split(";")]:
            if code == 0:
                color, bold, faint = TEXT, False, False
            elif code == 1:
                bold = True
            elif code == 2:
                faint = True
            elif code == 22:
                bold = faint = False
            elif code == 39:
                color = TEXT
            elif 30 <= code <= 37:
                color = COLORS[code - 30]
            elif 90 <= code <= 97:
                color = COLORS[code - 82]


def draw(lines):
    columns = max(len(list(cells(line))) for line in lines)
    width, height = columns * WIDTH + 24, len(lines) * HEIGHT + 24
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
           f'width="{width:.0f}" font-family="ui-monospace,Menlo,Consolas,\'DejaVu Sans Mono\','
           f'monospace" font-size="{SIZE}">')
    yield f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>'
    for row, line in enumerate(lines):
        y = 12 + row * HEIGHT
        for column, (text, color, bold, faint) in enumerate(cells(line)):
            x = 12 + column * WIDTH
            opacity = 0.6 if faint else 1
            if text in SHADES:
                yield (f'<rect x="{x:.1f}" y="{y + 1:.1f}" width="{WIDTH}" height="{HEIGHT - 2}" '
                       f'fill="{color}" opacity="{SHADES[text] * opacity:.2f}"/>')
            elif text != " ":
                weight = ' font-weight="bold"' if bold else ""
                fade = f' opacity="{opacity}"' if faint else ""
                yield (f'<text x="{x:.1f}" y="{y + 13}" fill="{color}"{weight}{fade}>'
                       f'{html.escape(text)}</text>')
    yield "</svg>"


if __name__ == "__main__":
    text = sys.stdin.read().rstrip("\n")
    print("\n".join(draw(text.split("\n"))))
