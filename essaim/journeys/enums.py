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


class StaffRole(models.TextChoices):
    REFERENT = "referent", "référent"
    COACH = "coach", "coach"
    MENTOR = "mentor", "parrain, marraine"
    SENIOR = "senior", "senior"
    INSTRUCTOR = "instructor", "animation, formation"
    EMPLOYEE = "employee", "équipe"
    COORDINATOR = "coordinator", "coordination"


class PrescriptionState(models.TextChoices):
    SENT = "sent", "à examiner"
    WAITING = "waiting", "en liste d’attente"
    ACCEPTED = "accepted", "acceptée"
    REFUSED = "refused", "refusée"
    REORIENTED = "reoriented", "réorientée"
    WITHDRAWN = "withdrawn", "retirée"


class Motive(models.TextChoices):
    """Why a prescriber orients someone: codes, so that the fil holds no words about a person."""

    JOB_SEARCH = "job_search", "chercher un emploi plus efficacement"
    ISOLATION = "isolation", "rompre l’isolement"
    METHOD = "method", "apprendre à chercher"
    NETWORK = "network", "rencontrer des employeurs"
    PROJECT = "project", "préciser son projet"
    MOBILITY = "mobility", "se déplacer"
    TRAINING = "training", "se former"
    OTHER = "other", "autre motif"


class DecisionStep(models.TextChoices):
    OPPORTUNITY = "opportunity", "entrée"
    PRESELECTION = "preselection", "présélection"
    JURY = "jury", "jury"
    COMMITTEE = "committee", "comité"
    RENEWAL = "renewal", "renouvellement"
    REFERRAL = "referral", "orientation"


class DecisionOutcome(models.TextChoices):
    ACCEPTED = "accepted", "acceptée"
    REFUSED = "refused", "refusée"
    WAITLISTED = "waitlisted", "en liste d’attente"
    REORIENTED = "reoriented", "réorientée"
    SECOND_CHANCE = "second_chance", "à revoir"


class RefusalReason(models.TextChoices):
    CONDITIONS = "conditions", "ne remplit pas les conditions"
    PROJECT = "project", "projet pas encore défini"
    MOTIVATION = "motivation", "ne souhaite pas s’engager"
    UNREACHABLE = "unreachable", "n’a pas pu être jointe"
    NO_SHOW = "no_show", "ne s’est pas présentée"
    NO_PLACE = "no_place", "plus de place dans un délai utile"
    OTHER_SOLUTION = "other_solution", "a trouvé une autre solution"
    UNAVAILABLE = "unavailable", "pas disponible en ce moment"
    OTHER = "other", "autre motif"


class WaitingState(models.TextChoices):
    WAITING = "waiting", "en attente"
    CALLED = "called", "place proposée"
    ENTERED = "entered", "entrée"
    DECLINED = "declined", "place déclinée"
    LEFT = "left", "sortie de la file"


class LeavingReason(models.TextChoices):
    """Why someone left a queue without entering."""

    OTHER_SOLUTION = "other_solution", "a trouvé une autre solution"
    UNAVAILABLE = "unavailable", "pas disponible en ce moment"
    NOT_WANTED = "not_wanted", "ne souhaite plus venir"
    UNREACHABLE = "unreachable", "n’a pas pu être jointe"
    DECIDED = "decided", "une autre décision a été prise"


class CommitmentState(models.TextChoices):
    PREPARED = "prepared", "à signer"
    SIGNED = "signed", "signé"
    CANCELLED = "cancelled", "annulé"


class Signatory(models.TextChoices):
    PERSON = "person", "la personne"
    REPRESENTATIVE = "representative", "son représentant légal"
    FACILITATOR = "facilitator", "l’animation"


class SignatureMeans(models.TextChoices):
    PAPER = "paper", "sur papier"
    SCREEN = "screen", "à l’écran"
    LINK = "link", "par lien"


class HandOverState(models.TextChoices):
    PROPOSED = "proposed", "proposé"
    ACCEPTED = "accepted", "accepté"
    REFUSED = "refused", "refusé"
    CANCELLED = "cancelled", "annulé"


class MeasureType(models.TextChoices):
    COMMON_LAW = "common_law", "prestation de droit commun"
    BRICK = "brick", "brique de l’action"
    WORK_TRIAL = "work_trial", "immersion (PMSMP)"
    PRE_HIRE_TRAINING = "pre_hire_training", "formation avant embauche (POEI)"
    MOBILITY_SERVICE = "mobility_service", "aide à la mobilité"
    WORKSHOP = "workshop", "atelier"
    OTHER = "other", "autre"


class ContactMode(models.TextChoices):
    PHONE = "phone", "téléphone"
    MESSAGE = "message", "message"
    RECEPTION = "reception", "passage au bureau"
    OUTREACH = "outreach", "dans le quartier"
    EVENT = "event", "lors d’un événement"


class MoveReason(models.TextChoices):
    LEAVING = "leaving", "départ"
    ABSENCE = "absence", "absence"
    BALANCE = "balance", "rééquilibrage"


class ReviewVerdict(models.TextChoices):
    CONTINUE = "continue", "continuer"
    INTENSIFY = "intensify", "accélérer"
    HAND_OVER = "hand_over", "passer le relais"
    RENEW = "renew", "renouveler"
    CLOSE = "close", "préparer la sortie"


class AgreementState(models.TextChoices):
    PREPARED = "prepared", "en préparation"
    SIGNED = "signed", "signée"
    SETTLED = "settled", "soldée"
    CANCELLED = "cancelled", "annulée"


class InstalmentKind(models.TextChoices):
    ADVANCE = "advance", "avance"
    INTERIM = "interim", "acompte"
    BALANCE = "balance", "solde"


class Evidence(models.TextChoices):
    """What a funder asks to see for each person. Health papers are not listed: they stay with the referent team."""

    IDENTITY = "identity", "pièce d’identité"
    ZONE_PROOF = "zone_proof", "justificatif de quartier"
    DIPLOMA = "diploma", "diplôme ou attestation"
    CV = "cv", "CV"
    COMMITMENT = "commitment", "engagement signé"
    ATTENDANCE = "attendance", "présence notée à une séance"
    WORK_CONTRACT = "work_contract", "contrat de travail, si elle est sortie en emploi"
