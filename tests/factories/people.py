"""People and what is known of them. ``PersonFactory(held_by=membership)``: a file whose referent she is."""

from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from essaim.people.enums import BarrierKind, GrantScope, IdentifierSystem, Level, Sex, SkillKind, Status
from essaim.people.models import (
    AccessGrant,
    Barrier,
    ExternalIdentifier,
    Note,
    Person,
    Profile,
    Skill,
    TeamMember,
)
from essaim.people.operations import store_document
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.directory import OrganisationFactory


class PersonFactory(DjangoModelFactory):
    """A person of 20 or so, seen by nobody unless ``held_by`` names a membership."""

    first_name = factory.Sequence(lambda n: f"Inès{n}")
    last_name = factory.Sequence(lambda n: f"Kadrani{n}")
    birth_date = date(2004, 2, 29)
    referent_organisation = factory.SubFactory(OrganisationFactory)

    class Meta:
        model = Person
        skip_postgeneration_save = True

    class Params:
        protected = factory.Trait(is_protected=True)

    @classmethod
    def _create(cls, model_class, *args, held_by=None, **values):
        if held_by is not None:
            values |= {"referent_organisation": held_by.organisation, "referent": held_by.user}
        person = super()._create(model_class, *args, **values)
        if held_by is not None:
            AccessGrantFactory(person=person, organisation=held_by.organisation, scope=GrantScope.REFERENT)
        return person


class AccessGrantFactory(DjangoModelFactory):
    """An open grant on the file, without its sensitive part, unless ``scope`` says so."""

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    scope = GrantScope.FILE
    reason = "pour les tests"
    origin = factory.LazyAttribute(lambda grant: "referent" if grant.scope == GrantScope.REFERENT else "tests")
    since = factory.LazyFunction(timezone.now)

    class Meta:
        model = AccessGrant


class ProfileFactory(DjangoModelFactory):
    """A profile of 1 March 2026: no diploma, living in a priority neighbourhood, registered jobseeker."""

    person = factory.SubFactory(PersonFactory)
    day = date(2026, 3, 1)
    sex = Sex.FEMALE
    level = Level.NONE
    zones = factory.LazyFunction(lambda: ["qpv"])
    statuses = factory.LazyFunction(lambda: [Status.REGISTERED_JOBSEEKER.value])
    recorded_by = factory.SubFactory(UserFactory)

    class Meta:
        model = Profile


class NoteFactory(DjangoModelFactory):
    person = factory.SubFactory(PersonFactory)
    text = "À l’aise au téléphone."
    author = factory.SubFactory(UserFactory)
    organisation = factory.SelfAttribute("person.referent_organisation")

    class Meta:
        model = Note


class BarrierFactory(DjangoModelFactory):
    person = factory.SubFactory(PersonFactory)
    kind = BarrierKind.MOBILITY
    since = date(2026, 3, 1)
    recorded_by = factory.SubFactory(UserFactory)

    class Meta:
        model = Barrier


class SkillFactory(DjangoModelFactory):
    person = factory.SubFactory(PersonFactory)
    kind = SkillKind.TRADE
    label = factory.Sequence(lambda n: f"Caisse {n}")
    level = 2

    class Meta:
        model = Skill


class IdentifierFactory(DjangoModelFactory):
    person = factory.SubFactory(PersonFactory)
    organisation = factory.SelfAttribute("person.referent_organisation")
    system = IdentifierSystem.FRANCE_TRAVAIL
    value = factory.Sequence(lambda n: f"FT{n:07d}")

    class Meta:
        model = ExternalIdentifier


class TeamMemberFactory(DjangoModelFactory):
    person = factory.SubFactory(PersonFactory)
    user = factory.SubFactory(UserFactory)
    since = date(2026, 3, 1)

    class Meta:
        model = TeamMember


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def make_document(by, person=None, **values):
    """A PDF kept in the file of someone held by ``by``, unless ``person`` says whose."""
    given = {"kind": "cv", "title": "CV de printemps", "upload": PDF} | values
    return store_document(person=person or PersonFactory(held_by=by), **given, by=by, now=timezone.now())


def colleague_of(membership, **values):
    """Another member of the same organisation."""
    return MembershipFactory(organisation=membership.organisation, **values)
