"""Who the organisations are. Those that a journal declared are seen in its bilans and nowhere else."""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from essaim.directory.engine.declared import DeclaredOrganisation
from essaim.directory.enums import OrganisationOrigin
from essaim.directory.models import Organisation
from essaim.kernel.actors import Actor
from essaim.kernel.french import FrSort, keep_matching


def list_organisations_for(viewer: Actor, *, kinds: Collection[str] = ()) -> QuerySet[Organisation]:
    """The organisations of this instance, with their commune, in French order; of these ``kinds`` when given.

    The directory is common to the members of every organisation: names and public contacts, nothing about
    people. ``name_order`` is there to sort on.
    """
    found = Organisation.objects.filter(origin=OrganisationOrigin.LOCAL).select_related("commune")
    if kinds:
        found = found.filter(kind__in=kinds)
    return found.annotate(name_order=FrSort("name")).order_by("name_order", "pk")


def search_organisations_for(
    viewer: Actor, text: str, *, kinds: Collection[str] = (), limit: int = 20
) -> list[Organisation]:
    """Return the organisations whose name holds each word of ``text``, accents and case aside, or with that
    SIRET.
    """
    found = list_organisations_for(viewer, kinds=kinds)
    digits = "".join(text.split())
    if digits.isdigit() and len(digits) in {9, 14}:
        return list(found.filter(siret__startswith=digits)[:limit])
    return list(keep_matching(found, text, "name")[:limit])


def get_organisation_for(viewer: Actor, ref: str) -> Organisation:
    """Return an organisation of this instance. Raises DoesNotExist, for a journal's own as well."""
    return list_organisations_for(viewer).get(ref=ref)


def get_own_organisation_for(viewer: Actor) -> Organisation:
    """Return the organisation the viewer acts for."""
    return list_organisations_for(viewer).get(pk=viewer.organisation_id)


def get_declared_contents(refs: Iterable[str]) -> dict[str, DeclaredOrganisation]:
    """Return what is already stored under these refs, whoever declared it, for an import to compare."""
    found = Organisation.objects.filter(ref__in=list(refs))
    return {
        ref: DeclaredOrganisation(ref, name, kind, siret, sector, tuple(zones))
        for ref, name, kind, siret, sector, zones in found.values_list(
            "ref", "name", "kind", "siret", "sector", "zones"
        )
    }
