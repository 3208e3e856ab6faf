"""Addresses made plain, to find one however it was typed."""

from __future__ import annotations

import re

from essaim.kernel.engine.sheets import fold_heading

LONGEST_KEY = 250
WORDS = {
    "all": "allee",
    "av": "avenue",
    "ave": "avenue",
    "bd": "boulevard",
    "bld": "boulevard",
    "boul": "boulevard",
    "bvd": "boulevard",
    "ch": "chemin",
    "che": "chemin",
    "chem": "chemin",
    "crs": "cours",
    "fg": "faubourg",
    "fbg": "faubourg",
    "imp": "impasse",
    "lot": "lotissement",
    "pl": "place",
    "qu": "quai",
    "r": "rue",
    "res": "residence",
    "rte": "route",
    "sq": "square",
    "st": "saint",
    "ste": "sainte",
    "trav": "traverse",
}
_NUMBER = re.compile(r"([0-9]+)(bis|ter|quater|[a-d])", re.IGNORECASE)


def address_key(address: str) -> str:
    """Return an address in plain lower case, its abbreviations written out: « 12bis, av. St-Just » gives
    ``12 bis avenue saint just``.
    """
    words = fold_heading(_NUMBER.sub(r"\1 \2 ", address).replace("œ", "oe")).split("_")
    return " ".join(WORDS.get(word, word) for word in words)[:LONGEST_KEY].strip()
