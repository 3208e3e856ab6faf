"""Territories: each organisation sees its own."""

from django.db.models import Prefetch, Q, QuerySet

from essaim.directory.models import Commune, Territory, Zone
from essaim.kernel.actors import Actor
from essaim.kernel.french import FrSort, keep_matching


def list_territories_for(viewer: Actor) -> QuerySet[Territory]:
    """The territories of the viewer's organisation, with their communes and zones, in French order."""
    communes = Prefetch("communes", Commune.objects.order_by("name", "code"))
    zones = Prefetch("zones", Zone.objects.order_by("name", "code"))
    found = Territory.objects.filter(organisation_id=viewer.organisation_id).prefetch_related(communes, zones)
    return found.annotate(name_order=FrSort("name")).order_by("name_order", "pk")


def narrow_territories(territories: QuerySet[Territory], text: str) -> QuerySet[Territory]:
    """Keep the territories in which each word of ``text`` is in the name, or in the name of one commune."""
    named = keep_matching(Territory.objects.all(), text, "name").values("pk")
    in_communes = keep_matching(Commune.objects.all(), text, "name").values("pk")
    members = Territory.communes.through.objects.filter(commune__in=in_communes).values("territory")
    return territories.filter(Q(pk__in=named) | Q(pk__in=members))


def get_territory_for(viewer: Actor, pk: int) -> Territory:
    """Return a territory of the viewer's organisation. Raises Territory.DoesNotExist for any other."""
    return list_territories_for(viewer).get(pk=pk)
