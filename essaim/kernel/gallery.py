"""Invented content for the gallery of components: people, places and organisations that do not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django import forms

from essaim.kernel.forms import (
    CreateForm,
    DateField,
    EmailField,
    IntegerField,
    MoneyField,
    NoteField,
    PhoneField,
    SiretField,
    TextField,
)
from essaim.kernel.tables import Column, Empty, Filter, Table
from essaim.kernel.templatetags.charts import Step

DISTRICTS = (("tilleuls", "Les Tilleuls"), ("moulin", "Le Moulin"), ("port", "Vieux-Port"))
FIRST_NAMES = (
    "Yanis",
    "Enzo",
    "Amandine",
    "Inès",
    "Léa",
    "Sofiane",
    "Karim",
    "Awa",
    "Chloé",
    "Moussa",
    "Élodie",
    "Tom",
)
LAST_NAMES = (
    "Belmoudi",
    "Maradel",
    "Corvel",
    "Kadrani",
    "Fontarel",
    "Touréli",
    "Oustali",
    "Sissoran",
    "Vasserin",
)
INVENTED_PEOPLE = 64


@dataclass(frozen=True, slots=True)
class Participant:
    """A line of the gallery's table."""

    pk: int
    name: str
    district: str
    steps_done: int
    presence: int | None
    last_contact: date | None
    allowance: Decimal


def list_participants(today: date) -> list[Participant]:
    """Return the same 64 invented participants at each call."""
    return [
        Participant(
            pk=number,
            name=f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {LAST_NAMES[(number * 5) % len(LAST_NAMES)]}",
            district=DISTRICTS[number % len(DISTRICTS)][0],
            steps_done=number % 7,
            presence=None if number % 11 == 0 else 20 - number % 9,
            last_contact=None if number % 13 == 0 else today - timedelta(days=(number * 3) % 40),
            allowance=Decimal(number * 37 % 900) + Decimal("0.50") * (number % 2),
        )
        for number in range(1, INVENTED_PEOPLE + 1)
    ]


def district_of(participant: Participant) -> str:
    return dict(DISTRICTS)[participant.district]


PARTICIPANTS = Table(
    name="participants inventés",
    noun="participant",
    columns=(
        Column("name", "Personne", sort=("name",), link=lambda row: f"#p{row.pk}", sub=district_of),
        Column("steps", "Parcours", "steps_done", sort=("steps_done",), template="kernel/gallery/_path.html"),
        Column("presence", "Présence", sort=("presence",), is_number=True, is_secondary=True),
        Column(
            "contact",
            "Dernier contact",
            "last_contact",
            sort=("last_contact",),
            template="kernel/gallery/_contact.html",
        ),
        Column(
            "allowance",
            "Aides versées",
            sort=("allowance",),
            is_number=True,
            template="kernel/gallery/_money.html",
        ),
    ),
    order="name",
    search=("name",),
    filters=(
        Filter(
            "quartier",
            "Quartier",
            "Tous les quartiers",
            DISTRICTS,
            lambda rows, value: [row for row in rows if row.district == value],
        ),
    ),
    actions=lambda row: [("Noter un contact", f"#p{row.pk}")],
    empty=Empty("Personne pour l’instant", "Les personnes inscrites seront ici.", "#ajouter", "Inscrire quelqu’un"),
    page_size=10,
)
EMPTY_TABLE = Table(
    name="prescriptions",
    noun="prescription",
    columns=(Column("name", "Personne"),),
    order="name",
    prefix="vide-",
    is_exported=False,
    empty=Empty(
        "Aucune prescription en attente",
        "Les partenaires orientent ici vers l’action ; la dernière demande a reçu sa réponse hier.",
        "#inviter",
        "Inviter un prescripteur",
    ),
)


class GalleryForm(CreateForm):
    """Every kind of field."""

    fieldsets = [
        ("Qui est-ce ?", [("first_name", "last_name"), "birth_date", ("phone", "email")]),
        ("D’où vient-elle ?", ["origin", "way", "needs", "note"]),
        ("Le contrat", ["siret", ("places", "amount"), "is_told"]),
    ]
    first_name = TextField(label="Prénom", max_length=80)
    last_name = TextField(label="Nom", max_length=80)
    birth_date = DateField(
        label="Date de naissance", help_text="Jour, mois, année : 28/02/2004", latest=date(2015, 1, 1)
    )
    phone = PhoneField(label="Téléphone", required=False)
    email = EmailField(label="Adresse électronique", required=False)
    origin = forms.ChoiceField(
        label="Orientée par",
        choices=[
            ("", "Choisir"),
            ("ml", "Mission locale des Trois-Rives"),
            ("ft", "France Travail, Port-Aubry"),
        ],
        help_text="Le prescripteur recevra la décision et les étapes, jamais les notes.",
    )
    way = forms.ChoiceField(
        label="Préfère être jointe",
        choices=[("sms", "Par SMS"), ("phone", "Par téléphone"), ("mail", "Par courriel")],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label="Freins",
        required=False,
        choices=[("mobility", "Mobilité"), ("care", "Garde d’enfant"), ("housing", "Logement")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Plusieurs réponses possibles.",
    )
    note = NoteField(label="Note", required=False, help_text="Pour l’équipe référente seulement.")
    siret = SiretField(label="SIRET de l’entreprise", help_text="14 chiffres, par exemple sur une facture.")
    places = IntegerField(label="Places", min_value=1, max_value=500)
    amount = MoneyField(label="Budget, en euros", required=False)
    is_told = forms.BooleanField(label="Je l’ai informée de ce dossier et de ses droits")


WRONG_ANSWERS: dict[str, str | list[str]] = {
    "form_key": "11111111-2222-4333-8444-555555555555",
    "first_name": "Sofian",
    "last_name": "",
    "birth_date": "31/02/2004",
    "phone": "06 12",
    "origin": "ml",
    "way": "sms",
    "needs": ["mobility"],
    "note": "À l’aise au téléphone depuis l’atelier.",
    "siret": "123 456 789 00012",
    "places": "douze",
    "amount": "1 234,50",
}

PATH = [
    Step("Orientation", "done", "18 septembre"),
    Step("Entretien initial", "done", "24 septembre"),
    Step("Contrat de club", "done", "5 octobre"),
    Step("Semaine 1", "done", "du 5 au 9 octobre"),
    Step("Au club", "current", "semaine 6 sur 12"),
    Step("Sortie", "next", "avant le 4 janvier"),
    Step("Point à 3 mois", "next", "avril"),
]
STAGES = [("Orientés", 97), ("Reçus en entretien", 81), ("Entrés au club", 64), ("Emploi ou formation", 38)]
SITUATIONS = [
    ("Emploi durable", 22, ""),
    ("Contrat court", 12, "c-short"),
    ("Formation", 4, "c-training"),
    ("Au club aujourd’hui", 16, "c-club"),
    ("En recherche, suivis", 8, "c-search"),
    ("Sans nouvelle, à rappeler", 2, "c-lost"),
]
DAYS = [
    (
        "Jeudi 19 novembre",
        [
            {
                "icon": "presence",
                "tone": "good",
                "sentence": "Présente à l’atelier CV (3 h).",
                "by": "Nadia Serrault, 12 h 05",
            },
            {
                "icon": "briefcase",
                "sentence": "CV transmis à Logis Express pour « préparatrice de commandes ».",
                "note": "Réponse attendue sous 5 jours ; l’entreprise répond par un lien.",
                "by": "Romain Delaunoy, chargé des entreprises, 16 h 20",
            },
        ],
    ),
    (
        "Semaine du 9 novembre",
        [
            {
                "icon": "phone",
                "tone": "attn",
                "sentence": "Sans nouvelle depuis 14 jours : rappelée, revenue le lendemain.",
                "by": "Alerte de la fiche, close par Nadia Serrault",
            },
            {
                "icon": "hand",
                "tone": "key",
                "sentence": "Contrat de club signé pour 3 mois.",
                "by": "5 octobre",
                "url": "#contrat",
            },
        ],
    ),
]
FACTS = [
    ("target", "Projet", "Logistique, préparation de commandes"),
    ("pin", "Trajet accepté", "1 heure en bus, retour avant 21 h"),
    ("phone", "Téléphone", ""),
]
