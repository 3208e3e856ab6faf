from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Organisation, Territory
from essaim.guide.models import Practice
from essaim.journal.engine.content import ContentEncoder
from essaim.journal.engine.sentences import sentence_for
from essaim.journal.enums import ActionState, SessionKind, Source
from essaim.kernel.codes import new_code
from essaim.kernel.instruments import all_fact_kinds
from essaim.people.models import Person


def new_action_ref() -> str:
    return new_code("A", length=8)


def new_fact_ref() -> str:
    return new_code("F", length=20)


def new_subject_ref() -> str:
    return new_code("S", length=12)


def new_session_ref() -> str:
    return new_code("R", length=10)


# A kind of FACTS §6, or a local kind prefixed by its instrument.
KIND_FORM = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$"


class NumericField(models.DecimalField):
    """A number as written, without rounding: ``numeric`` without scale. The limits only satisfy Django's checks."""

    def db_type(self, connection: object) -> str:
        return "numeric"

    cast_db_type = db_type


def _text_of(key: str) -> models.GeneratedField:
    return models.GeneratedField(
        expression=KeyTextTransform(key, "data"),
        output_field=models.TextField(null=True, db_collation="C"),
        db_persist=True,
    )


def _value_of(key: str, output_field: models.Field) -> models.GeneratedField:
    return models.GeneratedField(
        expression=Cast(KeyTextTransform(key, "data"), output_field),
        output_field=output_field,
        db_persist=True,
    )


class Action(models.Model):
    """A practice launched on a territory, or the action of an imported journal (read-only: bilan and fil only)."""

    ref = models.CharField("code", max_length=64, unique=True, default=new_action_ref, db_collation="C")
    is_imported = models.BooleanField("importée", default=False)
    practice = models.ForeignKey(Practice, verbose_name="fiche", on_delete=models.PROTECT, related_name="actions")
    # Frozen at launch: a later version of the file changes nothing here.
    definition = models.JSONField("définition figée")
    title = models.CharField("titre", max_length=2000)
    starts = models.DateField("début")
    ends = models.DateField("fin")
    settings = models.JSONField("réglages", default=dict, encoder=ContentEncoder)
    state = models.CharField("état", max_length=10, choices=ActionState, default=ActionState.OPEN)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisation porteuse",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
    )
    territory = models.ForeignKey(
        Territory,
        verbose_name="territoire",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
    )
    places = models.PositiveIntegerField("places", null=True, blank=True)
    created_at = models.DateTimeField("créée le", default=timezone.now)
    created_by = models.ForeignKey(
        User, verbose_name="lancée par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        verbose_name = "action"
        ordering = ["-starts", "ref"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="action_dates_in_order"),
            models.CheckConstraint(
                condition=Q(is_imported=True) | Q(organisation__isnull=False),
                name="action_local_has_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Session(models.Model):
    """A workshop, meeting or forum of an action, as journals declare it (FACTS §1)."""

    ref = models.CharField("référence", max_length=64, unique=True, default=new_session_ref, db_collation="C")
    action = models.ForeignKey(Action, verbose_name="action", on_delete=models.PROTECT, related_name="sessions")
    kind = models.CharField("type de séance", max_length=16, choices=SessionKind)
    title = models.CharField("titre", max_length=2000)
    module = models.CharField("module", max_length=64, blank=True, db_collation="C")
    starts = models.CharField("début", max_length=40, blank=True, db_collation="C")
    capacity = models.PositiveIntegerField("places", null=True, blank=True)

    class Meta:
        verbose_name = "séance"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class Subject(models.Model):
    """A person as one action's journal knows her: a pseudonymous reference.

    ``person`` is null for imported journals, and after erasure: the facts stay, the identity goes. A subject without
    action holds the local facts recorded before any action.
    """

    ref = models.CharField("pseudonyme", max_length=64, default=new_subject_ref, db_collation="C")
    action = models.ForeignKey(
        Action,
        verbose_name="action",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subjects",
    )
    person = models.ForeignKey(
        Person,
        verbose_name="personne",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="subjects",
    )

    class Meta:
        verbose_name = "pseudonyme"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["action", "ref"], nulls_distinct=False, name="subject_ref_once_per_action"),
            models.UniqueConstraint(
                fields=["person", "action"],
                nulls_distinct=False,
                condition=Q(person__isnull=False),
                name="subject_person_once_per_action",
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class SubjectMerge(models.Model):
    """Facts of one pseudonym given to another when two files of a person became one: which, so that they can return.

    Written by the database's own functions only: nobody else may say whose facts they were.
    """

    from_subject = models.ForeignKey(
        Subject, verbose_name="pseudonyme quitté", on_delete=models.PROTECT, related_name="+"
    )
    to_subject = models.ForeignKey(Subject, verbose_name="pseudonyme gardé", on_delete=models.PROTECT, related_name="+")
    # {fact key: digest of its content before, or null}
    facts = models.JSONField("faits")
    merged_at = models.DateTimeField("le", default=timezone.now)
    undone_at = models.DateTimeField("défaite le", null=True, blank=True)

    class Meta:
        verbose_name = "faits réunis"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.from_subject} → {self.to_subject}"


class Fact(models.Model):
    """Something that happened, dated and signed. Written only by ``journal.record`` and the import; never edited."""

    ref = models.CharField("référence", max_length=64, default=new_fact_ref, db_collation="C")
    action = models.ForeignKey(
        Action,
        verbose_name="action",
        on_delete=models.PROTECT,
        null=True,
        related_name="facts",
        db_index=False,
    )
    kind = models.CharField("nature", max_length=64, db_collation="C")
    at = models.DateTimeField("moment")  # a bare date is midnight in Paris
    at_text = models.CharField("date écrite", max_length=40, db_collation="C")
    day = models.DateField("jour")  # of `at`, in Paris
    source = models.CharField("source", max_length=8, choices=Source)
    subject = models.ForeignKey(
        Subject,
        verbose_name="personne",
        on_delete=models.PROTECT,
        null=True,
        related_name="facts",
        db_index=False,
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="facts",
        db_index=False,
    )
    session = models.ForeignKey(
        Session,
        verbose_name="séance",
        on_delete=models.PROTECT,
        null=True,
        related_name="facts",
        db_index=False,
    )
    cohort = models.CharField("groupe", max_length=64, null=True, db_collation="C")
    event = models.CharField("événement", max_length=64, null=True, db_collation="C")
    data = models.JSONField("données", encoder=ContentEncoder)
    # The fields of `data` that bilans count, sum or join, as typed columns that the database derives itself.
    data_type = _text_of("type")
    data_state = _text_of("state")
    data_role = _text_of("role")
    data_mode = _text_of("mode")
    data_stage = _text_of("stage")
    data_nature = _text_of("nature")
    data_status = _text_of("status")
    data_domain = _text_of("domain")
    data_outcome = _text_of("outcome")
    data_exam = _text_of("exam")
    data_contract = _text_of("contract")
    data_offer = _text_of("offer")
    data_application = _text_of("application")
    data_batch = _text_of("batch")
    data_starts = _text_of("starts")
    data_ends = _text_of("ends")
    data_passed = _value_of("passed", models.BooleanField(null=True))
    data_term_months = _value_of("term_months", NumericField(max_digits=2000, decimal_places=1000, null=True))
    data_hours = _value_of("hours", NumericField(max_digits=2000, decimal_places=1000, null=True))
    data_amount = _value_of("amount", NumericField(max_digits=2000, decimal_places=1000, null=True))
    data_year = _value_of("year", NumericField(max_digits=2000, decimal_places=1000, null=True))
    corrects = models.OneToOneField(
        "self", verbose_name="corrige", on_delete=models.PROTECT, null=True, related_name="corrected_by"
    )
    live = models.BooleanField("en vigueur")  # false when void, or superseded by a later fact
    superseded_at = models.DateTimeField("remplacé le", null=True)
    recorded_at = models.DateTimeField("enregistré le", default=timezone.now)
    author = models.ForeignKey(
        User, verbose_name="auteur", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    author_organisation = models.ForeignKey(
        Organisation,
        verbose_name="organisation de l’auteur",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    # Digest of the content as exported (engine.content): equal contents have equal digests. Null for local kinds,
    # and once the person was merged or her fields blanked.
    content_digest = models.UUIDField("empreinte du contenu", null=True, editable=False)

    class Meta:
        verbose_name = "fait"
        ordering = ["day", "at", "ref"]
        indexes = [
            models.Index(fields=["action", "-day"], name="fact_action_fil"),
            models.Index(fields=["subject", "-day"], name="fact_person_fil", condition=Q(subject__isnull=False)),
            models.Index(
                fields=["organisation", "-day"],
                name="fact_organisation_fil",
                condition=Q(organisation__isnull=False),
            ),
            models.Index(fields=["session"], name="fact_session", condition=Q(session__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["ref"], name="fact_ref_once"),
            models.CheckConstraint(condition=Q(kind__regex=KIND_FORM), name="fact_kind_form"),
            models.CheckConstraint(
                condition=Q(action__isnull=False) | Q(kind__contains="."), name="fact_without_action_is_local"
            ),
            models.CheckConstraint(
                condition=~Q(data__contains={"void": True}) | Q(live=False, corrects__isnull=False),
                name="fact_void_corrects_and_is_not_live",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(live=False), name="fact_superseded_is_not_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"

    @property
    def sentence(self) -> str:
        """What happened, in French, without any name."""
        local = all_fact_kinds().get(self.kind)
        return sentence_for(self.kind, self.data, label=local.label if local else "")

    @property
    def standing(self) -> str:
        """Empty for a fact in force; else what became of it. Costs a query unless ``corrected_by`` was selected."""
        if self.superseded_at is None:
            return ""
        return "annulé depuis" if self.corrected_by.is_void else "corrigé depuis"

    @property
    def is_void(self) -> bool:
        """Whether this fact cancels the one it corrects."""
        return self.data.get("void") is True
