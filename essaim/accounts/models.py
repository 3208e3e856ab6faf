import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from essaim.accounts.enums import Role
from essaim.directory.models import Organisation


class User(AbstractBaseUser):
    """Someone who signs in with an e-mail and a password; what she may do comes from her memberships."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("courriel", unique=True, db_collation="C")
    first_name = models.CharField("prénom", max_length=80)
    last_name = models.CharField("nom", max_length=80)
    is_active = models.BooleanField("compte actif", default=True)
    is_operator = models.BooleanField("exploitant de l’instance", default=False)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    session_epoch = models.PositiveIntegerField("génération de sessions", default=0)
    password_link_sent_at = models.DateTimeField("lien de mot de passe envoyé le", null=True, blank=True)

    objects = BaseUserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = "compte"
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(email=models.functions.Lower("email")), name="user_email_lower")
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions opened under another password or another ``session_epoch`` are no longer valid."""
        state = f"{self.password}:{self.session_epoch}"
        return salted_hmac("essaim.accounts.session", state, secret=secret, algorithm="sha256").hexdigest()


class Membership(models.Model):
    """A user's place in an organisation, with her role. It is ended, never deleted.

    A change of role ends one row and opens another: the table is the history. A deferred trigger refuses any
    change that would take the last open manager from an organisation.
    """

    user = models.ForeignKey(User, verbose_name="compte", on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)
    since = models.DateTimeField("depuis", default=timezone.now)
    until = models.DateTimeField("jusqu’à", null=True, blank=True)

    class Meta:
        verbose_name = "appartenance"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(until__isnull=True), name="membership_open_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="membership_dates_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "role"], condition=Q(until__isnull=True), name="membership_open")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class Invitation(models.Model):
    """An e-mail address invited into an organisation; the token is kept hashed.

    ``invited_by`` is empty for the first manager, invited by the command line.
    """

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name="organisation", on_delete=models.PROTECT, related_name="invitations"
    )
    email = models.EmailField("courriel", db_collation="C")
    role = models.CharField("rôle", max_length=20, choices=Role)
    token_hash = models.CharField("empreinte du jeton", max_length=64, unique=True, db_collation="C")
    invited_by = models.ForeignKey(
        User, verbose_name="invité par", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now)
    expires_at = models.DateTimeField("expire le")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)

    class Meta:
        verbose_name = "invitation"
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at__isnull=True, cancelled_at__isnull=True),
                name="invitation_pending_once",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="invitation_expires_later"),
            models.CheckConstraint(condition=Q(email=models.functions.Lower("email")), name="invitation_email_lower"),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organisation}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class ReadAudit(models.Model):
    """Who opened which file, when. Kind and public code only: no foreign key: it outlives the file."""

    at = models.DateTimeField("le", default=timezone.now, db_index=True)
    user_uuid = models.UUIDField("compte", db_index=True)
    organisation_ref = models.CharField("organisation", max_length=64, blank=True, db_collation="C")
    kind = models.CharField("nature", max_length=40)
    object_ref = models.CharField("objet", max_length=64, db_collation="C")

    class Meta:
        verbose_name = "consultation"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "object_ref", "at"], name="readaudit_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_ref}"
