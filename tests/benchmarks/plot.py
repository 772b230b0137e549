"""A picture of times: a dot each on a logarithmic scale, a line from shortest to longest.

Written by hand as SVG: a dozen dots need no library, and the same figures give the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

Times = tuple[str, float, float, float]
"""A name, and the shortest, the middle and the longest time in seconds."""

WIDTH, LEFT, RIGHT = 860, 300, 70
STEP, TITLE, GAP = 24, 34, 18

STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #24292f }
  .title { font-weight: 600 }
  .small { font-size: 11px; fill: #57606a }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .range { stroke: #8c959f; stroke-width: 3; stroke-linecap: round }
  .other { fill: #8c959f } .ours { fill: #0550ae } .page { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d }
    .range { stroke: #656c76 } .other { fill: #9198a1 } .ours { fill: #79c0ff }
    .page { fill: #0d1117 }
  }
"""


def plot(groups: Sequence[tuple[str, Sequence[Times]]]) -> str:
    """Groups of times, one below the other on one scale. SVG."""
    shown = [(title, times) for title, times in groups if times]
    everything = [each for _, times in shown for each in times]
    if not everything:
        return '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n'
    low = math.floor(math.log10(min(each[1] for each in everything)))
    high = math.ceil(math.log10(max(each[3] for each in everything)))
    high = max(high, low + 1)

    def at(seconds: float) -> float:
        share = (math.log10(seconds) - low) / (high - low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    parts: list[str] = []
    top = 10
    for title, times in shown:
        bottom = top + TITLE + STEP * len(times)
        parts.append(f'<text class="title" x="12" y="{top + 18}">{escape(title)}</text>')
        for power in range(low, high + 1):
            x = at(10.0**power)
            parts.append(
                f'<line class="grid" x1="{x:.1f}" y1="{top + 26}" x2="{x:.1f}" y2="{bottom}"/>'
            )
            parts.append(
                f'<text class="small" x="{x:.1f}" y="{bottom + 13}" text-anchor="middle">'
                f"{10.0**power:g} s</text>"
            )
        for number, (name, shortest, middle, longest) in enumerate(times):
            y = top + TITLE + STEP * number + STEP / 2
            kind = "ours" if name.startswith("relations") else "other"
            parts += [
                f'<text x="{LEFT - 12}" y="{y + 4:.1f}" text-anchor="end">{escape(name)}</text>',
                f'<line class="range" x1="{at(shortest):.1f}" y1="{y}" x2="{at(longest):.1f}" '
                f'y2="{y}"/>',
                f'<circle class="{kind}" cx="{at(middle):.1f}" cy="{y}" r="5"/>',
                f'<text class="small" x="{at(longest) + 10:.1f}" y="{y + 4:.1f}">'
                f"{_seconds(middle)} s</text>",
            ]
        top = bottom + GAP + 10
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" '
            f'width="{WIDTH}" height="{top}" role="img" aria-label="Seconds of each program">',
            f"<style>{STYLE}</style>",
            f'<rect class="page" width="{WIDTH}" height="{top}"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:.1f}"
