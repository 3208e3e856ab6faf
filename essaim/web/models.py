from django.db import models
from django.db.models import Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.people.models import Person
from essaim.web.enums import SnoozeReason


class Snooze(models.Model):
    """A line of « À faire » put off until a day, with the reason: for the whole organisation, so that it is said once.

    ``kind`` and ``subject_ref`` name the alert; it comes back that day if it is still true.
    """

    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("rappel", max_length=60, db_collation="C")
    subject_ref = models.CharField("objet", max_length=64, db_collation="C")
    person = models.ForeignKey(
        Person, verbose_name="personne", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    until = models.DateField("jusqu’au")
    reason = models.CharField("motif", max_length=10, choices=SnoozeReason)
    at = models.DateTimeField("repoussé le", default=timezone.now)
    by = models.ForeignKey(User, verbose_name="par", on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)

    class Meta:
        verbose_name = "rappel repoussé"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(subject_ref=""), name="snooze_has_subject"),
        ]
        indexes = [models.Index(fields=["organisation", "kind", "subject_ref", "until"], name="snooze_alert")]

    def __str__(self) -> str:
        return f"{self.kind} · {self.until:%d/%m/%Y}"
