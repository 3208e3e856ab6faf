"""Search that forgives typing errors, and files that may be one person."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essaim.people.models import DistinctPair, Person
from essaim.people.operations import DistinctRefused, say_distinct
from essaim.people.queries import compare_for, keep_named, list_duplicates_for, searchable_people
from tests.factories.accounts import MembershipFactory
from tests.factories.people import AccessGrantFactory, IdentifierFactory, PersonFactory

pytestmark = pytest.mark.django_db
BORN = date(2004, 2, 28)


@pytest.fixture
def counsellor():
    return MembershipFactory()


def named(viewer, words):
    return [person.full_name for person in keep_named(searchable_people(viewer), words)]


@pytest.mark.parametrize(
    "words",
    ["toureli", "TOURÉLI sof", "touréil", "tourelli", "tourleli sofiane", "sofaine", "sofiane touerli", "soufiane"],
)
def test_a_typing_error_still_finds_her(counsellor, words):
    PersonFactory(held_by=counsellor, first_name="Sofiane", last_name="Touréli")
    PersonFactory(held_by=counsellor, first_name="Nadège", last_name="Kermarrec")
    assert named(counsellor, words) == ["Sofiane Touréli"]


def test_exact_beginnings_hide_the_near_ones_and_the_nearest_comes_first(counsellor):
    PersonFactory(held_by=counsellor, first_name="Paul", last_name="Martin")
    PersonFactory(held_by=counsellor, first_name="Zoé", last_name="Martinet")
    assert named(counsellor, "marti") == ["Paul Martin", "Zoé Martinet"]
    assert named(counsellor, "martni") == ["Paul Martin", "Zoé Martinet"]
    assert named(counsellor, "martinte")[0] == "Zoé Martinet"
    assert named(counsellor, "xyzabc") == []
    assert named(counsellor, "pal") == []


def test_an_error_of_typing_confirms_nothing_to_a_stranger(counsellor):
    PersonFactory(held_by=counsellor, first_name="Sofiane", last_name="Touréli")
    protected = PersonFactory(held_by=counsellor, protected=True, first_name="Awa", last_name="Secretain")
    attached = MembershipFactory()
    AccessGrantFactory(person=protected, organisation=attached.organisation)
    for words in ("touréil", "secretian"):
        assert named(attached, words) == []
        assert named(MembershipFactory(), words) == []
    assert named(counsellor, "secretian") == ["Awa Secretain"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_no_words_break_the_search(counsellor, words):
    list(keep_named(Person.objects.all(), words))


# Duplicates -------------------------------------------------------------------------------------------------------


def pair(counsellor, first, second):
    return (
        PersonFactory(held_by=counsellor, **{"first_name": "Inès", "last_name": "Kadrani", "birth_date": BORN} | first),
        PersonFactory(held_by=counsellor, **{"first_name": "Paul", "last_name": "Martin", "birth_date": None} | second),
    )


@pytest.mark.parametrize(
    ("first", "second", "reasons"),
    [
        ({}, {"first_name": "Ines", "last_name": "Kadrany", "birth_date": BORN}, ("same_birth_date",)),
        ({}, {"first_name": "Kadrani", "last_name": "Inès", "birth_date": BORN}, ("same_birth_date",)),
        ({}, {"first_name": "INES", "last_name": "Kadrani"}, ("same_name",)),
        ({"phone": "+33612345678"}, {"phone": "+33612345678"}, ("same_phone",)),
        ({"email": "a@exemple.fr"}, {"email": "a@exemple.fr"}, ("same_email",)),
    ],
)
def test_pairs_that_may_be_one_person(counsellor, first, second, reasons):
    one, other = pair(counsellor, first, second)
    found = list_duplicates_for(counsellor)
    assert [(each.first, each.second, each.reasons) for each in found] == [(one, other, reasons)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({}, {"birth_date": BORN}),
        ({}, {"first_name": "Inès", "last_name": "Kadrani", "birth_date": date(1990, 1, 1)}),
        ({"phone": "+33612345678", "is_phone_shared": True}, {"phone": "+33612345678"}),
        ({"phone": "+33612345678"}, {"phone": "+33612345678", "birth_date": date(2006, 1, 1)}),
    ],
    ids=["nothing in common", "the same birth date only", "homonyms", "a shared phone", "a family"],
)
def test_pairs_that_are_two_people(counsellor, first, second):
    pair(counsellor, first, second)
    assert list_duplicates_for(counsellor) == []


def test_the_same_identifier_elsewhere_is_a_reason(counsellor):
    one, other = pair(counsellor, {}, {})
    IdentifierFactory(person=one, value="1234567A")
    IdentifierFactory(person=other, value="1234567A", organisation=MembershipFactory().organisation)
    assert list_duplicates_for(counsellor)[0].reasons == ("same_identifier",)


def test_only_the_pairs_of_ones_own_lists(counsellor):
    one, other = pair(counsellor, {"phone": "+33612345678", "is_protected": True}, {"phone": "+33612345678"})
    attached = MembershipFactory()
    for person in (one, other):
        AccessGrantFactory(person=person, organisation=attached.organisation)
    assert len(list_duplicates_for(counsellor)) == 1
    assert list_duplicates_for(attached) == list_duplicates_for(MembershipFactory()) == list_duplicates_for(None) == []
    with pytest.raises(Person.DoesNotExist):
        compare_for(attached, (one.code, other.code))
    with pytest.raises(DistinctRefused):
        say_distinct(first=one, second=other, by=attached, now=one.created_at)


def test_said_to_be_two_people_they_are_never_proposed_again(client_for, counsellor):
    one, other = pair(counsellor, {"phone": "+33612345678"}, {"phone": "+33612345678"})
    client = client_for(counsellor)
    assert "Même téléphone" in client.get(reverse("people:duplicates")).content.decode()
    page = client.get(reverse("people:compare", args=[other.code, one.code])).content.decode()
    assert one.full_name in page
    for _ in range(2):
        client.post(reverse("people:distinct", args=[other.code, one.code]))
    assert DistinctPair.objects.get().first == one
    assert "Aucun doublon" in client.get(reverse("people:duplicates")).content.decode()


def test_a_file_is_not_compared_with_itself(client_for, counsellor):
    person = PersonFactory(held_by=counsellor)
    assert client_for(counsellor).get(reverse("people:compare", args=[person.code, person.code])).status_code == 404


@pytest.mark.parametrize("number", [2, 6])
def test_duplicates_ask_two_statements(counsellor, number, django_assert_num_queries):
    for _ in range(number):
        PersonFactory(held_by=counsellor, phone="+33612345678")
    with django_assert_num_queries(2):
        assert len(list_duplicates_for(counsellor)) == number * (number - 1) // 2
