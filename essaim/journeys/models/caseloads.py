from django.db import models
from django.db.models import Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.journeys.enums import MoveReason, ReviewVerdict
from essaim.journeys.models.enrolments import Enrolment
from essaim.kernel.codes import new_code


def new_move_ref() -> str:
    return new_code("B")


def new_review_ref() -> str:
    return new_code("V")


class CaseloadMove(models.Model):
    """A counsellor's people, appointments and alerts given to colleagues in one act: who, when, how many."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_move_ref, db_collation="C")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    from_user = models.ForeignKey(User, verbose_name="de", on_delete=models.PROTECT, related_name="+")
    to_user = models.ForeignKey(User, verbose_name="à", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("motif", max_length=10, choices=MoveReason)
    moved_at = models.DateTimeField("le", default=timezone.now)
    moved_by = models.ForeignKey(User, verbose_name="par", on_delete=models.PROTECT, related_name="+")
    people = models.PositiveIntegerField("personnes", default=0)
    appointments = models.PositiveIntegerField("rendez-vous", default=0)

    class Meta:
        verbose_name = "portefeuille confié"
        ordering = ["-moved_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.from_user} → {self.to_user}"


class CaseloadReview(models.Model):
    """The monthly review of a counsellor's people with her manager."""

    ref = models.CharField("référence", max_length=16, unique=True, default=new_review_ref, db_collation="C")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    counsellor = models.ForeignKey(User, verbose_name="conseil", on_delete=models.PROTECT, related_name="+")
    month = models.DateField("mois", help_text="le premier jour du mois")
    held_on = models.DateField("tenue le", null=True, blank=True)
    held_with = models.ForeignKey(
        User, verbose_name="avec", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "revue de portefeuille"
        ordering = ["-month", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "counsellor", "month"], name="review_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="review_month_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.counsellor} · {self.month:%m/%Y}"


class ReviewLine(models.Model):
    """What was decided for one parcours at the review."""

    review = models.ForeignKey(CaseloadReview, verbose_name="revue", on_delete=models.CASCADE, related_name="lines")
    enrolment = models.ForeignKey(Enrolment, verbose_name="parcours", on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField("décision", max_length=10, choices=ReviewVerdict)
    words = models.CharField("précision", max_length=250, blank=True)
    decided_at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "ligne de revue"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["review", "enrolment"], name="reviewline_once")]

    def __str__(self) -> str:
        return self.get_verdict_display()
