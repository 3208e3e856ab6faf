from django.db import models


class AppointmentType(models.TextChoices):
    """Types of individual interview (FACTS §6.10)."""

    INITIAL = "initial", "entretien initial"
    WEEKLY = "weekly", "entretien de la semaine"
    MONTHLY = "monthly", "entretien du mois"
    QUARTERLY = "quarterly", "point trimestriel"
    FOLLOWUP = "followup", "point de suivi"
    EXIT = "exit", "entretien de sortie"
    POST_HIRE = "post_hire", "point après l’embauche"


class AppointmentState(models.TextChoices):
    PLANNED = "planned", "prévu"
    HELD = "held", "tenu"
    EXCUSED = "excused", "excusée"
    MISSED = "missed", "absente"
    CANCELLED = "cancelled", "annulé"


class MeetingMode(models.TextChoices):
    IN_PERSON = "in_person", "sur place"
    PHONE = "phone", "par téléphone"
    VIDEO = "video", "en visio"
    HOME = "home", "à domicile"


class AbsenceReason(models.TextChoices):
    WORK = "work", "travail, essai, entretien d’embauche"
    TRAINING = "training", "formation, examen"
    HEALTH = "health", "santé"
    FAMILY = "family", "famille, garde d’enfants"
    TRANSPORT = "transport", "transport"
    APPOINTMENT = "appointment", "autre rendez-vous"
    UNKNOWN = "unknown", "sans nouvelles"


class GoalKind(models.TextChoices):
    APPLICATIONS = "applications", "candidatures à envoyer"
    CALLS = "calls", "appels à passer"
    VISITS = "visits", "entreprises à visiter"
    CV = "cv", "CV, lettre"
    PAPERS = "papers", "démarche administrative"
    TRAINING = "training", "formation à chercher"
    PRESENCE = "presence", "présence au groupe"
    OTHER = "other", "autre"


class GoalState(models.TextChoices):
    SET = "set", "à faire"
    REACHED = "reached", "atteint"
    PARTLY = "partly", "en partie"
    MISSED = "missed", "pas atteint"
    DROPPED = "dropped", "abandonné"


class SessionState(models.TextChoices):
    PLANNED = "planned", "prévue"
    HELD = "held", "tenue"
    CANCELLED = "cancelled", "annulée"


class AttendanceState(models.TextChoices):
    """FACTS §6.9."""

    PRESENT = "present", "présente"
    EXCUSED = "excused", "excusée"
    ABSENT = "absent", "absente"


class OccupationSource(models.TextChoices):
    APPOINTMENT = "appointment", "rendez-vous"
    SESSION = "session", "séance"
    INTERVIEW = "interview", "entretien d’embauche"
    ABSENCE = "absence", "absence"


class MeetingKind(models.TextChoices):
    """Kinds of meeting; the practices name them in the settings of their steps."""

    STEERING = "steering", "comité de pilotage"
    TECHNICAL = "technical", "comité technique"
    FOLLOW_UP = "follow_up", "comité de suivi"
    JURY = "jury", "jury"
    REVIEW = "review", "bilan"
    PARTNERS = "partners", "réunion de partenaires"
    EMPLOYERS = "employers", "comité des employeurs"
    WORKING = "working", "groupe de travail"
    POINT = "point", "point régulier"
    OTHER = "other", "autre réunion"


class DecisionState(models.TextChoices):
    OPEN = "open", "à faire"
    DONE = "done", "faite"
    DROPPED = "dropped", "abandonnée"


class Holiday(models.TextChoices):
    """Public holidays, by the codes of ``engine.holidays``."""

    NEW_YEAR = "new_year", "jour de l’An"
    EASTER_MONDAY = "easter_monday", "lundi de Pâques"
    LABOUR_DAY = "labour_day", "fête du Travail"
    VICTORY_DAY = "victory_day", "8 mai 1945"
    ASCENSION = "ascension", "Ascension"
    WHIT_MONDAY = "whit_monday", "lundi de Pentecôte"
    NATIONAL_DAY = "national_day", "fête nationale"
    ASSUMPTION = "assumption", "Assomption"
    ALL_SAINTS = "all_saints", "Toussaint"
    ARMISTICE = "armistice", "11 novembre 1918"
    CHRISTMAS = "christmas", "Noël"
