"""The list of the people followed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from essaim.accounts.permissions import WORKS_WITH_PEOPLE
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import paris_day
from essaim.kernel.formats import short_day
from essaim.kernel.tables import Column, Empty, Filter, Table
from essaim.people.models import Person
from essaim.people.queries import describe_age, keep_named, keep_status, list_people_for, list_shown_statuses


def _url(person: Person) -> str:
    return reverse("people:person", args=[person.code])


PEOPLE = Table(
    name="personnes suivies",
    noun="personne",
    columns=(
        Column("name", "Personne", "full_name", sort=("search_key",), link=_url, sub=describe_age),
        Column("commune", "Commune", "commune.name", sort=("commune__name", "search_key")),
        Column("referent", "Référent", "referent.full_name", sort=("referent__last_name", "search_key")),
        Column("organisation", "Organisation", "referent_organisation.name", is_secondary=True),
        Column(
            "since",
            "Dossier ouvert le",
            lambda person: paris_day(person.created_at),
            sort=("created_at",),
            show=short_day,
        ),
    ),
    order="name",
    search=keep_named,
    filters=(
        Filter("statut", "Situation", "Toutes les situations", list_shown_statuses, keep_status),
        Filter(
            "suivi",
            "Suivi",
            "Toute l’équipe",
            (("moi", "Suivies par moi"),),
            lambda people, value: people.filter(is_mine=True),
        ),
    ),
    empty=Empty(
        "Personne pour l’instant",
        "Les personnes que votre organisation suit, ou que ses actions accueillent, seront ici.",
    ),
)


@access(WORKS_WITH_PEOPLE)
def person_list(request: MemberRequest) -> HttpResponse:
    """The viewer's people, to filter, sort and export."""
    table = PEOPLE.read(request.GET, list_people_for(request.membership))
    if table.export_format:
        return table.export()
    return render(request, "people/person_list.html", {"table": table})
