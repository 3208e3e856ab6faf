"""The list of the people followed, and the same with how to reach them, as a file."""

from dataclasses import replace

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from essaim.accounts.models import Membership
from essaim.accounts.permissions import WORKS_WITH_PEOPLE, note_read
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import paris_day
from essaim.kernel.formats import short_day
from essaim.kernel.tables import Column, Empty, Filter, Table, TableView
from essaim.people.models import Person
from essaim.people.permissions import shows_sensitive
from essaim.people.queries import (
    describe_age,
    keep_followed_by,
    keep_named,
    keep_status,
    list_people_for,
    list_possible_referents,
    list_shown_statuses,
)

MINE = "moi"


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
    filters=(Filter("statut", "Situation", "Toutes les situations", list_shown_statuses, keep_status),),
    empty=Empty(
        "Personne pour l’instant",
        "Les personnes que votre organisation suit, ou que ses actions accueillent, seront ici.",
    ),
)

# Where someone lives is for her referent team, like on her page.
CONTACTS = (
    Column("code", "Identifiant"),
    Column("last_name", "Nom"),
    Column("first_name", "Prénom"),
    Column("birth_date", "Date de naissance"),
    Column("phone", "Téléphone"),
    Column("email", "Adresse électronique"),
    Column("contact_preference", "Préfère être jointe", lambda person: person.get_contact_preference_display()),
    Column("address", "Adresse", lambda person: person.address if shows_sensitive(person) else ""),
    Column("postcode", "Code postal", lambda person: person.postcode if shows_sensitive(person) else ""),
    Column("commune", "Commune", "commune.name", sort=("commune__name", "search_key")),
    Column("name", "Nom complet", "full_name", sort=("search_key",), is_exported=False),
    *PEOPLE.columns[2:],
)


@access(WORKS_WITH_PEOPLE)
def person_list(request: MemberRequest) -> HttpResponse:
    """The viewer's people, to filter, sort and export."""
    table = _for(request.membership, PEOPLE).read(request.GET, list_people_for(request.membership))
    if table.export_format:
        return table.export()
    return render(request, "people/person_list.html", {"table": table, "others": _others(table)})


@access(WORKS_WITH_PEOPLE)
def contacts(request: MemberRequest) -> HttpResponse:
    """The rows of the list with how to reach each person, as a file."""
    shape = replace(_for(request.membership, PEOPLE), name="personnes et coordonnées", columns=CONTACTS)
    table = shape.read(request.GET, list_people_for(request.membership))
    if not table.export_format:
        raise Http404
    note_read(request, "person_contacts", request.membership.organisation.ref)
    return table.export()


def _for(viewer: Membership, table: Table) -> Table:
    colleagues = [(str(user.uuid), user.full_name) for user in list_possible_referents(viewer) if user != viewer.user]
    followed = Filter("suivi", "Suivi", "Toute l’équipe", [(MINE, "Suivies par moi"), *colleagues], _keep_followed)
    return replace(table, filters=(*table.filters, followed))


def _keep_followed(people: QuerySet[Person], value: str) -> QuerySet[Person]:
    if value == MINE:
        return people.filter(is_mine=True)  # type: ignore[misc]
    return keep_followed_by(people, value)


def _others(table: TableView) -> list[tuple[str, str]]:
    page = reverse("people:contacts")
    files = [(f"Exporter avec les coordonnées, {label}", f"{page}{url}") for label, url in table.exports]
    pages = [
        ("Importer un fichier", reverse("people:import_new")),
        ("Doublons possibles", reverse("people:duplicates")),
    ]
    return [*pages, *files]
