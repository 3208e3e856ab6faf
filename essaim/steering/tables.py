"""The lists of steering."""

from typing import Any

from django.urls import reverse

from essaim.journal.models import Action
from essaim.kernel.formats import short_day
from essaim.kernel.tables import Column, Empty, Table
from essaim.people.models import Person


def _bilan_url(action: Action) -> str:
    return reverse("steering:bilan", args=[action.ref])


def _person_url(person: Person) -> str:
    return reverse("people:person", args=[person.code])


def _carrier(action: Action) -> str:
    return action.organisation.name if action.organisation else "journal importé"


def _places(action: Any) -> str:
    return f"{action.taken} sur {action.places}" if action.places else str(action.taken)


ACTIONS = Table(
    name="bilans",
    noun="action",
    columns=(
        Column("title", "Action", sort=("title",), link=_bilan_url, sub=lambda action: action.practice.title),
        Column("carrier", "Portée par", _carrier, sort=("organisation__name",)),
        Column("starts", "Début", sort=("starts",), show=short_day),
        Column("ends", "Fin", sort=("ends",), show=short_day),
        Column("taken", "Dans l’action aujourd’hui", _places, sort=("taken",), is_number=True),
    ),
    search=("title", "practice__title"),
    order="-starts",
    empty=Empty(
        "Aucune action pour l’instant",
        "Le bilan d’une action se lit dès son lancement, à côté des chiffres que le guide a publiés.",
        "/guide/",
        "Lire le guide",
    ),
)

NOBODY = Empty("Personne derrière ce chiffre", "À ces dates, aucun fait d’une personne n’entre dans cet indicateur.")

PEOPLE = Table(
    name="personnes derrière un chiffre",
    noun="personne",
    columns=(
        Column("name", "Personne", "full_name", sort=("search_key",), link=_person_url),
        Column("commune", "Commune", "commune.name", sort=("commune__name",)),
        Column("referent", "Référent", "referent.full_name", sort=("referent__last_name",)),
    ),
    order="name",
    empty=NOBODY,
)

SUBJECTS = Table(
    name="pseudonymes derrière un chiffre",
    noun="personne",
    columns=(Column("ref", "Pseudonyme", sort=("ref",)),),
    order="ref",
    empty=NOBODY,
)
