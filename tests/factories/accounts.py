"""Accounts: ``MembershipFactory(manager=True)`` makes the user and the organisation with it."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from essaim.accounts.enums import Role
from essaim.accounts.models import Invitation, Membership, User
from tests.factories.directory import OrganisationFactory

PASSWORD = "quatre mots bien choisis"


class UserFactory(DjangoModelFactory):
    email = factory.Sequence(lambda n: f"personne{n}@exemple.fr")
    first_name = factory.Sequence(lambda n: f"Prénom{n}")
    last_name = factory.Sequence(lambda n: f"Nom{n}")
    password = factory.django.Password(PASSWORD)

    class Meta:
        model = User

    class Params:
        operator = factory.Trait(is_operator=True)


class MembershipFactory(DjangoModelFactory):
    """An open membership; a counsellor unless a trait says otherwise."""

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.COUNSELLOR
    until = None
    since = factory.LazyAttribute(
        lambda membership: membership.until - timedelta(days=30) if membership.until else timezone.now()
    )

    class Meta:
        model = Membership

    class Params:
        manager = factory.Trait(role=Role.MANAGER)
        counsellor = factory.Trait(role=Role.COUNSELLOR)
        prescriber = factory.Trait(role=Role.PRESCRIBER)
        employer_relations = factory.Trait(role=Role.EMPLOYER_RELATIONS)
        steering = factory.Trait(role=Role.STEERING)
        funder = factory.Trait(role=Role.FUNDER)
        ended = factory.Trait(until=factory.LazyFunction(timezone.now))
        operator = factory.Trait(role=Role.MANAGER, user__is_operator=True)


class InvitationFactory(DjangoModelFactory):
    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"invitee{n}@exemple.fr")
    role = Role.COUNSELLOR
    token_hash = factory.Sequence(lambda n: f"{n:064x}")
    invited_by = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda invitation: invitation.created_at + timedelta(days=7))

    class Meta:
        model = Invitation

    class Params:
        expired = factory.Trait(created_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=8)))
