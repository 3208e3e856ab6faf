"""Reading a YAML file as plain data, remembering the line of everything."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str | int, ...]
# A fiche is a tree of a few levels and of plain figures: more is a mistake, or a trap for who reads it.
DEEPEST = 30
LONGEST_NUMBER = 18
PLAIN_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend in a practice file: which file, which line (1-based), and what, in French."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Source:
    """A file as data, with the line of each value by its path."""

    data: Any
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """Return the line of the value at ``path``, or of the nearest thing that contains it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class SourceError(Exception):
    """The text is not the plain YAML of a practice file: ``faults`` are pairs (line, message)."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__(faults)
        self.faults = faults


class _PlainLoader(yaml.CSafeLoader):
    """YAML without its traps: only true, false, null and decimal numbers are not text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


def _resolve(tag: str, pattern: str, first: str) -> None:
    for letter in first:
        resolvers = _PlainLoader.yaml_implicit_resolvers
        resolvers.setdefault(letter, []).append((f"tag:yaml.org,2002:{tag}", re.compile(pattern)))


_resolve("bool", r"^(?:true|false)$", "tf")
_resolve("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789")
_resolve("float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789")
_PlainLoader.yaml_implicit_resolvers[""] = [("tag:yaml.org,2002:null", re.compile(r"^$"))]
_resolve("null", r"^(?:null|~)$", "n~")

_SCALARS: dict[str, Callable[[str], Any]] = {
    "bool": lambda text: text == "true",
    "int": int,
    "float": float,
    "null": lambda text: None,
    "str": str,
}


def read_source(text: str) -> Source:
    """Read ``text`` as one YAML document of mappings with text keys, lists, texts, numbers, booleans, null.

    Refuses, raising SourceError with the line: bad syntax, a key written twice, a key that is not text, an
    alias, a tag, several documents, more than DEEPEST levels, a number of more than LONGEST_NUMBER signs, an invisible
    character.
    """
    try:
        _refuse_traps(text)
        root = yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        line = _line(error.problem_mark or error.context_mark)
        raise SourceError([(line, f"ce n’est pas du YAML lisible ({error.problem})")]) from error
    except yaml.YAMLError as error:
        raise SourceError([(1, "ce n’est pas du YAML lisible (caractère interdit)")]) from error
    if root is None:
        raise SourceError([(1, "le fichier est vide")])
    lines: dict[Path, int] = {}
    faults: list[tuple[int, str]] = []
    data = _plain(root, (), lines, faults)
    if faults:
        raise SourceError(faults)
    return Source(data, lines)


def _refuse_traps(text: str) -> None:
    """Refuse aliases and depth on the flow of events, before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=_PlainLoader):
        if isinstance(event, yaml.AliasEvent):
            line = _line(event.start_mark)
            raise SourceError([(line, f"renvoi « *{event.anchor} » refusé : écrivez la valeur en toutes lettres")])
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise SourceError([(_line(event.start_mark), f"plus de {DEEPEST} niveaux l’un dans l’autre")])


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 1


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int], faults: list[tuple[int, str]]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if not isinstance(node, yaml.ScalarNode) and node.tag not in PLAIN_TAGS:
        faults.append((node.start_mark.line + 1, f"étiquette « {node.tag} » refusée"))
        return None
    if isinstance(node, yaml.MappingNode):
        return _plain_mapping(node, path, lines, faults)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, rank), lines, faults) for rank, item in enumerate(node.value)]
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if kind not in _SCALARS:
        faults.append((node.start_mark.line + 1, f"étiquette « {node.tag} » refusée"))
        return None
    if kind in ("int", "float") and len(node.value) > LONGEST_NUMBER:
        faults.append((node.start_mark.line + 1, f"nombre trop long : {LONGEST_NUMBER} chiffres au plus"))
        return None
    if _hides_something(node.value):
        faults.append((node.start_mark.line + 1, "caractère invisible interdit"))
        return None
    return _SCALARS[kind](node.value)


def _hides_something(text: str) -> bool:
    return any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in text)


def _plain_mapping(
    node: yaml.MappingNode, path: Path, lines: dict[Path, int], faults: list[tuple[int, str]]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.tag != "tag:yaml.org,2002:str":
            faults.append((line, "une clé doit être un mot : mettez-la entre guillemets"))
            continue
        key = key_node.value
        if _hides_something(key):
            faults.append((line, "caractère invisible interdit"))
            continue
        if key in found:
            faults.append((line, f"clé « {key} » écrite deux fois"))
            continue
        lines[(*path, key)] = line
        found[key] = _plain(value_node, (*path, key), lines, faults)
    return found


def locate(value: Any, written: str) -> Path:
    """Return the path that ``written`` (« formula.percent[0].where.person.level ») names in ``value``.

    It goes as far as it can. Keys may hold dots themselves: the longest key that fits is taken.
    """
    path: list[str | int] = []
    while written:
        if isinstance(value, list) and (rank := re.match(r"\.?\[?([0-9]+)\]?", written)) and int(rank[1]) < len(value):
            step: str | int = int(rank[1])
            written = written[rank.end() :]
        elif isinstance(value, dict) and (keys := [key for key in value if _starts(written.lstrip("."), key)]):
            longest = max(keys, key=len)
            step = longest
            written = written.lstrip(".")[len(longest) :]
        else:
            break
        path.append(step)
        value = value[step]
    return tuple(path)


def _starts(written: str, key: str) -> bool:
    return written == key or written.startswith((f"{key}.", f"{key}["))
