"""Small drawings: hexagon cells, bars, steps. No inline style; the words beside them say the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from django import template

from essaim.kernel import formats

register = template.Library()

CELL_WIDTH, CELL_HEIGHT, CELL_RADIUS, CELL_HALF = 22.06, 19.5, 11.0, 9.53
CELLS_PER_ROW = 12
MOST_CELLS = 120
# The narrowest drawings, in columns: the tile of a gauge, the card of a whole action.
GAUGE_COLUMNS, WAFFLE_COLUMNS = 9, 16
GAUGE_STATES = {"taken": "", "held": "cell-held", "free": "cell-free"}


def hexagon(column: int, row: int) -> str:
    """Return the outline of a cell of the comb, odd rows shifted by half a cell."""
    x = 11.53 + column * CELL_WIDTH + (CELL_WIDTH / 2 if row % 2 else 0)
    y = 13 + row * CELL_HEIGHT
    corners = [
        (x, y - CELL_RADIUS),
        (x + CELL_HALF, y - CELL_RADIUS / 2),
        (x + CELL_HALF, y + CELL_RADIUS / 2),
        (x, y + CELL_RADIUS),
        (x - CELL_HALF, y + CELL_RADIUS / 2),
        (x - CELL_HALF, y - CELL_RADIUS / 2),
    ]
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in corners) + "Z"


def comb(classes: list[str], columns: int, *, least: int, by_column: bool = False) -> dict[str, Any]:
    """Lay cells out in rows of ``columns`` and return their outlines and the size of the drawing.

    The drawing is as wide as ``least`` columns, so that a few cells stay the size of a cell.
    """
    rows = max(1, ceil(len(classes) / columns))
    cells = []
    for index, css in enumerate(classes):
        column, row = divmod(index, rows) if by_column else reversed(divmod(index, columns))
        cells.append({"css": css, "outline": hexagon(column, row)})
    width = 23.06 + (max(columns, least) - 1) * CELL_WIDTH + (CELL_WIDTH / 2 if rows > 1 else 0)
    return {"cells": cells, "width": f"{width:.1f}", "height": f"{26 + (rows - 1) * CELL_HEIGHT:.1f}"}


@register.inclusion_tag("kernel/components/_gauge.html")
def gauge(taken: int, places: int, held: int = 0) -> dict[str, Any]:
    """Draw the places of an action, one hexagon each: ``{% gauge 16 18 held=1 %}``. A bar above 120."""
    free = max(places - taken - held, 0)
    counts = {"taken": taken, "held": held, "free": free}
    key = [
        ("", formats.count(taken, "occupée")),
        ("cell-held", formats.count(held, "proposée") if held else ""),
        ("cell-free", formats.count(free, "libre")),
    ]
    classes = [css for state, css in GAUGE_STATES.items() for _ in range(counts[state])]
    drawing = {}
    if 0 < len(classes) <= MOST_CELLS:
        rows = ceil(len(classes) / CELLS_PER_ROW)
        drawing = comb(classes, ceil(len(classes) / rows), least=GAUGE_COLUMNS)
    return {
        "drawing": drawing,
        "taken": taken,
        "places": places,
        "excess": max(taken + held - places, 0),
        "share": _share(taken, places),
        "key": [(css, words) for css, words in key if words],
    }


@register.inclusion_tag("kernel/components/_waffle.html")
def waffle(groups: list[tuple[str, int, str]], label: str) -> dict[str, Any]:
    """Draw one hexagon per person, by situation. ``groups`` are (words, quantity, css class of the cell)."""
    classes = [css for _, quantity, css in groups for _ in range(quantity)]
    rows = 4 if len(classes) <= MOST_CELLS else 8
    columns = max(1, ceil(len(classes) / rows))
    drawing = comb(classes, columns, least=WAFFLE_COLUMNS, by_column=True) if len(classes) <= 1000 else {}
    return {"drawing": drawing, "label": label, "groups": groups}


def _share(part: Any, whole: Any) -> str:
    ratio = Decimal(str(part)) / Decimal(str(whole)) if whole else Decimal(0)
    return f"{min(max(ratio, Decimal(0)), Decimal(1)) * 100:.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands under a bar: its kind ("target" or "guide") and its words."""

    kind: str
    words: str


@register.inclusion_tag("kernel/components/_bar.html")
def bar(
    value: float | None,
    target: float | None = None,
    guide: float | None = None,
    target_words: str = "",
    guide_words: str = "",
) -> dict[str, Any]:
    """Draw a value against its target and the published figure: positions from 0 to 100, the words below."""
    marks = [Mark("target", target_words), Mark("guide", guide_words)]
    return {
        "value": _position(value),
        "target": _position(target),
        "guide": _position(guide),
        "marks": [mark for mark in marks if mark.words],
    }


def _position(value: float | None) -> str | None:
    return None if value is None else f"{min(max(float(value), 0.0), 100.0):.2f}".rstrip("0").rstrip(".")


@register.inclusion_tag("kernel/components/_funnel.html")
def funnel(stages: list[tuple[str, int]]) -> dict[str, Any]:
    """Draw how many pass each stage; shares are told on the first one. ``stages`` are (words, quantity)."""
    base = stages[0][1] if stages else 0
    return {
        "stages": [
            {
                "words": words,
                "quantity": quantity,
                "share": _share(quantity, base),
                "percent": formats.percent(Decimal(quantity) / base) if base and index else "",
            }
            for index, (words, quantity) in enumerate(stages)
        ]
    }


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a parcours. ``state`` is "done", "current" or "next"."""

    label: str
    state: str
    when: str = ""


STEP_WORDS = {"done": "Fait", "current": "En cours", "next": "À venir"}


@register.inclusion_tag("kernel/components/_steps.html")
def steps(items: list[Step], label: str = "Étapes du parcours") -> dict[str, Any]:
    """Draw a parcours as a strip of hexagons. On a phone, one sentence says where the person stands."""
    current = next((index for index, item in enumerate(items) if item.state == "current"), None)
    after = next((item for item in items if item.state == "next"), None)
    return {
        "items": [{"step": item, "words": STEP_WORDS[item.state]} for item in items],
        "label": label,
        "position": None if current is None else current + 1,
        "current": None if current is None else items[current],
        "after": after,
        "total": len(items),
        "done": sum(item.state == "done" for item in items),
    }


@register.inclusion_tag("kernel/components/_steps_mini.html")
def steps_mini(done: int, total: int, words: str = "") -> dict[str, Any]:
    """Draw a parcours in a table cell: ``done`` steps filled, the next one current; ``words`` below."""
    states = ["d"] * min(done, total) + ["c"] * (done < total) + [""] * max(total - done - 1, 0)
    return {"states": states, "words": words}


CHECKS = {
    "ok": ("Exact", "success", "check"),
    "stated": ("Déclaré", "info", "info"),
    "ambiguous": ("Ambigu", "warning", "help"),
    "mismatch": ("Écart", "danger", "alert"),
    "not_checkable": ("Non vérifiable", "", "eye"),
}


@register.inclusion_tag("kernel/components/_check.html")
def check(code: str, why: str = "") -> dict[str, Any]:
    """Say how far a published figure can be trusted: a chip with its word, and the reason under it."""
    words, tone, icon_name = CHECKS[code]
    return {"words": words, "tone": tone, "icon_name": icon_name, "why": why}
