"""What an address asks of the catalogue, and the addresses of its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from essaim.guide.engine.catalogue import THEME_KEYS, theme_key
from essaim.guide.engine.finding import LENGTHS, NO_EFFECT, TEAMS, UNTOLD, Wanted
from essaim.guide.engine.schema import EFFECTS, PUBLICS
from essaim.guide.queries import read_need_phrases, step_kind_labels
from essaim.guide.queries.catalogue_words import SORTS

LONGEST_SEARCH = 100
MOST_COMPARED = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """The words, the choices and the sort of an address; what it says wrongly asks nothing. ``chosen``: to compare."""

    words: str
    wanted: Wanted
    sort: str
    chosen: tuple[str, ...]

    def parameters(self, **changes: str) -> dict[str, str]:
        """The parameters of this address, some changed; those that ask nothing are left out."""
        wanted = self.wanted
        found = {
            "q": self.words,
            "theme": theme_key(wanted.theme) if wanted.theme else "",
            "besoin": wanted.need,
            "public": wanted.public,
            "effet": wanted.effect,
            "duree": wanted.length,
            "equipe": wanted.team,
            "etape": wanted.step,
            "cout_min": _written(wanted.cost_min),
            "cout_max": _written(wanted.cost_max),
            "tri": self.sort,
        } | changes
        return {key: value for key, value in found.items() if value}

    def address(self, chosen: tuple[str, ...] | None = None, **changes: str) -> str:
        """The query of this address, some parameters changed."""
        pairs = [*self.parameters(**changes).items(), *(("avec", slug) for slug in chosen or ())]
        return f"?{urlencode(pairs)}"

    def toggled(self, slug: str) -> str:
        """The query of this address with this fiche put among those to compare, or taken from them."""
        if slug in self.chosen:
            return self.address(tuple(other for other in self.chosen if other != slug))
        return self.address((*self.chosen, slug)[-MOST_COMPARED:])


def read_asked(data: QueryDict) -> Asked:
    """Return what the query asks of the catalogue."""
    wanted = Wanted(
        theme=THEME_KEYS.get(data.get("theme", ""), ""),
        need=_among(data, "besoin", {need.key for need in read_need_phrases()}),
        public=_among(data, "public", PUBLICS),
        effect=_among(data, "effet", (*EFFECTS, NO_EFFECT)),
        length=_among(data, "duree", (*LENGTHS, UNTOLD)),
        team=_among(data, "equipe", (*TEAMS, UNTOLD)),
        step=_among(data, "etape", step_kind_labels()),
        cost_min=_amount(data, "cout_min"),
        cost_max=_amount(data, "cout_max"),
    )
    words = data.get("q", "").replace("\x00", " ")[:LONGEST_SEARCH].strip()
    chosen = tuple(dict.fromkeys(slug[:64] for slug in data.getlist("avec") if slug))[:MOST_COMPARED]
    return Asked(words, wanted, _among(data, "tri", SORTS), chosen)


def options(labels: Mapping[str, str], counts: Mapping[str, int], chosen: str) -> list[tuple[str, str, int, bool]]:
    """Return the choices of a filter that fiches have, or that is chosen: (value, label, how many, is chosen)."""
    return [
        (value, label, counts.get(value, 0), value == chosen)
        for value, label in labels.items()
        if counts.get(value) or value == chosen
    ]


def _among(data: QueryDict, key: str, known: object) -> str:
    value = data.get(key, "")
    return value if value in known else ""  # type: ignore[operator]


def _amount(data: QueryDict, key: str) -> float | None:
    text = data.get(key, "").replace(",", ".").strip()
    if not text or len(text) > 9 or not text.replace(".", "", 1).isdecimal() or not text.isascii():
        return None
    return float(text)


def _written(amount: float | None) -> str:
    return "" if amount is None else f"{amount:g}"
