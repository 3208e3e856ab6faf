"""Organisations: ours, typed in once; those that an imported journal declares."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction

from essaim.directory.engine.declared import DeclaredOrganisation
from essaim.directory.engine.siret import SiretError, read_siret
from essaim.directory.enums import OrganisationKind, OrganisationOrigin, Sector, ZoneKind
from essaim.directory.models import Commune, Organisation
from essaim.kernel.actors import Actor
from essaim.kernel.errors import OperationError
from essaim.kernel.operations import check_version

LONGEST_NAME = 200
SIRET_MESSAGES = {
    "format": "Un SIRET ne contient que des chiffres.",
    "length": "Un SIRET compte 14 chiffres.",
    "checksum": "Ce SIRET n’existe pas : un chiffre est sans doute faux. Vérifiez-le.",
}


class OrganisationError(OperationError):
    """The organisation cannot be saved so."""


class Details(TypedDict, total=False):
    """What may be known of an organisation beside its name and kind."""

    siret: str
    sector: str
    zones: Sequence[str]
    commune: Commune | None
    address: str
    phone: str
    email: str


def create_organisation(
    *, name: str, kind: str, by: Actor | None, now: datetime, **details: Unpack[Details]
) -> Organisation:
    """Create an organisation of this instance. ``by`` is None for the operator's command and the
    demonstration.

    Refused with OrganisationError, on the field at fault: a name missing or longer than 200 characters, an
    unknown kind, sector or zone, a wrong SIRET, a SIRET that another organisation has (it is named).
    """
    organisation = Organisation(origin=OrganisationOrigin.LOCAL, created_at=now)
    with transaction.atomic():
        _fill(organisation, name=name, kind=kind, details=details)
        _save(organisation)
    return organisation


def update_organisation(
    *,
    organisation: Organisation,
    name: str,
    kind: str,
    version: int,
    by: Actor,
    now: datetime,
    **details: Unpack[Details],
) -> Organisation:
    """Change an organisation of this instance; details left out stay as they are. Return it fresh.

    Refused as ``create_organisation`` does, with EditConflict when someone else saved it since ``version``,
    and for an organisation that a journal declared, which nobody changes.
    """
    with transaction.atomic():
        fresh = check_version(organisation, version)
        if fresh.origin != OrganisationOrigin.LOCAL:
            raise OrganisationError("Cette organisation vient d’un journal importé : elle ne se modifie pas.")
        _fill(fresh, name=name, kind=kind, details=details)
        _save(fresh)
    return fresh


def declare_organisations(*, rows: Iterable[DeclaredOrganisation], now: datetime) -> dict[str, int]:
    """Store the organisations of a journal's header, in bulk, and return the primary key of each by ref.

    A ref already known is left untouched, whoever declared it: the import compares contents first
    (``queries.get_declared_contents``). Two imports at once declare each ref once. The rows have already been
    validated; the database still refuses an unknown form.
    """
    declared = {row.ref: row for row in rows}
    Organisation.objects.bulk_create(
        [
            Organisation(
                ref=row.ref,
                origin=OrganisationOrigin.JOURNAL,
                name=row.name,
                kind=row.kind,
                siret=row.siret,
                sector=row.sector,
                zones=list(row.zones),
                created_at=now,
            )
            for row in declared.values()
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )
    return dict(Organisation.objects.filter(ref__in=declared).values_list("ref", "pk"))


def _fill(organisation: Organisation, *, name: str, kind: str, details: Details) -> None:
    organisation.name = " ".join(name.split())
    if not organisation.name or len(organisation.name) > LONGEST_NAME:
        raise OrganisationError(f"Écrivez un nom de {LONGEST_NAME} caractères au plus.", field="name")
    if kind not in OrganisationKind.values:
        raise OrganisationError("Choisissez un type d’organisation de la liste.", field="kind")
    organisation.kind = kind
    if "siret" in details:
        organisation.siret = _checked_siret(details["siret"])
    if "sector" in details:
        if details["sector"] and details["sector"] not in Sector.values:
            raise OrganisationError("Choisissez un secteur de la liste.", field="sector")
        organisation.sector = details["sector"]
    if "zones" in details:
        if not set(details["zones"]) <= set(ZoneKind.values):
            raise OrganisationError("Choisissez des zones de la liste.", field="zones")
        organisation.zones = sorted(set(details["zones"]))
    if "commune" in details:
        organisation.commune = details["commune"]
    organisation.address = details.get("address", organisation.address)
    organisation.phone = details.get("phone", organisation.phone)
    organisation.email = details.get("email", organisation.email)


def _checked_siret(text: str) -> str:
    try:
        return read_siret(text)
    except SiretError as fault:
        raise OrganisationError(SIRET_MESSAGES[fault.reason], field="siret") from None


def _save(organisation: Organisation) -> None:
    _refuse_taken_siret(organisation)
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        _refuse_taken_siret(organisation)
        raise


def _refuse_taken_siret(organisation: Organisation) -> None:
    if not organisation.siret:
        return
    others = Organisation.objects.filter(origin=OrganisationOrigin.LOCAL, siret=organisation.siret)
    other = others.exclude(pk=organisation.pk).first()
    if other is not None:
        raise OrganisationError(f"Ce SIRET est déjà celui de « {other.name} ».", field="siret")
