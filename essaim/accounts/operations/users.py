"""Users and their passwords."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from essaim.accounts.models import User
from essaim.kernel.enums import Channel
from essaim.kernel.errors import OperationError
from essaim.kernel.operations import prepare_message

# One link at a time: whoever types someone's address again and again sends her one message, not a hundred.
BETWEEN_PASSWORD_LINKS = timedelta(minutes=5)


class AccountError(OperationError):
    """The account cannot be made or changed as asked."""


def create_user(
    *, email: str, first_name: str, last_name: str, password: str, now: datetime, is_operator: bool = False
) -> User:
    """Create an account that can sign in at once. What it may do comes from its memberships, created apart.

    Raises AccountError when the address already has an account (field ``email``) or when the password does
    not follow the rules (field ``new_password``).
    """
    user = User(
        email=email.strip().lower(),
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        is_operator=is_operator,
        created_at=now,
    )
    _set_password(user, password, field="new_password")
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as fault:
        raise AccountError("Un compte existe déjà à cette adresse.", field="email") from fault
    return user


def set_operator(*, email: str, is_operator: bool, now: datetime) -> User:
    """Give or take away the right to run the instance: the command line only, no screen does it.

    Raises AccountError when no account has this address.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise AccountError("Aucun compte n’a cette adresse.", field="email")
    user.is_operator = is_operator
    user.save(update_fields=["is_operator"])
    return user


def rename_user(*, user: User, first_name: str, last_name: str, now: datetime) -> User:
    """Change the names shown to colleagues. Refuses nothing: both are hers to write."""
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])
    return user


def change_password(*, user: User, current_password: str, new_password: str, now: datetime) -> User:
    """Replace the password of someone who knows the current one, end her other sessions and tell her by
    e-mail.

    Raises AccountError on a wrong current password (field ``current_password``) or a new one against the
    rules (field ``new_password``).
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.check_password(current_password):
            raise AccountError("Ce n’est pas votre mot de passe actuel.", field="current_password")
        _replace_password(user, new_password, now)
    return user


def send_password_link(*, email: str, now: datetime) -> None:
    """Send a link to choose a new password, if an active account has this address; say nothing either way.

    One link every five minutes at most.
    """
    with transaction.atomic():
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            return
        due = Q(password_link_sent_at__isnull=True) | Q(password_link_sent_at__lte=now - BETWEEN_PASSWORD_LINKS)
        if not User.objects.filter(due, pk=user.pk).update(password_link_sent_at=now):
            return
        path = reverse("accounts:new_password", args=[user.uuid, default_token_generator.make_token(user)])
        _send(user, "password_link", now, link=f"{settings.PUBLIC_URL}{path}")


def reset_password(*, user: User, token: str, new_password: str, now: datetime) -> User:
    """Set the password chosen through the link of ``send_password_link`` and end every session.

    Raises AccountError when the link was used meanwhile or has expired, or when the password does not follow
    the rules (field ``new_password``).
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active or not default_token_generator.check_token(user, token):
            raise AccountError("Ce lien n’est plus valable. Demandez-en un autre.")
        _replace_password(user, new_password, now)
    return user


def _replace_password(user: User, password: str, now: datetime) -> None:
    _set_password(user, password, field="new_password")
    user.password_link_sent_at = None
    user.save(update_fields=["password", "password_link_sent_at"])
    _send(user, "password_changed", now, link=f"{settings.PUBLIC_URL}{reverse('accounts:forgotten_password')}")


def _set_password(user: User, password: str, *, field: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise AccountError(" ".join(fault.messages), field=field) from fault
    user.set_password(password)


SUBJECTS = {
    "password_link": "Choisir un nouveau mot de passe",
    "password_changed": "Votre mot de passe a été changé",
}


def _send(user: User, what: str, now: datetime, *, link: str) -> None:
    prepare_message(
        business_key=f"accounts.{what}:{user.uuid}:{now.isoformat()}",
        channel=Channel.EMAIL,
        recipient=user.email,
        subject=SUBJECTS[what],
        body=render_to_string(f"accounts/mails/{what}.txt", {"user": user, "link": link}),
        about_kind="accounts.user",
        about_ref=str(user.uuid),
        holds_link=what == "password_link",
        now=now,
    )
