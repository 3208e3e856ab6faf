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
        "journeys.Contact": "keep",
        "journeys.Mentoring": "keep",
        "journeys.TrainingEntry": "blank",
        "journeys.Measure": "blank",
        "journeys.HandOver": "blank",
        "journeys.CommitmentSignature": "blank",
        "journeys.Commitment": "blank",
        "journeys.WaitingEntry": "keep",
        "journeys.Decision": "blank",
        "journeys.Prescription": "blank",
        "journeys.ReviewLine": "blank",
        "journeys.StaffMember": "keep",
        "journeys.Enrolment": "blank",
        "journeys.StepState": "keep",
        "journeys.ActionPartner": "keep",
        "journeys.BudgetLine": "keep",
    },
    blank={
        "journeys.Enrolment": {"override_reason": "effacé"},
        "journeys.ReviewLine": {"words": ""},
        "journeys.Prescription": {"letter": ""},
        "journeys.Decision": {"explanation": ""},
        "journeys.Commitment": {"content": {}},
        "journeys.CommitmentSignature": {"scan": None},
        "journeys.HandOver": {"words": "", "refusal": "effacé"},
        "journeys.Measure": {"label": "effacé"},
        "journeys.TrainingEntry": {"title": "effacé"},
    },
    facts={
        "journeys.Enrolment.opened_fact": "enrolment_opened",
        "journeys.Enrolment.closed_fact": "enrolment_closed",
        "journeys.ActionPartner.committed_fact": "org_committed",
        "journeys.BudgetLine.fact": "budget_line_recorded",
        "journeys.Prescription.fact": "prescription_made",
        "journeys.Decision.fact": "decision_made",
        "journeys.Commitment.fact": "commitment_signed",
        "journeys.Measure.fact": "measure_used",
        "journeys.TrainingEntry.fact": "training_joined",
    },
)
