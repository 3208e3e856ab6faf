"""The words of 2010 and those of today."""

from functools import cache
from pathlib import Path

from essaim.guide.engine.glossary import TermGroup, parse_glossary

GLOSSARY = Path(__file__).resolve().parents[1] / "glossary.yaml"


@cache
def read_glossary() -> tuple[TermGroup, ...]:
    """Return the words of 2010 and those of today."""
    return parse_glossary(GLOSSARY.read_text(encoding="utf-8"))
