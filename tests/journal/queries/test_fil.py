from datetime import UTC, datetime

import pytest

from essaim.journal.models import Action
from essaim.journal.queries import (
    fil_days,
    get_action_for,
    list_actions_for,
    list_facts_of_action_for,
    list_facts_of_person_for,
)
from tests.factories.accounts import MembershipFactory
from tests.factories.journal import ActionFactory, FactFactory, SubjectFactory
from tests.factories.people import AccessGrantFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer():
    return MembershipFactory(counsellor=True)


@pytest.fixture
def action(viewer):
    return ActionFactory(organisation=viewer.organisation)


def seen_person(viewer):
    person = PersonFactory()
    AccessGrantFactory(person=person, organisation=viewer.organisation)
    return person


def test_fil_of_a_person_is_for_those_who_open_her_file(viewer, action):
    person = seen_person(viewer)
    fact = FactFactory(action=action, person=person)
    elsewhere = FactFactory(person=person, at_text="2026-03-01")
    FactFactory(action=action, person=PersonFactory())
    assert list(list_facts_of_person_for(viewer, person)) == [fact, elsewhere]
    for stranger in (MembershipFactory(), MembershipFactory(steering=True, organisation=viewer.organisation), None):
        assert not list_facts_of_person_for(stranger, person)


def test_fil_of_an_action_shows_seen_people_and_facts_about_nobody(viewer, action):
    seen = FactFactory(action=action, person=seen_person(viewer), at_text="2026-03-03")
    FactFactory(action=action, person=PersonFactory())
    budget = FactFactory(action=action, kind="budget_line_recorded",
                         data={"amount": 1, "nature": "actual", "category": "staff"})  # fmt: skip
    assert list(list_facts_of_action_for(viewer, action)) == [seen, budget]
    assert list(list_facts_of_action_for(MembershipFactory(), action)) == []


def test_imported_actions_are_for_managers_steering_and_operators(viewer):
    imported = ActionFactory(imported=True)
    fact = FactFactory(action=imported, subject=SubjectFactory(action=imported, ref="P1"))
    for allowed in (
        MembershipFactory(manager=True),
        MembershipFactory(steering=True),
        MembershipFactory(operator=True),
    ):
        assert list(list_facts_of_action_for(allowed, imported)) == [fact]
        assert get_action_for(allowed, imported.ref) == imported
    for refused in (viewer, MembershipFactory(funder=True), None):
        assert not list_facts_of_action_for(refused, imported)
        with pytest.raises(Action.DoesNotExist):
            get_action_for(refused, imported.ref)
    [(_, [entry])] = fil_days(list_facts_of_action_for(MembershipFactory(steering=True), imported), with_people=True)
    assert entry.by == "P1"


def test_actions_are_those_of_the_organisation(viewer, action):
    ActionFactory()
    assert list(list_actions_for(viewer)) == [action]
    assert list(list_actions_for(viewer, words="rien de tel")) == []
    assert list(list_actions_for(viewer, words=action.ref.lower(), practice=action.practice.slug)) == [action]
    assert (
        list(
            list_actions_for(
                MembershipFactory(until=datetime(2026, 1, 1, tzinfo=UTC), since=datetime(2025, 1, 1, tzinfo=UTC))
            )
        )
        == []
    )


def test_fil_tells_what_happened_by_whom_and_what_became_of_it(viewer, action):
    person = seen_person(viewer)
    keys = {"action": action, "person": person, "author": viewer.user, "author_organisation": viewer.organisation}
    first = FactFactory(at_text="2026-03-02T10:05:00+01:00", **keys)
    FactFactory(at_text="2026-03-02", data={"void": True}, corrects=first, **keys)
    [(heading, entries)] = fil_days(list_facts_of_person_for(viewer, person))
    assert heading == "Lundi 2 mars 2026"
    assert [entry.sentence for entry in entries] == ["Entrée dans l’action", "Annulation : entrée dans l’action"]
    assert [entry.note for entry in entries] == ["Annulé depuis", ""]
    assert [entry.by for entry in entries] == [f"{viewer.user.full_name}, 10\u00a0h\u00a005", viewer.user.full_name]
    assert (entries[0].icon, entries[0].tone) == ("plus", "attn")
    [(_, [named, _])] = fil_days(list_facts_of_action_for(viewer, action), with_people=True)
    assert named.by == f"{person.full_name} · {viewer.user.full_name}, 10\u00a0h\u00a005"


@pytest.mark.parametrize("count", [1, 3])
def test_fil_costs_two_queries_whatever_its_length(viewer, action, count, django_assert_num_queries):
    person = seen_person(viewer)
    for _ in range(count):
        first = FactFactory(action=action, person=person, author=viewer.user)
        FactFactory(action=action, person=person, author=viewer.user, corrects=first)
    with django_assert_num_queries(2):
        assert len(fil_days(list_facts_of_person_for(viewer, person))[0][1]) == count * 2
    with django_assert_num_queries(1):
        fil_days(list_facts_of_action_for(viewer, action), with_people=True)
