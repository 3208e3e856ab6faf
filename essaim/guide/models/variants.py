from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation
from essaim.guide.enums import OPEN_STATES, SPEAKING, VariantEventKind, VariantState
from essaim.guide.models.practices import Practice
from essaim.kernel.codes import new_code


def new_variant_ref() -> str:
    return new_code("V", length=8)


OPEN = Q(state__in=sorted(OPEN_STATES))
DECIDED = Q(decided_by__isnull=False, decided_at__isnull=False)
WITHDRAWN = Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False)


class Variant(models.Model):
    """A practice proposed by an organisation: another one changed, or a new one. Nobody else reads it before it is
    published as a ``Practice`` under ``slug``, in a new version if the same variant was published before.
    """

    ref = models.CharField("code", max_length=16, unique=True, default=new_variant_ref, db_collation="C")
    organisation = models.ForeignKey(
        Organisation, verbose_name="proposée par", on_delete=models.PROTECT, related_name="variants"
    )
    # The version of the practice it changes; none for a practice of one's own.
    parent = models.ForeignKey(
        Practice, verbose_name="variante de", on_delete=models.PROTECT, null=True, blank=True, related_name="variants"
    )
    slug = models.SlugField("adresse", max_length=64, db_collation="C")
    title = models.CharField("titre", max_length=200)
    changes = models.TextField("ce qui change")
    reason = models.TextField("pourquoi")
    # The public code of the action in which it was tried: an action lives in an app above this one.
    tried_in = models.CharField("essayée dans", max_length=64, blank=True, db_collation="C")
    definition = models.JSONField("définition")
    state = models.CharField("état", max_length=10, choices=VariantState, default=VariantState.DRAFT)
    author = models.ForeignKey(User, verbose_name="rédigée par", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("créée le", default=timezone.now)
    submitted_by = models.ForeignKey(
        User, verbose_name="mise en relecture par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField("mise en relecture le", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, verbose_name="décidée par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)
    refusal = models.TextField("motif du refus", blank=True)
    practice = models.OneToOneField(
        Practice, verbose_name="fiche publiée", on_delete=models.PROTECT, null=True, blank=True, related_name="variant"
    )
    withdrawn_by = models.ForeignKey(
        User, verbose_name="retirée par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "variante"
        ordering = ["-created_at", "-pk"]
        constraints = [
            # One text in the making at a time, for each practice it will become.
            models.UniqueConstraint(fields=["slug"], condition=OPEN, name="variant_open_once"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(changes="") & ~Q(reason=""), name="variant_says_what_and_why"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="variant_submitted_before_review",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["published", "refused"]) & DECIDED)
                | Q(state="withdrawn")
                | (OPEN & Q(decided_by__isnull=True, decided_at__isnull=True)),
                name="variant_decided_when_so",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | (~Q(decided_by=F("author")) & ~Q(decided_by=F("submitted_by"))),
                name="variant_read_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="published", practice__isnull=False)
                | Q(state="withdrawn")
                | (Q(practice__isnull=True) & ~Q(state="published")),
                name="variant_published_is_practice",
            ),
            models.CheckConstraint(
                condition=(Q(state="refused") & ~Q(refusal="")) | (~Q(state="refused") & Q(refusal="")),
                name="variant_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=(Q(state="withdrawn") & WITHDRAWN)
                | (~Q(state="withdrawn") & Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)),
                name="variant_withdrawn_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="variant_organisation")]

    def __str__(self) -> str:
        return self.title


class VariantEvent(models.Model):
    """Something that happened to a variant: who, when, and her words."""

    variant = models.ForeignKey(Variant, verbose_name="variante", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField("quoi", max_length=10, choices=VariantEventKind)
    text = models.TextField("mots", blank=True)
    by = models.ForeignKey(User, verbose_name="par", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "histoire d’une variante"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind__in=sorted(SPEAKING)) | ~Q(text=""), name="variantevent_speaks")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
