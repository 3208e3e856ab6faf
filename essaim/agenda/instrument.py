"""What agenda offers to practices: individual interviews and sessions; the watches on them; the tabs that show them."""

from essaim.kernel.contract import FactKind, Instrument, Setting, StepKind

INSTRUMENT = Instrument(
    key="agenda",
    label="Agenda",
    step_kinds=(
        StepKind(
            "agenda.interview",
            "Entretien individuel",
            emits=("interview_held",),
            settings=(
                Setting("type", "choice", default="followup", label="Nature de l’entretien"),
                Setting("validates", "list", default=(), label="Ce que l’entretien valide"),
                Setting("every_first", "duration", label="Au début, un entretien tous les"),
                Setting("first_period", "duration", default=0, label="Durée de ce début"),
                Setting("every_later", "duration", label="Ensuite, un entretien tous les"),
                Setting("goals_set", "bool", default=False, label="Fixe des objectifs"),
                Setting("goals_checked", "bool", default=False, label="Revoit les objectifs précédents"),
            ),
        ),
        StepKind(
            "agenda.sessions",
            "Séances en groupe",
            emits=("session_held", "attendance_recorded"),
            settings=(
                Setting("phase", "choice", default="weekly", choices=("training", "weekly", "around")),
                Setting("contents", "list", default=(), label="Ce qu’on y travaille"),
                Setting("weeks", "int", default=1, label="Durée de l’entraînement, en semaines"),
                Setting("before_prospecting", "bool", default=False, label="Avant toute prospection"),
                Setting("per_week_min", "int", label="Demi-journées par semaine, au moins"),
                Setting("per_week_max", "int", label="Demi-journées par semaine, au plus"),
                Setting("presence_days", "int", label="Jours de présence attendus par semaine"),
                Setting("group_min", "int", label="Taille du groupe, au moins"),
                Setting("group_max", "int", label="Taille du groupe, au plus"),
                Setting("forums", "bool", default=True, label="Participe à des forums"),
            ),
        ),
    ),
    fact_kinds=(
        FactKind("session_held", "Séance tenue", needs=("session",)),
        FactKind("attendance_recorded", "Présence", needs=("session",), is_contact=True),
        FactKind("interview_held", "Entretien", needs=("person",), is_contact=True),
        FactKind(
            "agenda.interview_held",
            "Entretien hors action",
            needs=("person",),
            fields={"type": "text"},
            exported=False,
            is_contact=True,
        ),
        FactKind(
            "agenda.appointment_missed",
            "Rendez-vous manqué",
            needs=("person",),
            fields={"state": "excused|missed", "reason": "text"},
            exported=False,
        ),
    ),
    personal={
        "agenda.Attendance": "blank",
        "agenda.Registration": "keep",
        "agenda.PlannedSession": "keep",
        "agenda.Appointment": "blank",
        "agenda.Goal": "blank",
    },
    blank={
        "agenda.Appointment": {"place": "", "absence_reason": ""},
        "agenda.Goal": {"words": "effacé"},
        "agenda.Attendance": {"reason": ""},
    },
    keyed={"agenda.Occupation": ("resource", "person:{}")},
    facts={
        "agenda.Appointment.fact": "interview_held",
        "agenda.Attendance.fact": "attendance_recorded",
        "agenda.PlannedSession.fact": "session_held",
    },
)
