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
