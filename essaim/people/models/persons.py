from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from essaim.accounts.models import User
from essaim.directory.enums import Sector
from essaim.directory.models import Commune, Organisation
from essaim.kernel.codes import new_code
from essaim.people.enums import (
    ContactPreference,
    Household,
    Housing,
    InformedHow,
    Level,
    Mobility,
    ProfileZone,
    Representative,
    Resources,
    Sex,
    Status,
    ZoneProof,
    ZoneSource,
)


def new_person_code() -> str:
    return new_code("P")


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
    # Where the address was found (WGS 84), by the address service or a file of coordinates; empty when by hand.
    latitude = models.DecimalField("latitude", max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField("longitude", max_digits=8, decimal_places=5, null=True, blank=True)
    housing = models.CharField("où la personne habite", max_length=10, choices=Housing, blank=True)
    domiciled_at = models.CharField("domiciliée auprès de", max_length=120, blank=True)
    is_phone_shared = models.BooleanField("téléphone partagé avec quelqu’un", default=False)
    is_email_shared = models.BooleanField("boîte aux lettres électronique partagée", default=False)
    spoken_language = models.CharField("langue à parler avec la personne", max_length=40, blank=True)
    representative_name = models.CharField("représentant légal", max_length=120, blank=True)
    representative_phone = models.CharField("téléphone du représentant", max_length=20, blank=True)
    representative_link = models.CharField("lien du représentant", max_length=10, choices=Representative, blank=True)
    is_protected = models.BooleanField("personne protégée", default=False)
    referent = models.ForeignKey(
        User, verbose_name="référent", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    referent_organisation = models.ForeignKey(
        Organisation, verbose_name="organisation référente", on_delete=models.PROTECT, related_name="+"
    )
    informed_on = models.DateField("informée de l’usage de ses données le", null=True, blank=True)
    informed_how = models.CharField("informée comment", max_length=8, choices=InformedHow, blank=True)
    # A file merged into another, in restricted archive or without identity is no file any more: see people.queries.
    merged_into = models.ForeignKey(
        "self", verbose_name="fusionnée dans", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed"
    )
    archived_at = models.DateTimeField("archivée le", null=True, blank=True)
    erased_at = models.DateTimeField("effacée le", null=True, blank=True)
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
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="person_search_near"),
            models.Index(fields=["referent"], name="person_referent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_date__isnull=True) | Q(birth_date__year__gte=1900),
                name="person_born_since_1900",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="person_point_complete",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="person_never_in_herself"
            ),
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
    zone_source = models.CharField("quartier établi par", max_length=8, choices=ZoneSource, blank=True)
    zone_proof = models.CharField("justificatif du quartier", max_length=16, choices=ZoneProof, blank=True)
    household = models.CharField("foyer", max_length=16, choices=Household, blank=True)
    children = models.PositiveSmallIntegerField("enfants à charge", null=True, blank=True)
    mobility = ArrayField(
        models.CharField(max_length=10, choices=Mobility), verbose_name="se déplace", default=list, blank=True
    )
    travel_minutes = models.PositiveSmallIntegerField("trajet accepté, en minutes", null=True, blank=True)
    sought_sector = models.CharField("secteur visé", max_length=20, choices=Sector, blank=True)
    sought_trade = models.CharField("métier visé", max_length=80, blank=True)
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
            models.CheckConstraint(
                condition=Q(zone_source="", zone_proof="")
                | ~Q(zone_source="") & (~Q(zone_source="hand") | ~Q(zone_proof="")),
                name="profile_zone_by_hand_with_proof",
            ),
            models.CheckConstraint(
                condition=Q(children__isnull=True) | Q(children__lte=20), name="profile_children_range"
            ),
            models.CheckConstraint(
                condition=Q(travel_minutes__isnull=True) | Q(travel_minutes__range=(5, 240)),
                name="profile_travel_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} au {self.day}"


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
