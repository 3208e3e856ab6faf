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
