from django.db import models


class Role(models.TextChoices):
    """What a member comes to do; DESIGN §2."""

    MANAGER = "manager", "responsable"
    COUNSELLOR = "counsellor", "conseiller, conseillère"
    PRESCRIBER = "prescriber", "prescripteur, prescriptrice"
    EMPLOYER_RELATIONS = "employer_relations", "chargé·e de relations entreprises"
    STEERING = "steering", "pilote"
    FUNDER = "funder", "financeur"


# Roles that work with named people; the others see aggregates and lists without names.
ROLES_SEEING_PEOPLE = frozenset({Role.MANAGER, Role.COUNSELLOR})
