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


class Housing(models.TextChoices):
    HOME = "home", "chez elle, locataire ou propriétaire"
    FAMILY = "family", "chez ses parents ou sa famille"
    HOSTED = "hosted", "hébergée chez quelqu’un"
    SHELTER = "shelter", "en foyer ou en centre d’hébergement"
    DOMICILED = "domiciled", "sans logement, domiciliée auprès d’un organisme"
    NONE = "none", "sans adresse"


class Representative(models.TextChoices):
    """Who signs for someone under 18, or under guardianship."""

    MOTHER = "mother", "mère"
    FATHER = "father", "père"
    GUARDIAN = "guardian", "tutrice, tuteur"
    SERVICE = "service", "service (ASE, foyer…)"
    OTHER = "other", "autre"


class InformedHow(models.TextChoices):
    ORAL = "oral", "de vive voix"
    PAPER = "paper", "document remis"
    MESSAGE = "message", "message envoyé"


class ZoneSource(models.TextChoices):
    ADDRESS = "address", "l’adresse, placée sur la carte"
    HAND = "hand", "un justificatif"


class ZoneProof(models.TextChoices):
    CERTIFICATE = "certificate", "attestation de la mairie ou de la préfecture"
    MAP = "map", "recherche sur la carte officielle des quartiers"
    PRESCRIBER = "prescriber", "attestation du prescripteur"
    HOUSING = "housing", "quittance ou attestation d’hébergement"


class Household(models.TextChoices):
    ALONE = "alone", "seul·e"
    COUPLE = "couple", "en couple"
    SINGLE_PARENT = "single_parent", "parent seul·e avec enfants"
    FAMILY = "family", "en couple avec enfants"
    PARENTS = "parents", "chez ses parents"
    SHARED = "shared", "avec d’autres personnes"


class Mobility(models.TextChoices):
    WALK = "walk", "à pied"
    BICYCLE = "bicycle", "à vélo"
    TRANSIT = "transit", "en transports en commun"
    SCOOTER = "scooter", "en scooter"
    CAR = "car", "en voiture"
    LIFT = "lift", "conduit·e par quelqu’un"


class BarrierKind(models.TextChoices):
    """What stands in the way. ``health`` is sensitive: the referent team only. Justice is not stored (DESIGN §6)."""

    MOBILITY = "mobility", "mobilité"
    HOUSING = "housing", "logement"
    CHILDCARE = "childcare", "garde d’enfants"
    LANGUAGE = "language", "français"
    DIGITAL = "digital", "numérique"
    MONEY = "money", "argent, dettes"
    PAPERS = "papers", "démarches administratives"
    CONFIDENCE = "confidence", "confiance en soi"
    TRAINING = "training", "formation, diplôme"
    EXPERIENCE = "experience", "expérience"
    HEALTH = "health", "santé"


class SkillKind(models.TextChoices):
    TRADE = "trade", "métier"
    SOFTWARE = "software", "outil, logiciel"
    LANGUAGE = "language", "langue"
    BEHAVIOUR = "behaviour", "savoir-être"
    OTHER = "other", "autre"


class SkillEvidence(models.TextChoices):
    DECLARED = "declared", "la personne le dit"
    OBSERVED = "observed", "vu au travail"
    CERTIFIED = "certified", "diplôme ou certificat"


class IdentifierSystem(models.TextChoices):
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    IMILO = "imilo", "i-milo"
    OWN = "own", "notre fichier"
    OTHER = "other", "autre"


class DocumentKind(models.TextChoices):
    CV = "cv", "CV"
    LETTER = "letter", "lettre"
    IDENTITY = "identity", "pièce d’identité"
    DIPLOMA = "diploma", "diplôme, attestation"
    COMMITMENT = "commitment", "engagement signé"
    ZONE_PROOF = "zone_proof", "justificatif de quartier"
    HEALTH = "health", "santé, handicap"
    OTHER = "other", "autre"


# Seen by the referent team only, like the sensitive statuses.
SENSITIVE_BARRIERS = frozenset({BarrierKind.HEALTH})
SENSITIVE_DOCUMENTS = frozenset({DocumentKind.HEALTH})
