from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from essaim.accounts.models import User
from essaim.journal.engine.content import ContentEncoder
from essaim.journeys.models import Enrolment, Instalment
from essaim.kernel.codes import new_code


def new_claim_ref() -> str:
    return new_code("Q", length=8)


class ClaimFile(models.Model):
    """What is shown to a funder when an instalment is claimed, as known at ``made_at``: the participants of a period
    and what each misses, the figures, the budget. Refuses any change: a mended file is a new one.

    ``figures`` is the bilan of the period; ``budget`` the sums of the money, in euros; ``evidence`` what was asked.
    """

    ref = models.CharField("code", max_length=16, unique=True, default=new_claim_ref, db_collation="C")
    instalment = models.ForeignKey(
        Instalment, verbose_name="versement", on_delete=models.PROTECT, related_name="claim_files"
    )
    since = models.DateField("du")
    until = models.DateField("au")
    observed_on = models.DateField("vu le")
    evidence = ArrayField(models.CharField(max_length=16), verbose_name="pièces demandées", default=list)
    figures = models.JSONField("chiffres", encoder=ContentEncoder)
    budget = models.JSONField("budget", encoder=ContentEncoder)
    made_at = models.DateTimeField("constitué le")
    made_by = models.ForeignKey(User, verbose_name="constitué par", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "dossier de demande"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since"), observed_on__gte=F("since")), name="claimfile_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"dossier {self.ref}"


class ClaimParticipant(models.Model):
    """A parcours counted in a claim, and the codes of what it missed that day; nothing missing, it was complete."""

    claim = models.ForeignKey(ClaimFile, verbose_name="dossier", on_delete=models.PROTECT, related_name="participants")
    enrolment = models.ForeignKey(Enrolment, verbose_name="parcours", on_delete=models.PROTECT, related_name="+")
    missing = ArrayField(models.CharField(max_length=16), verbose_name="pièces manquantes", default=list, blank=True)

    class Meta:
        verbose_name = "participant d’un dossier de demande"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["claim", "enrolment"], name="claimparticipant_once")]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.claim}"
