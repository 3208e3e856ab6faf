import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.kernel.enums import Channel, MessageState


class FormKey(models.Model):
    """One submission of one create form: sent twice, it creates one object.

    No foreign key to the account (``accounts`` stands above): its uuid is enough to refuse someone else's
    key.
    """

    key = models.UUIDField("clé", primary_key=True)
    user_uuid = models.UUIDField("compte")
    claimed_at = models.DateTimeField("utilisée le", db_index=True)
    result_url = models.CharField("page obtenue", max_length=500, blank=True)

    class Meta:
        verbose_name = "clé de formulaire"
        ordering = ["-claimed_at"]

    def __str__(self) -> str:
        return str(self.key)


class AnswerLink(models.Model):
    """A link that lets someone without account answer one question. The token itself is never kept."""

    token_hash = models.CharField("empreinte du jeton", max_length=64, unique=True, db_collation="C")
    purpose = models.CharField("usage", max_length=60, db_collation="C")
    subject_ref = models.CharField("objet", max_length=64, db_collation="C")
    created_at = models.DateTimeField("créé le", default=timezone.now)
    expires_at = models.DateTimeField("expire le")
    revoked_at = models.DateTimeField("fermé le", null=True, blank=True)

    class Meta:
        verbose_name = "lien de réponse"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="answerlink_expires_later")
        ]
        indexes = [models.Index(fields=["purpose", "subject_ref"], name="answerlink_subject")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject_ref}"


class LinkAnswer(models.Model):
    """One answer given by a link. The last one wins; the earlier ones stay as history."""

    link = models.ForeignKey(AnswerLink, verbose_name="lien", on_delete=models.CASCADE, related_name="answers")
    number = models.PositiveIntegerField("rang")
    data = models.JSONField("réponse")
    answered_at = models.DateTimeField("donnée le")

    class Meta:
        verbose_name = "réponse par lien"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["link", "number"], name="linkanswer_number_once")]

    def __str__(self) -> str:
        return f"réponse {self.number}"


class Message(models.Model):
    """A message to someone outside the screens. ``business_key`` says what it is for: the same is never sent
    twice.
    """

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    business_key = models.CharField("clé métier", max_length=160, unique=True, db_collation="C")
    channel = models.CharField("canal", max_length=8, choices=Channel)
    recipient = models.CharField("destinataire", max_length=250)
    subject = models.CharField("objet", max_length=200, blank=True)
    body = models.TextField("texte")
    state = models.CharField("état", max_length=10, choices=MessageState, default=MessageState.PREPARING)
    # What it is about, as kind and public reference: no foreign key upward.
    about_kind = models.CharField("nature de l’objet", max_length=40, blank=True, db_collation="C")
    about_ref = models.CharField("référence de l’objet", max_length=64, blank=True, db_collation="C")
    # The text gives access to something: it is erased once the message has left.
    holds_link = models.BooleanField("contient un lien", default=False)
    provider_ref = models.CharField("référence du prestataire", max_length=200, blank=True, db_collation="C")
    created_at = models.DateTimeField("créé le", default=timezone.now)
    state_at = models.DateTimeField("dans cet état depuis", default=timezone.now)

    class Meta:
        verbose_name = "message"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "state_at"], name="message_state"),
            models.Index(fields=["about_kind", "about_ref"], name="message_about"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(business_key=""), name="message_business_key_given"),
            models.CheckConstraint(condition=~Q(recipient=""), name="message_recipient_given"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.business_key}"


class MessageStep(models.Model):
    """A dated state of a message, with the reason when there is one: never a name, an address or the text."""

    message = models.ForeignKey(Message, verbose_name="message", on_delete=models.CASCADE, related_name="steps")
    state = models.CharField("état", max_length=10, choices=MessageState)
    at = models.DateTimeField("le")
    reason = models.CharField("motif", max_length=200, blank=True)

    class Meta:
        verbose_name = "étape d’un message"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.get_state_display()
