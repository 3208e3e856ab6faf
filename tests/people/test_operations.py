"""Files, profiles, notes and attachment: what is written, what is refused, who is told what."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from essaim.kernel.edit_versions import EditConflict
from essaim.people.enums import AttachmentState, GrantScope
from essaim.people.models import AccessGrant, AttachmentRequest, ForeignLookup, Note, Person, Profile
from essaim.people.operations import (
    AttachmentRefused,
    NoteRefused,
    PersonDetails,
    PersonRefused,
    ProfileDetails,
    ProfileRefused,
    add_note,
    answer_attachment_request,
    close_grants,
    create_person,
    open_grant,
    request_attachment,
    save_profile,
    search_before_create,
    update_person,
)
from essaim.people.queries import LOOKUPS_PER_HOUR, get_person_for, scope_for
from tests.factories.accounts import MembershipFactory
from tests.factories.people import AccessGrantFactory, PersonFactory, ProfileFactory, colleague_of

pytestmark = pytest.mark.django_db
BORN = date(2004, 2, 29)


@pytest.fixture
def counsellor():
    return MembershipFactory()


def details(**values):
    return PersonDetails(**({"first_name": "Inès", "last_name": "Kadrani", "birth_date": BORN} | values))


def search(by, now, **values):
    asked = {"first_name": "Inès", "last_name": "Kadrani", "birth_date": BORN} | values
    return search_before_create(**asked, by=by, now=now)


def test_a_new_file_belongs_to_the_organisation_of_its_author(counsellor, now):
    person = create_person(details=details(first_name="  Inès  Léa "), by=counsellor, now=now)

    assert person.full_name == "Inès Léa Kadrani"
    assert person.search_key == "kadrani ines lea"
    assert (person.referent, person.referent_organisation) == (counsellor.user, counsellor.organisation)
    assert scope_for(counsellor, person) == GrantScope.REFERENT
    assert person.grants.get().reason == "organisation référente"


def test_no_birth_date_no_phone_no_address_is_a_normal_case(counsellor, now):
    assert create_person(details=details(birth_date=None), by=counsellor, now=now).birth_date is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"first_name": " - "}, "first_name"),
        ({"last_name": ""}, "last_name"),
        ({"birth_date": date(2026, 11, 24)}, "birth_date"),
        ({"birth_date": date(1899, 12, 31)}, "birth_date"),
        ({"informed_on": date(2026, 11, 24)}, "informed_on"),
    ],
)
def test_impossible_details_are_refused_beside_their_field(counsellor, now, values, field):
    with pytest.raises(PersonRefused) as refusal:
        create_person(details=details(**values), by=counsellor, now=now)
    assert refusal.value.field == field
    assert not Person.objects.exists()


def test_a_referent_from_elsewhere_is_refused(counsellor, now):
    with pytest.raises(PersonRefused) as refusal:
        create_person(details=details(referent=MembershipFactory().user), by=counsellor, now=now)
    assert refusal.value.field == "referent"
    colleague = colleague_of(counsellor)
    assert create_person(details=details(referent=colleague.user), by=counsellor, now=now).referent == colleague.user


def test_the_same_person_twice_needs_a_confirmation(counsellor, now):
    create_person(details=details(), by=counsellor, now=now)
    with pytest.raises(PersonRefused, match="porte ce nom"):
        create_person(details=details(first_name="INES"), by=counsellor, now=now)
    assert create_person(details=details(first_name="INES"), is_distinct=True, by=counsellor, now=now)


@pytest.mark.parametrize("role", ["prescriber", "funder", "steering", "employer_relations"])
def test_roles_that_do_not_see_people_create_none(role, now):
    with pytest.raises(PersonRefused):
        create_person(details=details(), by=MembershipFactory(role=role), now=now)


def test_search_finds_misspelt_and_swapped_names_of_the_own_files_only(counsellor, now):
    mine = PersonFactory(held_by=counsellor, first_name="Sofiane", last_name="Touréli", birth_date=None)
    PersonFactory(held_by=MembershipFactory(), first_name="Sofiane", last_name="Touréli", birth_date=None)

    for first, last in [("Sofian", "Toureli"), ("Toureli", "sofiane"), ("SOFIANE", "TOURELI")]:
        found = search(counsellor, now, first_name=first, last_name=last, birth_date=None)
        assert [match.person for match in found.own] == [mine]
        assert not found.is_known_elsewhere
    assert not ForeignLookup.objects.exists()


@pytest.mark.parametrize(
    ("values", "known"),
    [
        ({}, True),
        ({"first_name": "ines"}, True),
        ({"first_name": "Inè"}, False),
        ({"birth_date": date(2004, 2, 28)}, False),
        ({"birth_date": None}, False),
    ],
    ids=["exact", "without accents", "a letter short", "another birth date", "no birth date"],
)
def test_a_foreign_file_is_confirmed_only_when_exact(counsellor, now, values, known):
    PersonFactory(held_by=MembershipFactory(), first_name="Inès", last_name="Kadrani", birth_date=BORN)
    found = search(counsellor, now, **values)
    assert (found.own, found.is_known_elsewhere) == ([], known)


def test_a_protected_person_is_confirmed_to_nobody(counsellor, now):
    PersonFactory(held_by=MembershipFactory(), protected=True, first_name="Inès", last_name="Kadrani", birth_date=BORN)
    assert not search(counsellor, now).is_known_elsewhere
    with pytest.raises(AttachmentRefused, match="Aucun dossier"):
        request_attachment(first_name="Inès", last_name="Kadrani", birth_date=BORN, by=counsellor, now=now)


@pytest.mark.parametrize("gone", ["archived_at", "erased_at", "merged_into"])
def test_a_file_that_is_no_longer_one_is_confirmed_to_nobody(counsellor, now, gone):
    holder = MembershipFactory()
    value = PersonFactory(held_by=holder) if gone == "merged_into" else now
    PersonFactory(held_by=holder, first_name="Inès", last_name="Kadrani", birth_date=BORN, **{gone: value})
    assert not search(counsellor, now).is_known_elsewhere
    with pytest.raises(AttachmentRefused, match="Aucun dossier"):
        request_attachment(first_name="Inès", last_name="Kadrani", birth_date=BORN, by=counsellor, now=now)


def test_looks_elsewhere_are_logged_and_limited_by_the_hour(counsellor, now):
    person = PersonFactory(held_by=MembershipFactory(), first_name="Inès", last_name="Kadrani", birth_date=BORN)
    for _ in range(LOOKUPS_PER_HOUR):
        assert not search(counsellor, now).is_limited
    limited = search(counsellor, now)
    assert (limited.is_limited, limited.is_known_elsewhere) == (True, False)
    assert ForeignLookup.objects.filter(user=counsellor.user, person=person).count() == LOOKUPS_PER_HOUR
    assert not search(colleague_of(counsellor), now).is_limited
    assert search(counsellor, now + timedelta(minutes=61)).is_known_elsewhere


def test_attachment_is_asked_then_accepted_by_the_referent_team(counsellor, now):
    holder = MembershipFactory()
    person = PersonFactory(held_by=holder, first_name="Inès", last_name="Kadrani", birth_date=BORN)
    for _ in range(2):
        request_attachment(first_name="Inès", last_name="Kadrani", birth_date=BORN, by=counsellor, now=now)
    request = AttachmentRequest.objects.get()
    assert (request.person, request.state) == (person, AttachmentState.PENDING)
    with pytest.raises(AttachmentRefused):
        answer_attachment_request(request=request, accept=True, by=counsellor, now=now)

    answer_attachment_request(request=request, accept=True, by=holder, now=now)
    assert scope_for(counsellor, person) == GrantScope.FILE
    with pytest.raises(AttachmentRefused, match="déjà"):
        answer_attachment_request(request=request, accept=False, by=holder, now=now)


def test_a_refused_attachment_opens_nothing(counsellor, now):
    holder = MembershipFactory()
    person = PersonFactory(held_by=holder, first_name="Inès", last_name="Kadrani", birth_date=BORN)
    request_attachment(first_name="Inès", last_name="Kadrani", birth_date=BORN, by=counsellor, now=now)
    answer_attachment_request(request=AttachmentRequest.objects.get(), accept=False, by=holder, now=now)
    assert scope_for(counsellor, person) is None


def test_update_replaces_the_details_and_tells_the_second_editor(counsellor, now):
    person = PersonFactory(held_by=counsellor)
    updated = update_person(person=person, details=details(phone="+33600000000"), version=1, by=counsellor, now=now)
    assert (updated.last_name, updated.phone, updated.version) == ("Kadrani", "+33600000000", 2)
    with pytest.raises(EditConflict):
        update_person(person=person, details=details(), version=1, by=counsellor, now=now)


def test_only_the_referent_team_changes_a_file(counsellor, now):
    person = PersonFactory(held_by=MembershipFactory())
    AccessGrantFactory(person=person, organisation=counsellor.organisation)
    with pytest.raises(PersonRefused):
        update_person(person=person, details=details(), version=1, by=counsellor, now=now)
    with pytest.raises(ProfileRefused):
        save_profile(person=person, details=ProfileDetails(day=now.date()), by=counsellor, now=now)
    with pytest.raises(NoteRefused):
        add_note(person=person, text="non", by=counsellor, now=now)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"day": date(2026, 11, 24)}, "day"),
        ({"day": date(2004, 2, 28)}, "day"),
        ({"licence_since": date(2026, 11, 24)}, "licence_since"),
        ({"licence_since": BORN}, "licence_since"),
        ({"statuses": ("justice",)}, "statuses"),
    ],
)
def test_an_impossible_profile_is_refused(counsellor, now, values, field):
    person = PersonFactory(held_by=counsellor, birth_date=BORN)
    given = ProfileDetails(**({"day": date(2026, 11, 23)} | values))
    with pytest.raises(ProfileRefused) as refusal:
        save_profile(person=person, details=given, by=counsellor, now=now)
    assert refusal.value.field == field
    assert not Profile.objects.exists()


def test_the_database_itself_never_stores_justice(counsellor):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProfileFactory(statuses=["justice"])


def test_notes_are_kept_as_written(counsellor, now):
    person = PersonFactory(held_by=counsellor)
    note = add_note(person=person, text=" Bus jusqu’à 21 h.\n<script> ", by=counsellor, now=now)
    assert (note.text, note.organisation) == ("Bus jusqu’à 21 h.\n<script>", counsellor.organisation)
    for text in ("   ", "x" * 4001):
        with pytest.raises(NoteRefused):
            add_note(person=person, text=text, by=counsellor, now=now)
    assert Note.objects.count() == 1


def test_grants_open_once_and_close_by_origin(counsellor, now):
    person, other = PersonFactory(), PersonFactory()
    grant = {"organisation": counsellor.organisation, "scope": GrantScope.FILE, "reason": "x", "by": None, "now": now}
    first = open_grant(person=person, origin="A1", **grant)
    assert open_grant(person=person, origin="A1", **grant) == first
    open_grant(person=person, origin="A2", **grant)
    open_grant(person=other, origin="A1", **grant)

    assert close_grants(origin="A1", person=person, by=None, now=now) == 1
    assert get_person_for(counsellor, person.code)
    assert close_grants(origin="A2", organisation=counsellor.organisation, by=None, now=now) == 1
    with pytest.raises(Person.DoesNotExist):
        get_person_for(counsellor, person.code)
    assert AccessGrant.objects.filter(until=None).count() == 1
