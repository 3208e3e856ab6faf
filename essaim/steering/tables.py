"""The lists of steering."""

from typing import Any

from django.urls import reverse

from essaim.journal.models import Action
from essaim.kernel.formats import money, short_day
from essaim.kernel.tables import Column, Empty, Table
from essaim.people.models import Person
from essaim.steering.engine.pooling import NOT_YET, Pooled, pooled_words
from essaim.steering.models import FrozenBilan
from essaim.steering.queries.frozen import Change
from essaim.steering.queries.funders import FundedAction


def _bilan_url(action: Action) -> str:
    return reverse("steering:bilan", args=[action.ref])


def _received_url(frozen: FrozenBilan) -> str:
    return reverse("steering:received", args=[frozen.ref])


def _sent_url(frozen: FrozenBilan) -> str:
    return reverse("steering:sent", args=[frozen.action.ref, frozen.ref])


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


def _pooled(count: Pooled) -> str:
    return pooled_words(count.value, count.hidden)


def _entered(line: FundedAction) -> str:
    return NOT_YET if line.entered is None else str(line.entered)


FUNDED = Table(
    name="actions financées",
    noun="action",
    columns=(
        Column("title", "Action", "action.title", sort=("action.title",), sub=lambda line: line.action.practice.title),
        Column("carrier", "Portée par", "action.organisation.name", sort=("action.organisation.name",)),
        Column("planned", "Budget prévu", "planned", show=money, is_number=True),
        Column("actual", "Réalisé", "actual", show=money, is_number=True),
        Column("entered", "Entrées publiées", _entered, is_number=True),
        Column("lasting", "En emploi durable", lambda line: _pooled(line.lasting), is_number=True),
    ),
    order="title",
    is_exported=False,
    empty=Empty("Aucune action financée", "Les actions que votre organisation finance seront ici."),
)

COHORTS = Table(
    name="cohortes publiées",
    noun="cohorte",
    prefix="c-",
    columns=(
        Column("action", "Action", "action.title", sort=("action.title",)),
        Column("since", "Entrées du", sort=("since",), show=short_day),
        Column("until", "Au", sort=("until",), show=short_day),
        Column("observed_on", "Situation au", sort=("observed_on",), show=short_day),
        Column("published_at", "Publiée le", sort=("published_at",), show=short_day),
        Column("total", "Entrées", lambda cohort: cohort.figures["total"], is_number=True),
    ),
    order="since",
    empty=Empty(
        "Rien n’est encore publié",
        "Les entrées d’un trimestre se lisent trois mois après sa fin, dès qu’elles sont quinze ou plus.",
    ),
)

RECEIVED = Table(
    name="bilans reçus",
    noun="bilan",
    prefix="b-",
    columns=(
        Column("action", "Action", "action.title", sort=("action__title",), link=_received_url),
        Column("sent_at", "Envoyé le", sort=("sent_at",), show=short_day),
        Column("sent_by", "Par", "sent_by.full_name", sort=("sent_by__last_name",)),
        Column("since", "Période du", sort=("since",), show=short_day),
        Column("until", "Au", sort=("until",), show=short_day),
    ),
    order="-sent_at",
    empty=Empty("Aucun bilan reçu", "Ceux que les équipes vous envoient restent ici, tels qu’au jour de l’envoi."),
)

SENT = Table(
    name="bilans envoyés",
    noun="bilan",
    columns=(
        Column("recipient", "Envoyé à", "recipient.name", sort=("recipient__name",), link=_sent_url),
        Column("sent_at", "Le", sort=("sent_at",), show=short_day),
        Column("sent_by", "Par", "sent_by.full_name", sort=("sent_by__last_name",)),
        Column("since", "Période du", sort=("since",), show=short_day),
        Column("until", "Au", sort=("until",), show=short_day),
        Column("observed_on", "Vu le", sort=("observed_on",), show=short_day),
    ),
    order="-sent_at",
    empty=Empty("Aucun bilan envoyé", "Un bilan figé garde les chiffres du jour, même corrigés ensuite."),
)

CHANGES = Table(
    name="bilan envoyé et chiffres d’aujourd’hui",
    noun="indicateur",
    columns=(
        Column("label", "Indicateur"),
        Column("then", "Envoyé", sub=lambda change: change.then_base, is_number=True),
        Column("now", "Aujourd’hui", sub=lambda change: change.now_base, is_number=True),
        Column("has_changed", "Changé"),
        Column("facts", "Faits en cause", lambda change: _facts_words(change)),
    ),
    order="label",
    page_size=200,
    empty=Empty("Aucun indicateur", "La fiche de cette action n’en a pas."),
)


def _facts_words(change: Change) -> str:
    words = [f"{short_day(fact.day)} : {fact.sentence}" for fact in change.facts]
    return " ; ".join(words + ([f"et {change.more_facts} de plus"] if change.more_facts else [])) or "aucun"
