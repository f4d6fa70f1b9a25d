"""The report's own drawings as SVG that stands alone: chain map, tile map, worth curve. Owns: their geometry on paper. Never: words.

A page draws the same data with its style sheet; Word and PDF have none, so every mark carries its look here. Paper is always light.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from markupsafe import escape

from liantu.model.states import State
from liantu.report.page import Bar, ChainMap, Curve, Node, Siting, Stage, TileMap

FONTS = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"
_TEXT, _QUIET, _LINE, _AXIS, _BRAND, _RETURN = "#17202E", "#5F6B7C", "#DEE3EA", "#B9C2CF", "#1B4B8F", "#A8486B"
_INK: dict[State, str] = {"long": "#5B3F96", "even": "#465264", "short": "#9A4A00", "missing": "#7F3B08", "unused": _QUIET}
_CARD: dict[State, tuple[str, str]] = {
    "long": ("#EFEBF7", "#C9BDE3"), "even": ("#FFFFFF", _LINE), "short": ("#FDF0E1", "#E8BE8C"),
    "missing": ("#FFFFFF", "#7F3B08"), "unused": ("#FFFFFF", _LINE),
}  # fmt: skip
_FILL = {"long": "#5B3F96", "short": "#CC7622", "missing": "#7F3B08"}
_SITING: dict[Siting, tuple[str, str]] = {
    "best": (_BRAND, "#FFFFFF"), "possible": ("#9DBDE6", "#0F2340"), "limited": ("#D6E4F5", "#0F2340"),
    "impossible": ("url(#no)", _TEXT), "none": ("#FFFFFF", _QUIET),
}  # fmt: skip
_HATCH = (
    '<pattern id="no" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#FFFFFF"/><rect width="2.500" height="6" fill="#E1E6EC"/></pattern>'
)
_GLYPH: dict[State, str] = {"long": "M4.500 0 9 8H0z", "even": "M0 1h9v2H0zM0 5h9v2H0z", "short": "M4.500 8 0 0h9z"}
_CARD_WIDTH, _CARD_HEIGHT, _GAP, _COLUMN_GAP, _HEAD = 142, 54, 7, 16, 26
_TILE, _TILE_HEIGHT = 108, 58


def chain_svg(chain: ChainMap, lane: str) -> str:
    """The chain map: stages side by side, the return lane beneath from right to left under its name."""
    columns = [column for stage in chain.main for column in _columns(stage)]
    width = len(columns) * (_CARD_WIDTH + _COLUMN_GAP) - _COLUMN_GAP
    deepest = max((len(nodes) for _, _, nodes in columns), default=0)
    top = _HEAD + deepest * (_CARD_HEIGHT + _GAP) + 30
    back = [(stage, node) for stage in chain.back for node in stage.nodes]
    across = max(1, len(columns))
    lines = -(-len(back) // across)
    height = top + lines * (_CARD_HEIGHT + _GAP) if back else top - 30
    parts = [*_stages(columns), *(_lane(back, lane, top, across) if back else ())]
    return _svg(width, height, parts)


def _columns(stage: Stage, high: int = 7) -> Iterator[tuple[str, str, Sequence[Node]]]:
    """A stage in one column, a long one in several; only the first has the name."""
    for start in range(0, max(1, len(stage.nodes)), high):
        yield stage.name if start == 0 else "", _colours().get(stage.key, _QUIET), stage.nodes[start : start + high]


@cache
def _colours() -> Mapping[str, str]:
    """Stage → colour, from the light tokens of the page's own look: the first there is of each."""
    look = files("liantu.report").joinpath("look/parts.css").read_text(encoding="utf-8")
    return dict(reversed(re.findall(r"--stage-(\w+):(#\w{6})", look)))


def _stages(columns: Sequence[tuple[str, str, Sequence[Node]]]) -> Iterator[str]:
    for place, (name, colour, nodes) in enumerate(columns):
        left = place * (_CARD_WIDTH + _COLUMN_GAP)
        yield f'<rect x="{left}" y="0" width="{_CARD_WIDTH}" height="3" fill="{colour}"/>'
        yield _text(left, 18, name, 12, weight=600)
        for row, node in enumerate(nodes):
            yield from _card(node, left, _HEAD + row * (_CARD_HEIGHT + _GAP))


def _lane(back: Sequence[tuple[Stage, Node]], name: str, top: float, across: int) -> Iterator[str]:
    yield _text(0, top - 10, f"↺ {name}", 12, colour=_RETURN, weight=600)
    for place, (_, node) in enumerate(back):
        row, column = divmod(place, across)
        left = (across - 1 - column) * (_CARD_WIDTH + _COLUMN_GAP)
        level = top + row * (_CARD_HEIGHT + _GAP)
        if column:
            yield _text(left + _CARD_WIDTH + _COLUMN_GAP / 2, level + 24, "←", 12, colour=_RETURN, anchor="middle")
        yield from _card(node, left, level)


def _card(node: Node, left: float, top: float) -> Iterator[str]:
    fill, edge = _CARD[node.state]
    dashes = ' stroke-dasharray="3 2"' if node.state == "missing" else ""
    yield f'<rect x="{left}" y="{top}" width="{_CARD_WIDTH}" height="{_CARD_HEIGHT}" rx="5" fill="{fill}" stroke="{edge}"{dashes}/>'
    name, size = _within(node.name, _CARD_WIDTH - 14, 12)
    yield _text(left + 7, top + 16, name, size, weight=600)
    figures = f"{node.figures} {node.unit}"
    yield _text(left + 7, top + 32, figures, _fitted(figures, _CARD_WIDTH - 36 - 11 * length(node.word), 11))
    if node.state in _GLYPH:
        aside = left + _CARD_WIDTH - 19 - 11 * length(node.word)
        yield f'<path transform="translate({aside:.1f} {top + 24})" d="{_GLYPH[node.state]}" fill="{_INK[node.state]}"/>'
    yield _text(left + _CARD_WIDTH - 6, top + 32, node.word, 11, colour=_INK[node.state], weight=600, anchor="end")
    yield from _bar(node.bar, left + 7, top + 39, _CARD_WIDTH - 14)


def _bar(bar: Bar, left: float, top: float, width: float, height: float = 7) -> Iterator[str]:
    fill, each = _FILL.get(bar.tone, "#8592A3"), width / 100
    yield f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="#E4E8EE"/>'
    yield f'<rect x="{left}" y="{top}" width="{bar.running * each:.2f}" height="{height}" fill="{fill}"/>'
    at = left + bar.running * each
    if bar.building > 0:
        # Hatched by strokes, which every reader of SVG draws alike.
        middle, length = top + height / 2, bar.building * each
        yield f'<path d="M{at:.2f} {middle}h{length:.2f}" stroke="{fill}" stroke-width="{height}" stroke-dasharray="1.2 2"/>'
        at += length
    if bar.planned > 0:
        length = bar.planned * each
        edge = f'fill="none" stroke="{fill}" stroke-dasharray="2 1.500"'
        yield f'<rect x="{at:.2f}" y="{top}" width="{length:.2f}" height="{height}" {edge}/>'
    if bar.need is not None:
        yield f'<rect x="{left + bar.need * each - 1:.2f}" y="{top - 2}" width="2" height="{height + 4}" fill="{_TEXT}"/>'


def tiles_svg(tiles: TileMap) -> str:
    """Counties as tiles, with what each shade means and the caption beneath."""
    rows = max((tile.row for tile in tiles.tiles), default=1)
    columns = max((tile.column for tile in tiles.tiles), default=1)
    width, height = columns * (_TILE + 4) - 4, rows * (_TILE_HEIGHT + 4) + 22
    parts: list[str] = []
    for tile in tiles.tiles:
        left, top = (tile.column - 1) * (_TILE + 4), (tile.row - 1) * (_TILE_HEIGHT + 4)
        fill, ink = _SITING[tile.siting]
        edge = _AXIS if tile.siting in ("impossible", "none") else fill
        parts.append(f'<rect x="{left}" y="{top}" width="{_TILE}" height="{_TILE_HEIGHT}" rx="4" fill="{fill}" stroke="{edge}"/>')
        parts.append(_text(left + 7, top + 17, tile.name, _fitted(tile.name, _TILE - 12, 12.5), colour=ink, weight=600))
        parts.append(_text(left + 7, top + 33, tile.figure, _fitted(tile.figure, _TILE - 12, 11), colour=ink))
        word = f"★ {tile.word}" if tile.siting == "best" else tile.word
        parts.append(_text(left + 7, top + 49, word, _fitted(word, _TILE - 12, 11), colour=ink))
    return _svg(width, height, [f"<defs>{_HATCH}</defs>", *parts, *_legend(tiles, height - 8, width)])


def _legend(tiles: TileMap, level: float, width: float) -> Iterator[str]:
    left = 0.0
    for siting, word in tiles.legend:
        fill, _ = _SITING[siting]
        yield f'<rect x="{left}" y="{level - 9}" width="13" height="10" rx="2" fill="{fill}" stroke="{_AXIS}"/>'
        yield _text(left + 17, level, word, 11, colour=_QUIET)
        left += 30 + 11 * length(word)
    yield _text(width, level, tiles.caption, 11, colour=_QUIET, anchor="end")


def curve_svg(curve: Curve) -> str:
    """What a size is worth: the line, one step, the useful size, with axes."""
    wide, high = curve.box
    points = " ".join(f"{x},{y}" for x, y in curve.line)
    first, last = curve.line[0][0], curve.line[-1][0]
    parts = [_text(0, 12, curve.unit, 11, colour=_QUIET)]
    for level, label in curve.up:
        parts.append(f'<path d="M{first} {level}H{wide - 44}" stroke="{_LINE}"/>')
        parts.append(_text(first - 6, level + 4, label, 11, colour=_QUIET, anchor="end"))
    parts += [_text(at, high - 6, label, 11, colour=_QUIET, anchor="middle") for at, label in curve.across]
    parts.append(f'<path d="M{first} {curve.zero}H{last}" stroke="{_AXIS}"/>')
    if curve.useful is not None:
        parts.append(f'<path d="M{curve.useful} 22V{high - 24}" stroke="{_QUIET}" stroke-dasharray="2 2.400"/>')
        anchor = "end" if curve.useful > wide / 2 else "start"
        parts.append(_text(curve.useful, 15, curve.useful_text, 12, weight=600, anchor=anchor))
    parts.append(f'<polyline points="{points}" fill="none" stroke="{_BRAND}" stroke-width="1.600" stroke-linejoin="round"/>')
    if curve.step is not None:
        parts.append(f'<circle cx="{curve.step[0]}" cy="{curve.step[1]}" r="4" fill="#FFFFFF" stroke="{_BRAND}" stroke-width="1.600"/>')
        parts.append(_text(curve.step[0] + 11, curve.step[1] + 5, curve.step_text, 12, weight=600))
    return _svg(wide, high, parts)


def _svg(width: float, height: float, parts: Iterable[str]) -> str:
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{FONTS}">{"".join(parts)}</svg>'


def _text(left: float, base: float, text: str, size: float, *, colour: str = _TEXT, weight: int = 400, anchor: str = "start") -> str:
    look = f'font-size="{size:g}" font-weight="{weight}" fill="{colour}" text-anchor="{anchor}"'
    return f'<text x="{left:g}" y="{base:g}" {look}>{escape(text)}</text>'


def _fitted(text: str, width: float, size: float) -> float:
    """The size at which a text fits a width: smaller where it must be, never below eight."""
    long = length(text) * size
    return size if long <= width else max(8.0, size * width / long)


def _within(text: str, width: float, size: float) -> tuple[str, float]:
    """A text and its size within a width; what does not fit at the smallest size is cut with three dots."""
    least = _fitted(text, width, size)
    kept = text
    while kept and length(f"{kept}…") * least > width:
        kept = kept[:-1]
    return (text if length(text) * least <= width else f"{kept}…"), least


def length(text: str) -> float:
    """About how long a text is in ems: a Chinese character is one, any other a little more than half."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.56 for character in text)
