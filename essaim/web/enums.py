from django.db import models


class SnoozeReason(models.TextChoices):
    WAITING = "waiting", "j’attends une réponse"
    AGREED = "agreed", "convenu avec la personne"
    AWAY = "away", "la personne est absente"
    LATER = "later", "ce n’est pas le moment"
    MISTAKEN = "mistaken", "ce rappel n’a pas lieu d’être"
