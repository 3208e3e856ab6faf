"""Territories: the communes and zones where an organisation acts, chosen once."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from essaim.directory.models import Commune, Organisation, Territory, Zone
from essaim.kernel.actors import Actor
from essaim.kernel.errors import OperationError
from essaim.kernel.operations import check_version

LONGEST_NAME = 120


class TerritoryError(OperationError):
    """The territory cannot be saved so."""


def create_territory(
    *,
    organisation: Organisation,
    name: str,
    communes: Iterable[Commune] = (),
    zones: Iterable[Zone] = (),
    by: Actor | None,
    now: datetime,
) -> Territory:
    """Create a territory of this organisation. Communes and zones may be chosen afterwards.

    Refused with TerritoryError: a name missing, too long, or already that of another territory of the
    organisation.
    """
    territory = Territory(organisation=organisation, name=_checked_name(name))
    with transaction.atomic():
        _save(territory)
        territory.communes.set(communes)
        territory.zones.set(zones)
    return territory


def rename_territory(*, territory: Territory, name: str, version: int, by: Actor, now: datetime) -> Territory:
    """Give a territory another name. Raises EditConflict, and TerritoryError as ``create_territory`` does."""
    with transaction.atomic():
        fresh = check_version(territory, version)
        fresh.name = _checked_name(name)
        _save(fresh)
    return fresh


def extend_territory(
    *,
    territory: Territory,
    communes: Iterable[Commune] = (),
    zones: Iterable[Zone] = (),
    by: Actor,
    now: datetime,
) -> None:
    """Add communes and zones to a territory; those it already has change nothing."""
    with transaction.atomic():
        territory.communes.add(*communes)
        territory.zones.add(*zones)


def reduce_territory(
    *,
    territory: Territory,
    communes: Iterable[Commune] = (),
    zones: Iterable[Zone] = (),
    by: Actor,
    now: datetime,
) -> None:
    """Take communes and zones out of a territory; those it does not have change nothing."""
    with transaction.atomic():
        territory.communes.remove(*communes)
        territory.zones.remove(*zones)


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise TerritoryError(f"Écrivez un nom de {LONGEST_NAME} caractères au plus.", field="name")
    return name


def _save(territory: Territory) -> None:
    try:
        with transaction.atomic():
            territory.save()
    except IntegrityError:
        raise TerritoryError("Un autre de vos territoires porte déjà ce nom.", field="name") from None
