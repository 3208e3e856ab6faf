from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from essaim.accounts.models import User
from essaim.agenda.enums import AttendanceState, DecisionState, MeetingKind
from essaim.agenda.models.sessions import PlannedSession
from essaim.directory.models import Organisation
from essaim.journal.models import Action, Fact
from essaim.kernel.codes import new_code


def new_decision_ref() -> str:
    return new_code("DC", length=8)


class Meeting(models.Model):
    """A committee or a jury: what a session of kind « comité » decides and writes down.

    When, where and who chairs it are those of ``planned``. Approved, its minutes no longer change: ``frozen`` is what
    they said that day, ``fact`` (minutes_recorded) counts their decisions.
    """

    planned = models.OneToOneField(
        PlannedSession, verbose_name="séance", on_delete=models.PROTECT, related_name="meeting"
    )
    kind = models.CharField("nature", max_length=10, choices=MeetingKind)
    approved_at = models.DateTimeField("compte rendu approuvé le", null=True, blank=True)
    approved_by = models.ForeignKey(
        User, verbose_name="approuvé par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    frozen = models.JSONField("compte rendu approuvé", null=True, blank=True)
    fact = models.OneToOneField(
        Fact, verbose_name="fait", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "réunion"
        ordering = ["planned__starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True, frozen__isnull=True, fact__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False, frozen__isnull=False, fact__isnull=False),
                name="meeting_approved_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.planned)


class AgendaItem(models.Model):
    """A point of the agenda of a meeting, and what was said of it."""

    meeting = models.ForeignKey(Meeting, verbose_name="réunion", on_delete=models.PROTECT, related_name="items")
    rank = models.PositiveSmallIntegerField("rang")
    title = models.CharField("point", max_length=200)
    notes = models.TextField("notes", blank=True)

    class Meta:
        verbose_name = "point de l’ordre du jour"
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "rank"], name="agendaitem_rank_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["meeting", "title"], name="agendaitem_title_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=~Q(title=""), name="agendaitem_title_given"),
        ]

    def __str__(self) -> str:
        return self.title


class Attendee(models.Model):
    """Someone invited to a meeting: an account, for the organisation it then acted for, or a name from outside."""

    meeting = models.ForeignKey(Meeting, verbose_name="réunion", on_delete=models.PROTECT, related_name="attendees")
    user = models.ForeignKey(
        User, verbose_name="compte", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    represents = models.ForeignKey(
        Organisation,
        verbose_name="organisation représentée",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    name = models.CharField("nom", max_length=120, blank=True)
    organisation_name = models.CharField("organisation", max_length=160, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    invited_at = models.DateTimeField("invitation envoyée le", null=True, blank=True)
    presence = models.CharField("présence", max_length=7, choices=AttendanceState, blank=True)

    class Meta:
        verbose_name = "participant à une réunion"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, represents__isnull=False, name="", organisation_name="", email="")
                | (Q(user__isnull=True, represents__isnull=True) & ~Q(name="")),
                name="attendee_account_or_name",
            ),
            models.UniqueConstraint(fields=["meeting", "user"], name="attendee_account_once"),
            models.UniqueConstraint(
                F("meeting"),
                Lower("name"),
                Lower("organisation_name"),
                condition=Q(user__isnull=True),
                name="attendee_name_once",
            ),
        ]
        indexes = [models.Index(fields=["user", "represents"], name="attendee_user")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Who she is, in words."""
        return self.user.full_name if self.user else self.name

    @property
    def organisation_words(self) -> str:
        """Whom she represents, in words."""
        return self.represents.name if self.represents else self.organisation_name

    @property
    def address(self) -> str:
        """Where an e-mail reaches her, often empty for a name from outside."""
        return self.user.email if self.user else self.email


class MeetingDecision(models.Model):
    """What a meeting decided: who does it, by when, and what came of it. Its words never change once approved."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_decision_ref, db_collation="C")
    action = models.ForeignKey(
        Action, verbose_name="action", on_delete=models.PROTECT, related_name="meeting_decisions"
    )
    meeting = models.ForeignKey(Meeting, verbose_name="réunion", on_delete=models.PROTECT, related_name="decisions")
    words = models.CharField("décision", max_length=300)
    owner = models.ForeignKey(
        User, verbose_name="confiée à", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner_name = models.CharField("confiée à (sans compte)", max_length=160, blank=True)
    due_on = models.DateField("pour le")
    state = models.CharField("état", max_length=7, choices=DecisionState, default=DecisionState.OPEN)
    reason = models.CharField("ce qui s’est passé", max_length=300, blank=True)
    settled_on = models.DateField("réglée le", null=True, blank=True)
    settled_by = models.ForeignKey(
        User, verbose_name="réglée par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The meeting at which it was reviewed, when it was at one.
    reviewed_at = models.ForeignKey(
        Meeting, verbose_name="revue à", on_delete=models.PROTECT, null=True, blank=True, related_name="reviewed"
    )
    created_at = models.DateTimeField("écrite le", default=timezone.now)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "décision de réunion"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, owner_name="") | (Q(owner__isnull=True) & ~Q(owner_name="")),
                name="meetingdecision_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_on__isnull=True, settled_by__isnull=True, reviewed_at__isnull=True)
                | (~Q(state="open") & Q(settled_on__isnull=False, settled_by__isnull=False)),
                name="meetingdecision_settled_with_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(reason=""), name="meetingdecision_dropped_with_reason"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="meetingdecision_words_given"),
        ]
        indexes = [
            models.Index(fields=["action", "state", "due_on"], name="meetingdecision_action"),
            models.Index(fields=["owner", "state"], name="meetingdecision_owner"),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def owner_words(self) -> str:
        """Who does it, in words."""
        return self.owner.full_name if self.owner else self.owner_name


class MinutesSending(models.Model):
    """The approved minutes sent to someone: to whom, when, by whom."""

    meeting = models.ForeignKey(Meeting, verbose_name="réunion", on_delete=models.PROTECT, related_name="sendings")
    attendee = models.ForeignKey(
        Attendee, verbose_name="participant", on_delete=models.PROTECT, related_name="sendings"
    )
    recipient = models.EmailField("adresse")
    sent_at = models.DateTimeField("envoyé le", default=timezone.now)
    sent_by = models.ForeignKey(User, verbose_name="envoyé par", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "envoi d’un compte rendu"
        ordering = ["sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "attendee"], name="minutessending_once")]

    def __str__(self) -> str:
        return self.recipient
