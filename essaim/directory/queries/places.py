"""Communes and dated zones."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Length

from essaim.directory.models import Commune, Territory, Zone
from essaim.kernel.errors import OperationError
from essaim.kernel.french import FrSort, keep_matching, tidy_search

MOST_SUGGESTED = 5
MOST_FOUND = 20
_CODE = re.compile(r"[0-9][0-9AB][0-9]{0,3}")


ZONE_STATES = (("open", "en vigueur"), ("closed", "fermée"), ("later", "à venir"))
LONGEST_KEY = 19  # digits of a 64-bit key


@dataclass(frozen=True, slots=True)
class Places:
    """Communes and zones together, as a territory holds them."""

    communes: list[Commune]
    zones: list[Zone]
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.communes and not self.zones


class CommuneNotFoundError(OperationError):
    """No commune, or several, by that name: the message says what to write."""


def search_communes(text: str, *, near: Collection[str] = (), limit: int = MOST_FOUND) -> list[Commune]:
    """Return the communes by name (each word, accents and case aside), postcode or INSEE code.

    First the one so named, then those of the departments ``near``, then those whose name starts so.
    """
    text = tidy_search(text)
    if not text:
        return []
    if text[:1].isdigit() and " " not in text:
        return list(_by_code(text)[:limit])
    name = FrSort(Value(text))
    nearness = Case(
        When(name_order=name, then=Value(0)),
        When(department__in=near, then=Value(1)),
        When(name_order__startswith=name, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found = keep_matching(Commune.objects.annotate(name_order=FrSort("name")), text, "name")
    return list(found.annotate(nearness=nearness).order_by("nearness", Length("name"), "name_order", "code")[:limit])


def _by_code(text: str) -> QuerySet[Commune]:
    found = Commune.objects.annotate(name_order=FrSort("name")).order_by("name_order", "code")
    if len(text) == 5:
        return found.filter(Q(postcodes__contains=[text]) | Q(code=text.upper()))
    return found.filter(code__startswith=text.upper())


def read_commune(text: str) -> Commune | None:
    """Return the one commune meant by « Marseille », « Saint-Denis (974) », « 13055 » or « 13001 Marseille ».

    None for an empty text. Raises CommuneNotFoundError when there is none, or several (some are named).
    """
    text = tidy_search(text.replace("(", " ").replace(")", " "))
    if not text:
        return None
    codes = [word.upper() for word in text.split() if _CODE.fullmatch(word.upper())]
    name = " ".join(word for word in text.split() if word.upper() not in codes)
    found = Commune.objects.all()
    if name:
        found = found.annotate(name_order=FrSort("name")).filter(name_order=FrSort(Value(name)))
    for code in codes:
        found = found.filter(Q(code=code) | Q(department=code) | Q(postcodes__contains=[code]))
    matches = list(found.order_by("code")[: MOST_SUGGESTED + 1])
    if len(matches) > 1:
        raise CommuneNotFoundError(_several(matches), field="commune")
    if not matches:
        raise CommuneNotFoundError(_none(name or text), field="commune")
    return matches[0]


def _several(matches: list[Commune]) -> str:
    names = ", ".join(f"{commune.name} ({commune.code})" for commune in matches[:MOST_SUGGESTED])
    more = "…" if len(matches) > MOST_SUGGESTED else ""
    return f"Plusieurs communes correspondent : {names}{more}. Écrivez le code entre parenthèses."


def _none(text: str) -> str:
    near = search_communes(text, limit=MOST_SUGGESTED)
    if not near:
        return "Aucune commune ne porte ce nom. Vérifiez l’orthographe, ou écrivez le code postal."
    names = ", ".join(str(commune) for commune in near)
    return f"Aucune commune ne porte exactement ce nom. Peut-être : {names} ?"


def list_zones(*, kind: str = "") -> QuerySet[Zone]:
    """Every zone with its communes, in French order; ``name_order`` is there to sort on."""
    communes = Prefetch("communes", Commune.objects.order_by("name", "code"))
    found = Zone.objects.annotate(name_order=FrSort("name")).prefetch_related(communes)
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("name_order", "since", "pk")


def zones_in_force(zones: QuerySet[Zone], day: date) -> QuerySet[Zone]:
    """Keep the zones in force that day, both ends included."""
    return zones.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


def keep_zones_in_state(zones: QuerySet[Zone], state: str, day: date) -> QuerySet[Zone]:
    """Keep the zones in force that day, closed before it, or not yet in force: a value of ``ZONE_STATES``."""
    if state == "closed":
        return zones.filter(until__lt=day)
    if state == "later":
        return zones.filter(since__gt=day)
    return zones_in_force(zones, day)


def narrow_zones(zones: QuerySet[Zone], text: str) -> QuerySet[Zone]:
    """Keep the zones in which each word of ``text`` is in the name, the code, or the name of one commune."""
    in_communes = keep_matching(Commune.objects.all(), text, "name").values("pk")
    named = keep_matching(Zone.objects.all(), text, "name", "code").values("pk")
    members = Zone.communes.through.objects.filter(commune__in=in_communes).values("zone")
    return zones.filter(Q(pk__in=named) | Q(pk__in=members))


def search_zones(text: str, *, on: date, limit: int = MOST_FOUND) -> list[Zone]:
    """Return the zones in force that day whose name, code or commune holds each word of ``text``."""
    if not text.strip():
        return []
    return list(narrow_zones(zones_in_force(list_zones(), on), text)[:limit])


def search_places(text: str, *, beside: Territory, on: date) -> Places:
    """Return the communes and the zones in force that day matching ``text``, less those the territory has."""
    has_communes = {commune.pk for commune in beside.communes.all()}
    has_zones = {zone.pk for zone in beside.zones.all()}
    near = {commune.department for commune in beside.communes.all()}
    communes, zones = search_communes(text, near=near), search_zones(text, on=on)
    return Places(
        communes=[found for found in communes if found.pk not in has_communes],
        zones=[found for found in zones if found.pk not in has_zones],
        is_cut=MOST_FOUND in {len(communes), len(zones)},
    )


def get_places(*, communes: Iterable[str], zones: Iterable[str]) -> Places:
    """Return the communes of these INSEE codes and the zones of these keys; what is unknown is left aside."""
    keys = [int(key) for key in zones if key.isascii() and key.isdigit() and len(key) < LONGEST_KEY]
    codes = [code for code in communes if code.isascii() and code.isalnum()]
    return Places(
        communes=list(Commune.objects.filter(pk__in=codes).order_by("name")),
        zones=list(Zone.objects.filter(pk__in=keys).order_by("name")),
    )
