from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.kernel.codes import new_code
from essaim.people.enums import AttachmentState, GrantScope
from essaim.people.models.persons import Person


def new_attachment_ref() -> str:
    return new_code("D")


class AccessGrant(models.Model):
    """The only source of visibility: this organisation may see this person, since and until then, for that
    reason.
    """

    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.CASCADE, related_name="grants")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    scope = models.CharField("portée", max_length=10, choices=GrantScope)
    since = models.DateTimeField("depuis", default=timezone.now)
    until = models.DateTimeField("jusqu’à", null=True, blank=True)
    reason = models.CharField("motif", max_length=120)
    # What opened it, so that the same operation can close it: "referent" or the code of an action.
    origin = models.CharField("origine", max_length=64, db_collation="C")

    class Meta:
        verbose_name = "accès accordé"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["organisation", "person"], condition=Q(until__isnull=True), name="grant_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "scope", "origin"],
                condition=Q(until__isnull=True),
                name="grant_open_once",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="grant_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} → {self.person}"


class AttachmentRequest(models.Model):
    """An organisation asks to be attached to a file that another one holds; the referent team answers."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_attachment_ref, db_collation="C")
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.CASCADE, related_name="attachment_requests"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation qui demande", on_delete=models.PROTECT, related_name="+"
    )
    asked_by = models.ForeignKey(User, verbose_name="demandé par", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    state = models.CharField("état", max_length=8, choices=AttachmentState, default=AttachmentState.PENDING)
    answered_by = models.ForeignKey(
        User, verbose_name="répondu par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)

    class Meta:
        verbose_name = "demande de rattachement"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(state="pending"),
                name="attachment_pending_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.asked_at:%d/%m/%Y}"


class ForeignLookup(models.Model):
    """Someone asked whether a person is known elsewhere: counted to limit the pace, kept to answer for it.

    The names asked are not kept; ``person`` is the file that the answer confirmed, if any.
    """

    user = models.ForeignKey(User, verbose_name="compte", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("le", default=timezone.now)
    person = models.ForeignKey(
        Person,
        verbose_name="dossier confirmé",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = "recherche hors de la structure"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "-at"], name="foreignlookup_pace")]

    def __str__(self) -> str:
        return f"recherche du {self.at:%d/%m/%Y}"
