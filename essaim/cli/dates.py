"""Dates of the command line: YYYY-MM-DD and nothing else (CLI.md)."""

import argparse
import re
from datetime import date

_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(text: str) -> date:
    """Read one date; argparse prints the refusal."""
    try:
        if _FORM.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"« {text} » n’est pas une date AAAA-MM-JJ")
