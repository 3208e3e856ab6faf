"""The worked examples of the indicator language: one small journal, nine definitions and their values."""

import json
from pathlib import Path

_HERE = Path(__file__)
JOURNAL = _HERE.with_suffix(".jsonl").read_text(encoding="utf-8")
HEADER, *FACTS = [json.loads(line) for line in JOURNAL.splitlines()]
EXAMPLES = json.loads(_HERE.with_suffix(".json").read_text(encoding="utf-8"))
