from django.db import models


class EnrolmentState(models.TextChoices):
    OPEN = "open", "en cours"
    CLOSED = "closed", "terminé"
    CANCELLED = "cancelled", "annulé"


class CloseReason(models.TextChoices):
    COMPLETED = "completed", "parcours terminé"
    JOB = "job", "emploi"
    TRAINING = "training", "formation"
    DROPOUT = "dropout", "abandon"
    EXCLUDED = "excluded", "exclusion"
    LOST = "lost", "sans nouvelles"
    SOCIAL_SUPPORT = "social_support", "accompagnement social"
    TERM = "term", "fin de la durée prévue"


class PartnerRole(models.TextChoices):
    PRESCRIBER = "prescriber", "prescripteur"
    HOST = "host", "structure d’accueil"
    NETWORK_MEMBER = "network_member", "membre du réseau"
    TRAINER = "trainer", "formateur"
    SIGNATORY = "signatory", "signataire"
    ASSOCIATION = "association", "association"
    MENTOR = "mentor", "parrain"
    FUNDER = "funder", "financeur"


class StepStatus(models.TextChoices):
    CURRENT = "current", "en cours"
    DONE = "done", "faite"
    SKIPPED = "skipped", "sans objet"


class BudgetNature(models.TextChoices):
    PLANNED = "planned", "prévu"
    ACTUAL = "actual", "réalisé"


class BudgetCategory(models.TextChoices):
    GENERAL = "general", "ensemble de l’action"
    STAFF = "staff", "personnel"
    WORKSHOPS = "workshops", "ateliers"
    SAS = "sas", "sas d’entrée"
    VEHICLES = "vehicles", "véhicules"
    TRAINING = "training", "formation"
    WAGES = "wages", "salaires"
    COMMUNICATION = "communication", "communication"
    OTHER = "other", "autre"
