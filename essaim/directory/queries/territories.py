"""Territories: each organisation sees its own."""

from django.db.models import Prefetch, QuerySet

from essaim.directory.models import Commune, Territory, Zone
from essaim.kernel.actors import Actor
from essaim.kernel.french import FrSort


def list_territories_for(viewer: Actor) -> QuerySet[Territory]:
    """The territories of the viewer's organisation, with their communes and zones, in French order."""
    communes = Prefetch("communes", Commune.objects.order_by("name", "code"))
    zones = Prefetch("zones", Zone.objects.order_by("name", "code"))
    found = Territory.objects.filter(organisation_id=viewer.organisation_id).prefetch_related(communes, zones)
    return found.annotate(name_order=FrSort("name")).order_by("name_order", "pk")


def get_territory_for(viewer: Actor, pk: int) -> Territory:
    """Return a territory of the viewer's organisation. Raises Territory.DoesNotExist for any other."""
    return list_territories_for(viewer).get(pk=pk)
