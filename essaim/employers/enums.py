from django.db import models


class ContractType(models.TextChoices):
    CDI = "cdi", "CDI"
    CDD = "cdd", "CDD"
    INTERIM = "interim", "intérim"
    APPRENTICESHIP = "apprenticeship", "contrat d’apprentissage"
    PROFESSIONALISATION = "professionalisation", "contrat de professionnalisation"
    ASSISTED = "assisted", "contrat aidé"
    MISSION = "mission", "mission"
    SELF_EMPLOYMENT = "self_employment", "création d’activité"


# FACTS §6.17: these types have a term, counted in months.
TYPES_WITH_TERM = frozenset(
    {ContractType.CDD, ContractType.APPRENTICESHIP, ContractType.PROFESSIONALISATION, ContractType.ASSISTED}
)


class EndInitiator(models.TextChoices):
    EMPLOYEE = "employee", "la personne"
    EMPLOYER = "employer", "l’employeur"
    MUTUAL = "mutual", "d’un commun accord"


class ApproachChannel(models.TextChoices):
    """How an employer was approached; ``mode`` of ``org_contacted`` is ``fact_mode`` (FACTS §6.13)."""

    VISIT = "visit", "visite"
    PHONE = "phone", "téléphone"
    EMAIL = "email", "courriel"
    LETTER = "letter", "courrier"
    EVENT = "event", "forum, événement"

    @property
    def fact_mode(self) -> str:
        """A meeting at a forum is a visit for the journal."""
        return "visit" if self == ApproachChannel.EVENT else str(self.value)


class ApproachAnswer(models.TextChoices):
    NONE = "none", "pas de réponse"
    CALL_BACK = "call_back", "à rappeler"
    SEND_CV = "send_cv", "demande un CV"
    MEETING = "meeting", "propose un rendez-vous"
    LATER = "later", "pas maintenant"
    NO = "no", "non"


class NextStep(models.TextChoices):
    CALL_BACK = "call_back", "rappeler"
    SEND_CV = "send_cv", "envoyer le CV"
    VISIT = "visit", "se présenter"
    INTERVIEW = "interview", "préparer l’entretien"
    REMIND = "remind", "relancer"


class ApplicationStage(models.TextChoices):
    """FACTS §6.16."""

    POSITIONED = "positioned", "positionnée"
    CV_SENT = "cv_sent", "CV envoyé"
    CV_RELAYED = "cv_relayed", "CV transmis"
    INTRODUCED = "introduced", "présentée"
    INTERVIEW = "interview", "entretien passé"
    HIRED = "hired", "embauchée"
    REJECTED = "rejected", "non retenue"


class Feedback(models.TextChoices):
    POSITIVE = "positive", "favorable"
    EXPERIENCE = "experience", "manque d’expérience"
    SKILLS = "skills", "manque de qualification"
    BEHAVIOUR = "behaviour", "présentation, savoir-être"
    MOBILITY = "mobility", "trop loin, horaires"
    FILLED = "filled", "poste pourvu"
    NO_ANSWER = "no_answer", "sans réponse"


class InterviewState(models.TextChoices):
    PLANNED = "planned", "prévu"
    HELD = "held", "passé"
    MISSED = "missed", "manqué"
    CANCELLED = "cancelled", "annulé"


class CardField(models.TextChoices):
    """What a sheet of profiles may show: never sex, age, address, health or origin (DESIGN §6)."""

    FIRST_NAME = "first_name", "prénom"
    TRADE = "trade", "métier recherché"
    SKILLS = "skills", "compétences"
    LICENCE = "licence", "permis"
    AVAILABILITY = "availability", "disponibilité"
    WORDS = "words", "quelques mots"


class SheetState(models.TextChoices):
    DRAFT = "draft", "en préparation"
    SENT = "sent", "envoyée"
