from django.db import models


class RetentionStage(models.TextChoices):
    WARNED = "warned", "effacement annoncé"
    ARCHIVED = "archived", "archive restreinte"
    ANONYMISED = "anonymised", "identité effacée"


class ErasureCause(models.TextChoices):
    REQUEST = "request", "à la demande de la personne"
    RETENTION = "retention", "fin de la durée de conservation"
