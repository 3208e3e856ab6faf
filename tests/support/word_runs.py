"""Runs of twelve words, as hashes: the repository can refuse the sentences of the guide without holding them.

    python -m tests.support.word_runs path/to/the/guide.txt

writes ``tests/guide/guide_runs.bin`` anew: the first 5 bytes of the SHA-256 of each run of 12 words, sorted, each once.
Words are compared without capitals, accents nor punctuation.
"""

import ast
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

RUN = 12  # words
SIZE = 5  # bytes of a hash: a run of ours has one chance in 27 million of meeting one by accident
KNOWN = Path(__file__).resolve().parents[1] / "guide" / "guide_runs.bin"
TAGS = re.compile(r"<[^>]*>|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def words_of(text: str) -> list[str]:
    """The words of a text, without capitals, accents nor punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[a-z0-9]+", plain)


def runs_of(text: str) -> Iterator[tuple[bytes, str]]:
    """Every run of twelve words of a text, with its hash."""
    words = words_of(text)
    for at in range(len(words) - RUN + 1):
        run = " ".join(words[at : at + RUN])
        yield sha256(run.encode()).digest()[:SIZE], run


def known_runs() -> frozenset[bytes]:
    """The hashes of the runs of the guide."""
    found = KNOWN.read_bytes()
    return frozenset(found[at : at + SIZE] for at in range(0, len(found), SIZE))


def texts_of(path: Path) -> Iterable[str]:
    """What a file says to its reader: the strings of a program, the text between the tags of a page, or all of it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return [text, *_strings(ast.parse(text))]
    return [TAGS.sub(" ", text)] if path.suffix == ".html" else [text]


def _strings(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
            found.append(" ".join(map(str, parts)))
    return found


def write_known_runs(guide: Path) -> int:
    """Write the hashes of the runs of this text. Returns how many."""
    hashes = sorted({digest for digest, _ in runs_of(guide.read_text(encoding="utf-8"))})
    KNOWN.write_bytes(b"".join(hashes))
    return len(hashes)


if __name__ == "__main__":
    sys.stdout.write(f"{write_known_runs(Path(sys.argv[1]))} suites de {RUN} mots.\n")
