"""The zones and the dates they are in force."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst

from essaim.directory.enums import ZoneKind
from essaim.directory.models import Zone
from essaim.directory.permissions import MEMBER
from essaim.directory.queries import ZONE_STATES, keep_zones_in_state, narrow_zones
from essaim.directory.queries import list_zones as every_zone
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.formats import short_day
from essaim.kernel.tables import Column, Empty, Filter, Table

SHORT_KINDS = [(kind.value, kind.name) for kind in ZoneKind]


def communes_of(zone: Zone) -> str:
    return ", ".join(str(commune) for commune in zone.communes.all())


ZONES = Table(
    name="quartiers et zones",
    noun="zone",
    columns=(
        Column("name", "Nom", sort=("name_order",)),
        Column("kind", "Type", "get_kind_display", sort=("kind",), show=capfirst),
        Column("code", "Code", sort=("code",)),
        Column("communes", "Communes", communes_of),
        Column("since", "Depuis le", sort=("since",), show=short_day),
        Column("until", "Jusqu’au", sort=("until",), template="directory/_zone_end.html"),
    ),
    filters=(
        Filter(
            "type",
            "Type de zone",
            "Tous les types",
            SHORT_KINDS,
            lambda rows, kind: rows.filter(kind=kind),
        ),
        Filter(
            "etat",
            "État",
            "En vigueur ou non",
            ZONE_STATES,
            lambda rows, state: keep_zones_in_state(rows, state, today()),
        ),
    ),
    search=narrow_zones,
    search_label="Nom, code ou commune",
    order="name",
    empty=Empty(
        "Aucune zone pour l’instant",
        "Les quartiers prioritaires et les zones franches seront ici dès que l’exploitant de l’instance aura "
        "importé leurs listes officielles.",
    ),
)


@access(MEMBER)
def list_zones(request: MemberRequest) -> HttpResponse:
    table = ZONES.read(request.GET, every_zone())
    if table.export_format:
        return table.export()
    return render(request, "directory/zone_list.html", {"table": table})
