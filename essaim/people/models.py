from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.models import Commune, Organisation
from essaim.kernel.codes import new_code
from essaim.people.enums import (
    AttachmentState,
    ContactPreference,
    GrantScope,
    Level,
    ProfileZone,
    Resources,
    Sex,
    Status,
)


def new_person_code() -> str:
    return new_code("P")


def new_attachment_ref() -> str:
    return new_code("D")


def _plain(*expressions: str | Value) -> Func:
    """Lower case, no accent, words separated by one space: ``people.engine.names.plain`` in the database."""
    bare = Func(Concat(*expressions), function="public.fr_sort")
    return Func(bare, Value("[^[:alnum:]]+"), Value(" "), Value("g"), function="regexp_replace")


class Person(models.Model):
    """Someone followed by at least one organisation. No phone, no address, no birth date are normal cases."""

    code = models.CharField("identifiant", max_length=16, unique=True, default=new_person_code, db_collation="C")
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    birth_date = models.DateField("date de naissance", null=True, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("courriel", blank=True)
    contact_preference = models.CharField("préfère être jointe", max_length=8, choices=ContactPreference, blank=True)
    address = models.CharField("adresse", max_length=250, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True)
    commune = models.ForeignKey(Commune, verbose_name="commune", on_delete=models.PROTECT, null=True, blank=True)
    is_protected = models.BooleanField("personne protégée", default=False)
    referent = models.ForeignKey(
        User, verbose_name="référent", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    referent_organisation = models.ForeignKey(
        Organisation, verbose_name="organisation référente", on_delete=models.PROTECT, related_name="+"
    )
    informed_on = models.DateField("informée de l’usage de ses données le", null=True, blank=True)
    created_at = models.DateTimeField("créée le", default=timezone.now)
    version = models.PositiveIntegerField("version", default=1)
    # Written by the database itself, so that search and French order never disagree with the names.
    search_key = models.GeneratedField(
        expression=_plain("last_name", Value(" "), "first_name"),
        output_field=models.TextField("nom pour la recherche", db_collation="C"),
        db_persist=True,
    )

    class Meta:
        verbose_name = "personne"
        ordering = ["search_key", "pk"]
        indexes = [
            models.Index(fields=["birth_date"], name="person_birth_date"),
            models.Index(fields=["search_key"], name="person_search_key"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_date__isnull=True) | Q(birth_date__year__gte=1900),
                name="person_born_since_1900",
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Profile(models.Model):
    """A complete picture of a person's situation on a day: what is left empty is unknown from then on."""

    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.CASCADE, related_name="profiles")
    day = models.DateField("au")
    sex = models.CharField("sexe", max_length=8, choices=Sex, blank=True)
    level = models.PositiveSmallIntegerField("niveau de formation", choices=Level, null=True, blank=True)
    zones = ArrayField(
        models.CharField(max_length=16, choices=ProfileZone),
        verbose_name="lieu d’habitation",
        default=list,
        blank=True,
    )
    statuses = ArrayField(
        models.CharField(max_length=24, choices=Status), verbose_name="situation", default=list, blank=True
    )
    resources = models.CharField("ressources", max_length=10, choices=Resources, blank=True)
    licence_since = models.DateField("permis B depuis le", null=True, blank=True)
    recorded_at = models.DateTimeField("enregistré le", default=timezone.now)
    recorded_by = models.ForeignKey(User, verbose_name="enregistré par", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "profil daté"
        ordering = ["-day", "-recorded_at", "-pk"]
        indexes = [models.Index(fields=["person", "-day", "-recorded_at"], name="profile_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(1, 8)), name="profile_level_range"
            ),
            models.CheckConstraint(condition=~Q(statuses__contains=["justice"]), name="profile_never_justice"),
        ]

    def __str__(self) -> str:
        return f"{self.person} au {self.day}"


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


class Note(models.Model):
    """Free text about a person: never in the fil, seen by the referent team only."""

    person = models.ForeignKey(Person, verbose_name="personne", on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField("le", default=timezone.now)
    author = models.ForeignKey(User, verbose_name="auteur", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField("note", max_length=4000)

    class Meta:
        verbose_name = "note"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["person", "-at"], name="note_person")]

    def __str__(self) -> str:
        return f"note du {self.at:%d/%m/%Y}"


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
