from django.db import models


class OrganisationKind(models.TextChoices):
    """Kinds of organisation of the journal format (FACTS §1)."""

    COMPANY = "company", "entreprise"
    EI = "ei", "entreprise d’insertion (EI)"
    ETTI = "etti", "entreprise de travail temporaire d’insertion (ETTI)"
    AI = "ai", "association intermédiaire (AI)"
    ACI = "aci", "atelier et chantier d’insertion (ACI)"
    GEIQ = "geiq", "groupement d’employeurs (GEIQ)"
    MISSION_LOCALE = "mission_locale", "mission locale"
    EMPLOYMENT_SERVICE = "employment_service", "service public de l’emploi"
    PLIE = "plie", "PLIE"
    TRAINING_CENTRE = "training_centre", "organisme de formation, CFA"
    DRIVING_SCHOOL = "driving_school", "auto-école"
    ASSOCIATION = "association", "association"
    PUBLIC_BODY = "public_body", "collectivité, organisme public"
    SCHOOL = "school", "établissement scolaire"
    CHAMBER = "chamber", "chambre consulaire"
    SOCIAL_SERVICE = "social_service", "service social"
    FUNDER = "funder", "financeur"
    OTHER = "other", "autre"


class OrganisationOrigin(models.TextChoices):
    LOCAL = "local", "organisation de cette instance"
    JOURNAL = "journal", "déclarée par un journal importé"


class Sector(models.TextChoices):
    CONSTRUCTION = "construction", "bâtiment, travaux publics"
    INDUSTRY = "industry", "industrie"
    HOSPITALITY = "hospitality", "hôtellerie, restauration"
    RETAIL = "retail", "commerce"
    TELESALES = "telesales", "télévente"
    TRANSPORT_LOGISTICS = "transport_logistics", "transport, logistique"
    PERSONAL_SERVICES = "personal_services", "services à la personne"
    CLEANING = "cleaning", "propreté"
    HEALTH = "health", "santé"
    IT = "it", "informatique"
    ADMINISTRATION = "administration", "administration"
    AGRICULTURE = "agriculture", "agriculture"
    OTHER = "other", "autre"


class ZoneKind(models.TextChoices):
    QPV = "qpv", "quartier prioritaire (QPV)"
    ZFU = "zfu", "zone franche urbaine (ZFU)"
    ZUS = "zus", "zone urbaine sensible (ZUS, avant 2015)"
