from collections.abc import Mapping

from django.db import models


class Source(models.TextChoices):
    DECLARED = "declared", "déclaré"
    VERIFIED = "verified", "vérifié"


class ActionState(models.TextChoices):
    OPEN = "open", "ouverte"
    CLOSED = "closed", "terminée"


class SessionKind(models.TextChoices):
    INFORMATION = "information", "réunion d’information"
    WORKSHOP = "workshop", "atelier"
    MODULE = "module", "module"
    INTERVIEW_PREP = "interview_prep", "préparation d’entretien"
    OFFER_MARKET = "offer_market", "marché aux offres"
    FORUM = "forum", "forum"
    JOB_DATING = "job_dating", "job dating"
    COMMITTEE = "committee", "comité"
    GROUP = "group", "groupe"
    DRIVING = "driving", "conduite"
    OTHER = "other", "autre"


# The picture of each kind in the fil, by its name in the icon sheet; local kinds share the last.
FACT_ICONS: Mapping[str, str] = {
    "profile_declared": "user",
    "invitation_sent": "mail",
    "prescription_made": "arrow",
    "contact_made": "hand",
    "decision_made": "check",
    "enrolment_opened": "plus",
    "enrolment_closed": "exit",
    "session_held": "calendar",
    "attendance_recorded": "presence",
    "interview_held": "people",
    "assessment_recorded": "note",
    "measure_used": "actions",
    "org_contacted": "phone",
    "org_committed": "building",
    "offer_recorded": "target",
    "application_moved": "file",
    "contract_signed": "briefcase",
    "contract_ended": "briefcase",
    "training_joined": "cap",
    "exam_taken": "cap",
    "hours_worked": "clock",
    "hours_committed": "clock",
    "situation_observed": "pin",
    "headcount_recorded": "people",
    "budget_line_recorded": "euro",
    "payment_recorded": "euro",
    "staff_assigned": "user",
    "vehicle_loaned": "car",
    "vehicle_checked": "car",
    "commitment_signed": "hand",
    "feedback_sent": "reply",
    "minutes_recorded": "note",
}
OTHER_FACT_ICON = "hex"
