from django.db import models


class Sex(models.TextChoices):
    FEMALE = "female", "femme"
    MALE = "male", "homme"
    OTHER = "other", "autre"


class Level(models.IntegerChoices):
    """French levels of 2019, with the older Roman numerals."""

    NONE = 1, "1 · sans diplôme (VI)"
    PRE_CAP = 2, "2 · fin de collège (V bis)"
    CAP = 3, "3 · CAP, BEP (V)"
    BAC = 4, "4 · baccalauréat (IV)"
    BAC_2 = 5, "5 · bac + 2 (III)"
    BAC_3 = 6, "6 · bac + 3 ou 4 (II)"
    BAC_5 = 7, "7 · bac + 5 (I)"
    DOCTORATE = 8, "8 · doctorat (I)"


class ProfileZone(models.TextChoices):
    QPV = "qpv", "quartier prioritaire (QPV)"
    ZFU = "zfu", "zone franche urbaine (ZFU)"
    ACTION_AREA = "action_area", "territoire de l’action"


class Status(models.TextChoices):
    """Statuses of FACTS §6.1 that Essaim's own screens write; ``justice`` is never written here (DESIGN
    §6).
    """

    REGISTERED_JOBSEEKER = "registered_jobseeker", "inscrit·e à France Travail"
    LONG_TERM_UNEMPLOYED = "long_term_unemployed", "demandeur d’emploi de longue durée"
    RSA = "rsa", "bénéficiaire du RSA"
    MISSION_LOCALE = "mission_locale", "suivi·e par une mission locale"
    DISABILITY = "disability", "reconnaissance de handicap (RQTH)"
    SCHOOLING = "schooling", "scolarisé·e"
    EMPLOYED = "employed", "en emploi"
    SINGLE_PARENT = "single_parent", "parent isolé"


class Resources(models.TextChoices):
    NONE = "none", "aucune"
    BENEFITS = "benefits", "allocations"
    WAGE = "wage", "salaire"
    FAMILY = "family", "famille"
    OTHER = "other", "autres"


class GrantScope(models.TextChoices):
    FILE = "file", "dossier"
    REFERENT = "referent", "dossier et informations sensibles"


# Written on a file's profile, shown to the referent team only (DESIGN §6).
SENSITIVE_STATUSES = frozenset({Status.DISABILITY})


class ContactPreference(models.TextChoices):
    SMS = "sms", "par SMS"
    PHONE = "phone", "par téléphone"
    EMAIL = "email", "par courriel"
    LETTER = "letter", "par courrier"


class AttachmentState(models.TextChoices):
    PENDING = "pending", "en attente"
    ACCEPTED = "accepted", "acceptée"
    REFUSED = "refused", "refusée"
