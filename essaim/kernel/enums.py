from django.db import models


class Channel(models.TextChoices):
    EMAIL = "email", "courriel"
    SMS = "sms", "SMS"
    LETTER = "letter", "courrier"


class MessageState(models.TextChoices):
    """The life of a message. ``sending`` found after a crash becomes ``uncertain``: a human decides."""

    PREPARING = "preparing", "en préparation"
    SENDING = "sending", "en cours d’envoi"
    SENT = "sent", "envoyé"
    DELIVERED = "delivered", "remis"
    FAILED = "failed", "échec"
    UNCERTAIN = "uncertain", "incertain"
    ANSWERED = "answered", "répondu"
