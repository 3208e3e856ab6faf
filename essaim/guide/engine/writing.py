"""From a definition to the text of a practice file: the same definition always gives the same text.

The keys come in the order of the schema, the settings and their choices in their own; where the schema leaves keys
free (formulas, the settings of a step), they are in the order of the alphabet. ``parse_practice`` of the text gives the
definition back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from decimal import Decimal
from io import StringIO
from typing import Any

import yaml

from essaim.guide.engine.practice import DERIVED, FORMAT
from essaim.guide.engine.schema import (
    Alert,
    AudienceLine,
    Budget,
    EligibilityRule,
    Headline,
    Inconsistency,
    Need,
    PracticeFile,
    PracticeIndicator,
    PracticeRole,
    PracticeTool,
    Presentation,
    Stage,
    Step,
    Tag,
)

SETTING_KEYS = ("type", "default", "unit", "label", "min", "max", "choices", "source", "at_launch", "only_text")
WIDTH = 110  # of a small block written on one line
NO_WIDTH = 1_000_000  # a text is never cut: a fault then has the line of its key

_ROWS: Mapping[tuple[str, ...], type] = {
    ("headline",): Headline,
    ("needs",): Need,
    ("presentation",): Presentation,
    ("presentation", "audience"): AudienceLine,
    ("presentation", "roles"): PracticeRole,
    ("presentation", "path"): Stage,
    ("presentation", "path", "tags"): Tag,
    ("presentation", "inconsistencies"): Inconsistency,
    ("presentation", "budget"): Budget,
    ("eligibility",): EligibilityRule,
    ("steps",): Step,
    ("alerts",): Alert,
    ("tools",): PracticeTool,
    ("indicators",): PracticeIndicator,
}
# The file says « for », the code says ``subject``.
_KEYS_OF: Mapping[type, tuple[str, ...]] = {Step: ("key", "kind", "label", "for", "after", "settings")}


def write_practice(definition: Mapping[str, Any]) -> str:
    """Return the text of the file that says exactly this definition."""
    data = {key: value for key, value in definition.items() if key not in DERIVED}
    node = _node(data, (), definition.get("order", {}))
    return yaml.serialize(node, Dumper=_Dumper, allow_unicode=True, width=NO_WIDTH, indent=2)


def text_of_format(definition: Mapping[str, Any]) -> str:
    """Return what a digest is made of: the text under the format of its reader, as for the files of the guide."""
    return f"{FORMAT}\n{write_practice(definition)}"


class _Dumper(yaml.SafeDumper):
    """Plain YAML: no alias."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_SCALARS = yaml.SafeDumper(StringIO())


def _node(value: Any, path: tuple[str, ...], orders: Mapping[str, list[str]]) -> yaml.Node:
    if isinstance(value, Mapping):
        keys = _keys(value, path, orders)
        pairs = [(_scalar(key), _node(value[key], (*path, key), orders)) for key in keys]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=_is_small(pairs, path))
    if isinstance(value, list | tuple):
        items = [_node(item, path, orders) for item in value]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=_is_short(items))
    return _scalar(value)


def _scalar(value: Any) -> yaml.ScalarNode:
    if isinstance(value, float):
        text = f"{Decimal(repr(value)):f}"
        return yaml.ScalarNode("tag:yaml.org,2002:float", text if "." in text else f"{text}.0")
    node = _SCALARS.represent_data(value)
    assert isinstance(node, yaml.ScalarNode)
    return node


def _keys(value: Mapping[str, Any], path: tuple[str, ...], orders: Mapping[str, list[str]]) -> list[str]:
    """The keys of a block in their order: that of the schema, of the file, or of the alphabet."""
    wanted: Iterable[str] = ()
    if not path:
        wanted = ["slug", "parent", *(field.name for field in fields(PracticeFile))]
    elif path == ("settings",):
        wanted = orders.get("settings", ())
    elif path[0] == "settings" and len(path) == 2:
        wanted = SETTING_KEYS
    elif path[0] == "settings" and path[2:] == ("choices",):
        wanted = orders.get(".".join(path), ())
    elif path in _ROWS:
        row = _ROWS[path]
        wanted = _KEYS_OF.get(row) or [field.name for field in fields(row)]
    known = [key for key in dict.fromkeys(wanted) if key in value]
    return [*known, *sorted(set(value) - set(known))]


def _is_small(pairs: list[tuple[yaml.ScalarNode, yaml.Node]], path: tuple[str, ...]) -> bool:
    """A block of a few words is written on its line: {icon: clock, text: « 3 mois »}."""
    if not pairs:
        return True
    flat = all(_is_flat(node) for _, node in pairs)
    size = sum(len(key.value) + _size(node) + 4 for key, node in pairs)
    return len(path) > 1 and flat and size < WIDTH


def _is_short(items: list[yaml.Node]) -> bool:
    return all(isinstance(item, yaml.ScalarNode) for item in items) and sum(map(_size, items)) < WIDTH


def _is_flat(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) or bool(getattr(node, "flow_style", False))


def _size(node: yaml.Node) -> int:
    if isinstance(node, yaml.ScalarNode):
        return len(node.value) + 2
    return sum(_size(part) for item in node.value for part in (item if isinstance(item, tuple) else (item,)))
