"""« Conservation »: the files whose keeping ends, for those who answer for them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from essaim.accounts.permissions import MANAGES_ORGANISATION
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.formats import long_day
from essaim.kernel.tables import Column, Empty, Filter, Table
from essaim.privacy.queries import DueFile, list_due_files_for

STAGES = (("prevenir", "À prévenir"), ("suivie", "Encore suivie"), ("effacer", "Effacée cette nuit"))


def _url(due: DueFile) -> str:
    return reverse("people:person", args=[due.person.code])


def _stage(due: DueFile) -> str:
    return "suivie" if due.is_followed else "prevenir" if due.standing.stage == "warn" else "effacer"


def _what(due: DueFile) -> str:
    if due.is_followed:
        return "Gardée tant qu’elle est suivie : demandez-lui des nouvelles"
    if due.standing.stage == "warn":
        return f"Identité effacée le {long_day(due.standing.due)}"
    return "Archive restreinte cette nuit" if due.standing.stage == "archive" else "Identité effacée cette nuit"


def _actions(due: DueFile) -> list[tuple[str, str]]:
    try:
        return [("Elle a donné des nouvelles", reverse("journeys:contact_new", args=[due.person.code]))]
    except NoReverseMatch:
        return []


KEEPING = Table(
    name="conservation",
    noun="dossier",
    columns=(
        Column("person", "Personne", "person.full_name", sort=("person.search_key",), link=_url),
        Column("contact", "Dernier contact de la personne", "standing.last_contact", sort=("standing.last_contact",)),
        Column("what", "Ce qui va se passer", _what, sort=("standing.due",)),
        Column("referent", "Référent", "person.referent.full_name", is_secondary=True),
    ),
    order="what",
    filters=(
        Filter("etape", "Étape", "Toutes", STAGES, lambda rows, value: [row for row in rows if _stage(row) == value]),
    ),
    empty=Empty(
        "Aucun dossier n’arrive à son terme",
        "Un dossier est annoncé ici trente jours avant les deux ans qui suivent le dernier contact de la personne.",
    ),
    actions=_actions,
)


@access(MANAGES_ORGANISATION)
def keeping(request: MemberRequest) -> HttpResponse:
    """Who is to be told, and by when."""
    table = KEEPING.read(request.GET, list_due_files_for(request.membership, today()))
    if table.export_format:
        return table.export()
    return render(request, "privacy/keeping.html", {"table": table})
