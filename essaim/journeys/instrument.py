"""What journeys offers to practices: entering an action, leaving it; and the tabs that tell a person's
parcours.
"""

from essaim.journeys.queries import count_parcours_for
from essaim.kernel.contract import FactKind, Instrument, Panel, Setting, StepKind

INSTRUMENT = Instrument(
    key="journeys",
    label="Parcours",
    step_kinds=(
        StepKind(
            "journeys.enrolment",
            "Entrée dans l’action",
            emits=("profile_declared", "enrolment_opened"),
            settings=(Setting("tracks", "list", default=(), label="Volets entre lesquels choisir à l’entrée"),),
            screen="journeys:enrol",
        ),
        StepKind(
            "journeys.exit",
            "Sortie de l’action",
            emits=("enrolment_closed",),
            outcomes=(
                "completed",
                "job",
                "training",
                "dropout",
                "excluded",
                "lost",
                "social_support",
                "term",
            ),
            screen="journeys:exit",
        ),
    ),
    fact_kinds=(
        FactKind("profile_declared", "Profil", needs=("person",)),
        FactKind("enrolment_opened", "Entrée dans l’action", needs=("person",)),
        FactKind("enrolment_closed", "Sortie de l’action", needs=("person",)),
        FactKind("org_committed", "Engagement d’une organisation", needs=("organisation",)),
        FactKind("budget_line_recorded", "Ligne de budget"),
    ),
    panels=(
        Panel("person", "strips", "journeys:person_strips", "", order=0),
        Panel("person", "fil", "journeys:person_fil", "Fil", order=10),
        Panel("person", "parcours", "journeys:person_parcours", "Parcours", order=20, count=count_parcours_for),
        Panel("practice", "launches", "journeys:launches", ""),
        Panel("action", "partners", "journeys:partners", "Partenaires et budget", order=60),
        Panel("action", "settings", "journeys:settings", "Réglages", order=90),
    ),
    personal={
        "journeys.Enrolment": "blank",
        "journeys.StepState": "keep",
        "journeys.ActionPartner": "keep",
        "journeys.BudgetLine": "keep",
    },
)
