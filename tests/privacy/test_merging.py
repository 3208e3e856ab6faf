"""Two files made one, and two again: nothing is lost, nothing is seen twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essaim.cli.archives.tables import compute_checksums
from essaim.journal.models import Fact
from essaim.journeys.operations import close_enrolment
from essaim.people.enums import GrantScope, SkillKind
from essaim.people.models import AccessGrant, Note, Person, Skill
from essaim.people.operations import add_barrier, add_note, add_skill, set_identifier
from essaim.people.queries import visible_people
from essaim.privacy.models import PersonMerge
from essaim.privacy.operations import MergeRefused, merge_people, undo_merge
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import make_meeting
from tests.factories.employers import make_contract
from tests.factories.journeys import make_action, make_eligible, make_enrolment
from tests.factories.people import AccessGrantFactory, PersonFactory

pytestmark = pytest.mark.django_db
TRACES = {"privacy_personmerge", "journal_subjectmerge"}


def checksums():
    with connection.cursor() as cursor:
        return {name: value for name, value in compute_checksums(cursor).items() if name not in TRACES}


def close(enrolment, by, now):
    return close_enrolment(
        enrolment=enrolment, on=date(2026, 4, 2), reason="job", version=enrolment.version, by=by, now=now
    )


def lives(person, by, now, action, *, closed=False):
    """A file with something of everything that this step knows."""
    enrolment = make_enrolment(by, action, person, now=now)
    add_note(person=person, text=f"Note de {person.code}", by=by, now=now)
    make_contract(by, enrolment, now=now)
    return close(enrolment, by, now) if closed else enrolment


def test_everything_about_the_absorbed_file_is_the_kept_ones(now):
    by = MembershipFactory()
    kept, absorbed = make_eligible(by, phone="0491000001"), make_eligible(by, phone="0491000002", email="b@exemple.fr")
    enrolment = lives(absorbed, by, now, make_action(by))
    facts = Fact.objects.count()
    merge = merge_people(kept=kept, absorbed=absorbed, by=by, now=now)
    kept.refresh_from_db()
    enrolment.refresh_from_db()
    assert enrolment.person == kept
    assert (kept.phone, kept.email) == ("0491000001", "b@exemple.fr")
    assert Note.objects.get().person == kept
    assert Fact.objects.filter(subject__person=kept).count() == Fact.objects.exclude(subject=None).count()
    assert Fact.objects.count() == facts
    assert list(visible_people(by).filter(pk__in=[kept.pk, absorbed.pk])) == [kept]
    assert merge.moved["rows"]["journeys.Enrolment.person"] == [enrolment.pk]


def test_two_parcours_of_one_action_are_one_story_and_two_again(now):
    by = MembershipFactory()
    action = make_action(by)
    kept, absorbed = make_eligible(by), make_eligible(by)
    lives(absorbed, by, now, action, closed=True)
    lives(kept, by, now, action)
    before = checksums()
    merge = merge_people(kept=kept, absorbed=absorbed, by=by, now=now)
    assert not Fact.objects.filter(subject__person=absorbed).exists()
    undo_merge(merge=merge, by=by, now=now)
    assert checksums() == before


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shared=st.booleans(),
    closed=st.booleans(),
    same_skill=st.booleans(),
    same_identifier=st.booleans(),
    is_protected=st.booleans(),
    meets=st.booleans(),
    completes=st.booleans(),
)
def test_merge_then_undo_leaves_every_table_as_it_was(
    now, shared, closed, same_skill, same_identifier, is_protected, meets, completes
):
    by = MembershipFactory()
    contact = {"phone": "0600000001", "email": "elle@exemple.fr"} if completes else {}
    kept, absorbed = make_eligible(by), make_eligible(by, is_protected=is_protected, **contact)
    action = make_action(by)
    lives(absorbed, by, now, action, closed=closed)
    if not shared or closed:
        lives(kept, by, now, action if shared else make_action(by))
    for person in (kept, absorbed):
        label = "Vente" if same_skill else f"Vente {person.code}"
        add_skill(person=person, kind=SkillKind.TRADE if hasattr(SkillKind, "TRADE") else SkillKind.values[0],
                  label=label, level=2, by=by, now=now)  # fmt: skip
        set_identifier(person=person, system="imilo", value=f"I{person.pk}", by=by, now=now)
        add_barrier(person=person, kind="mobility", since=date(2026, 3, 2), by=by, now=now)
    if meets:
        make_meeting(by, absorbed, now=now)
    if same_identifier:
        AccessGrantFactory(person=kept, organisation=action.organisation, scope=GrantScope.FILE, origin="X")
    before = checksums()
    merge = merge_people(kept=kept, absorbed=absorbed, by=by, now=now)
    assert not visible_people(by).filter(pk=absorbed.pk).exists()
    undo_merge(merge=merge, by=by, now=now + timedelta(days=1))
    assert checksums() == before


def test_what_both_files_have_is_kept_once(now):
    by = MembershipFactory()
    kept, absorbed = make_eligible(by), make_eligible(by)
    for person in (kept, absorbed):
        add_skill(person=person, kind=SkillKind.values[0], label="Anglais", level=2, by=by, now=now)
    merge_people(kept=kept, absorbed=absorbed, by=by, now=now)
    assert Skill.objects.filter(person=kept).count() == 1
    assert AccessGrant.objects.filter(person=kept, organisation=by.organisation).count() == 1


def test_two_open_parcours_in_one_action_refuse_the_merge(now):
    by = MembershipFactory()
    action = make_action(by)
    kept, absorbed = make_eligible(by), make_eligible(by)
    make_enrolment(by, action, kept)
    make_enrolment(by, action, absorbed)
    with pytest.raises(MergeRefused, match="Terminez ou annulez"):
        merge_people(kept=kept, absorbed=absorbed, by=by, now=now)
    assert not PersonMerge.objects.exists()


def test_two_appointments_at_one_time_refuse_the_merge(now):
    by, other = MembershipFactory(), MembershipFactory()
    kept, absorbed = PersonFactory(held_by=by), PersonFactory(held_by=by)
    make_meeting(by, kept, now=now)
    AccessGrantFactory(person=absorbed, organisation=other.organisation, scope=GrantScope.REFERENT)
    make_meeting(other, absorbed, now=now)
    with pytest.raises(MergeRefused, match="au même moment"):
        merge_people(kept=kept, absorbed=absorbed, by=by, now=now)


def test_only_the_referent_team_of_both_merges(now):
    by, other = MembershipFactory(), MembershipFactory()
    mine, theirs = PersonFactory(held_by=by), PersonFactory(held_by=other)
    with pytest.raises(MergeRefused, match="équipe référente"):
        merge_people(kept=mine, absorbed=theirs, by=by, now=now)
    AccessGrantFactory(person=theirs, organisation=by.organisation, scope=GrantScope.FILE)
    with pytest.raises(MergeRefused, match="équipe référente"):
        merge_people(kept=mine, absorbed=theirs, by=by, now=now)
    with pytest.raises(MergeRefused, match="deux fois"):
        merge_people(kept=mine, absorbed=mine, by=by, now=now)


def test_a_merged_file_is_merged_once_and_undone_once_from_the_last(now):
    by = MembershipFactory()
    first, second, third = (PersonFactory(held_by=by) for _ in range(3))
    inner = merge_people(kept=second, absorbed=first, by=by, now=now)
    with pytest.raises(MergeRefused, match="vient d’être fusionné"):
        merge_people(kept=third, absorbed=first, by=by, now=now)
    outer = merge_people(kept=third, absorbed=second, by=by, now=now)
    with pytest.raises(MergeRefused, match="défaites d’abord"):
        undo_merge(merge=inner, by=by, now=now)
    undo_merge(merge=outer, by=by, now=now)
    with pytest.raises(MergeRefused, match="déjà défaite"):
        undo_merge(merge=outer, by=by, now=now)
    undo_merge(merge=inner, by=by, now=now)
    assert visible_people(by).filter(pk__in=[first.pk, second.pk, third.pk]).count() == 3


def test_what_came_since_follows_its_parcours(now):
    by = MembershipFactory()
    kept, absorbed = make_eligible(by), make_eligible(by)
    enrolment = make_enrolment(by, None, absorbed)
    merge = merge_people(kept=kept, absorbed=absorbed, by=by, now=now)
    enrolment.refresh_from_db()
    contract = make_contract(by, enrolment, now=now)
    assert contract.person == kept
    undo_merge(merge=merge, by=by, now=now)
    contract.refresh_from_db()
    assert contract.person == absorbed
    assert contract.signed_fact.subject.person == absorbed


def test_facts_recorded_since_on_a_shared_pseudonym_return_with_their_row(now):
    by = MembershipFactory()
    action = make_action(by)
    kept, absorbed = make_eligible(by), make_eligible(by)
    former = close(make_enrolment(by, action, kept), by, now)
    enrolment = make_enrolment(by, action, absorbed, on=date(2026, 5, 4))
    merge = merge_people(kept=kept, absorbed=absorbed, by=by, now=now)
    enrolment.refresh_from_db()
    contract = make_contract(by, enrolment, signed_on=date(2026, 6, 1), starts=date(2026, 6, 8))
    assert contract.signed_fact.subject.person == kept
    undo_merge(merge=merge, by=by, now=now)
    contract.refresh_from_db()
    former.refresh_from_db()
    assert contract.person == contract.signed_fact.subject.person == absorbed
    assert former.person == former.opened_fact.subject.person == kept


@pytest.mark.django_db(transaction=True)
def test_two_merges_of_the_same_files_at_once_make_one(now):
    by = MembershipFactory()
    one, other = PersonFactory(held_by=by), PersonFactory(held_by=by)
    barrier = Barrier(4)

    def merge(kept, absorbed):
        try:
            barrier.wait(timeout=30)
            return merge_people(kept=kept, absorbed=absorbed, by=by, now=now)
        except MergeRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(merge, [one, other, one, other], [other, one, other, one]))
    assert sorted(type(result).__name__ for result in results) == ["MergeRefused"] * 3 + ["PersonMerge"]
    assert Person.objects.filter(merged_into__isnull=False).count() == 1
