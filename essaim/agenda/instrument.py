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
    ),
    fact_kinds=(
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
