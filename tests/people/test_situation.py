"""Barriers, skills, identifiers, team, referent, profiles: what is written, what is refused, who reads it."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from essaim.people.enums import GrantScope
from essaim.people.models import Barrier, ExternalIdentifier, Skill, TeamMember
from essaim.people.operations import (
    PersonDetails,
    PersonRefused,
    ProfileDetails,
    ProfileRefused,
    SituationRefused,
    add_barrier,
    add_skill,
    add_team_member,
    change_referent,
    create_person,
    end_team_member,
    lift_barrier,
    remove_identifier,
    remove_skill,
    save_profile,
    set_identifier,
)
from essaim.people.queries import list_barriers_for, list_identifiers_for, list_people_for, scope_for
from essaim.people.queries.lists import keep_followed_by
from tests.factories.accounts import MembershipFactory
from tests.factories.people import (
    AccessGrantFactory,
    BarrierFactory,
    NoteFactory,
    PersonFactory,
    ProfileFactory,
    SkillFactory,
    TeamMemberFactory,
    colleague_of,
    make_document,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 2)


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def person(counsellor):
    return PersonFactory(held_by=counsellor)


@pytest.fixture
def attached(person):
    membership = MembershipFactory()
    AccessGrantFactory(person=person, organisation=membership.organisation)
    return membership


def test_a_barrier_is_noted_once_and_lifted_once(person, counsellor, now):
    barrier = add_barrier(person=person, kind="mobility", since=DAY, by=counsellor, now=now)
    assert add_barrier(person=person, kind="mobility", since=date(2026, 11, 3), by=counsellor, now=now) == barrier
    with pytest.raises(SituationRefused) as refusal:
        lift_barrier(barrier=barrier, on=date(2026, 11, 1), by=counsellor, now=now)
    assert refusal.value.field == "on"
    lift_barrier(barrier=barrier, on=date(2026, 11, 20), by=counsellor, now=now)
    with pytest.raises(SituationRefused, match="déjà levé"):
        lift_barrier(barrier=barrier, on=date(2026, 11, 20), by=counsellor, now=now)
    add_barrier(person=person, kind="mobility", since=date(2026, 11, 21), by=counsellor, now=now)
    assert Barrier.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "since", "field"),
    [("justice", DAY, "kind"), ("money", date(2026, 11, 24), "since"), ("money", date(2004, 2, 28), "since")],
)
def test_an_impossible_barrier_is_refused(person, counsellor, now, kind, since, field):
    with pytest.raises(SituationRefused) as refusal:
        add_barrier(person=person, kind=kind, since=since, by=counsellor, now=now)
    assert refusal.value.field == field


def test_health_is_read_by_the_referent_team(person, counsellor, attached):
    BarrierFactory(person=person)
    BarrierFactory(person=person, kind="health")
    assert [barrier.kind for barrier in list_barriers_for(attached, person)] == ["mobility"]
    assert list_barriers_for(counsellor, person).count() == 2
    assert not list_barriers_for(MembershipFactory(), person)


def test_only_the_referent_team_changes_the_situation(person, attached, now):
    barrier = BarrierFactory(person=person)
    for attempt in (
        lambda: add_barrier(person=person, kind="money", since=DAY, by=attached, now=now),
        lambda: lift_barrier(barrier=barrier, on=DAY, by=attached, now=now),
        lambda: add_skill(person=person, kind="trade", label="Caisse", by=attached, now=now),
        lambda: add_team_member(person=person, user=attached.user, since=DAY, by=attached, now=now),
    ):
        with pytest.raises(SituationRefused, match="équipe référente"):
            attempt()


def test_a_skill_noted_again_is_replaced_then_removed(person, counsellor, now):
    add_skill(person=person, kind="software", label=" Excel ", level=1, by=counsellor, now=now)
    skill = add_skill(
        person=person, kind="software", label="Excel", level=3, evidence="certified", by=counsellor, now=now
    )
    assert (Skill.objects.count(), skill.level, skill.evidence) == (1, 3, "certified")
    remove_skill(skill=skill, by=counsellor, now=now)
    assert not Skill.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"label": " "}, "label"), ({"level": 5}, "level"), ({"kind": "x"}, "kind"), ({"evidence": "x"}, "evidence")],
)
def test_an_impossible_skill_is_refused(person, counsellor, now, values, field):
    with pytest.raises(SituationRefused) as refusal:
        add_skill(**{"person": person, "kind": "trade", "label": "Caisse", "by": counsellor, "now": now} | values)
    assert refusal.value.field == field


def test_an_identifier_belongs_to_one_file_and_is_read_by_its_organisation(person, counsellor, attached, now):
    set_identifier(person=person, system="france_travail", value=" 123 456 7A ", by=counsellor, now=now)
    identifier = set_identifier(person=person, system="france_travail", value="1234567B", by=counsellor, now=now)
    assert ExternalIdentifier.objects.get().value == "1234567B"
    with pytest.raises(SituationRefused, match="autre dossier"):
        set_identifier(
            person=PersonFactory(held_by=counsellor), system="france_travail", value="1234567B", by=counsellor, now=now
        )
    theirs = set_identifier(person=person, system="france_travail", value="1234567B", by=attached, now=now)
    assert list(list_identifiers_for(attached, person)) == [theirs]
    with pytest.raises(SituationRefused):
        remove_identifier(identifier=identifier, by=attached, now=now)
    remove_identifier(identifier=identifier, by=counsellor, now=now)
    assert ExternalIdentifier.objects.get() == theirs


def test_the_team_is_made_of_colleagues(person, counsellor, now):
    colleague = colleague_of(counsellor)
    member = add_team_member(person=person, user=colleague.user, since=DAY, by=counsellor, now=now)
    assert add_team_member(person=person, user=colleague.user, since=DAY, by=counsellor, now=now) == member
    for user in (counsellor.user, MembershipFactory().user, colleague_of(counsellor, role="funder").user):
        with pytest.raises(SituationRefused) as refusal:
            add_team_member(person=person, user=user, since=DAY, by=counsellor, now=now)
        assert refusal.value.field == "user"
    assert list(keep_followed_by(list_people_for(counsellor), str(colleague.user.uuid))) == [person]
    assert end_team_member(member=member, by=counsellor, now=now).until == now.date()
    assert not keep_followed_by(list_people_for(counsellor), str(colleague.user.uuid))
    with pytest.raises(SituationRefused):
        end_team_member(member=member, by=counsellor, now=now)


def test_the_referent_changes_within_the_organisation(person, counsellor, attached, now):
    colleague = colleague_of(counsellor)
    changed = change_referent(person=person, referent=colleague.user, by=counsellor, now=now)
    assert (changed.referent, changed.version) == (colleague.user, 2)
    with pytest.raises(PersonRefused):
        change_referent(person=person, referent=attached.user, by=counsellor, now=now)
    with pytest.raises(PersonRefused, match="équipe référente"):
        change_referent(person=person, referent=counsellor.user, by=attached, now=now)


def test_a_file_handed_over_opens_to_its_new_team_and_closes_to_the_former(person, counsellor, now):
    receiver = MembershipFactory()
    moved = change_referent(
        person=person, referent=receiver.user, organisation=receiver.organisation, by=receiver, now=now
    )
    assert moved.referent_organisation == receiver.organisation
    assert scope_for(receiver, person) == GrantScope.REFERENT
    assert scope_for(counsellor, person) is None


# Contacts and profiles ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"informed_how": "oral"}, "informed_on"),
        ({"representative_link": "mother"}, "representative_name"),
        ({"representative_phone": "+33600000000"}, "representative_name"),
        ({"domiciled_at": "CCAS", "housing": "home"}, "domiciled_at"),
        ({"latitude": Decimal("43.3")}, "latitude"),
    ],
)
def test_contacts_that_contradict_each_other_are_refused(counsellor, now, values, field):
    with pytest.raises(PersonRefused) as refusal:
        create_person(details=PersonDetails("Inès", "Kadrani", **values), by=counsellor, now=now)
    assert refusal.value.field == field


def test_contacts_are_tidied(counsellor, now):
    details = PersonDetails("Inès", "Kadrani", domiciled_at="CCAS", is_phone_shared=True, is_email_shared=True)
    person = create_person(details=details, by=counsellor, now=now)
    assert (person.housing, person.is_phone_shared, person.is_email_shared) == ("domiciled", False, False)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"zones": ("qpv",)}, "zone_source"),
        ({"zones": ("qpv",), "zone_source": "hand"}, "zone_proof"),
        ({"zones": ("qpv",), "zone_source": "address"}, "zone_source"),
        ({"zone_source": "hand", "zone_proof": "map"}, "zone_source"),
        ({"zones": ("zfu",), "zone_source": "address", "zone_proof": "map"}, "zone_proof"),
        ({"children": 21}, "children"),
        ({"travel_minutes": 4}, "travel_minutes"),
    ],
)
def test_an_unproved_zone_or_an_impossible_number_is_refused(person, counsellor, now, values, field):
    with pytest.raises(ProfileRefused) as refusal:
        save_profile(person=person, details=ProfileDetails(day=DAY, **values), by=counsellor, now=now)
    assert refusal.value.field == field


def test_a_complete_profile_is_kept(counsellor, now):
    person = PersonFactory(held_by=counsellor, latitude=Decimal("43.3"), longitude=Decimal("5.4"))
    given = ProfileDetails(
        day=DAY,
        zones=("qpv",),
        zone_source="address",
        household="alone",
        children=0,
        mobility=("walk", "transit"),
        travel_minutes=45,
        sought_trade="Caissière",
    )
    profile = save_profile(person=person, details=given, by=counsellor, now=now)
    profile.refresh_from_db()
    assert (profile.zone_source, profile.mobility, profile.travel_minutes) == ("address", ["walk", "transit"], 45)


# The screens ------------------------------------------------------------------------------------------------------


def test_the_situation_is_filled_from_its_tab(client_for, counsellor, person):
    client = client_for(counsellor)
    colleague = colleague_of(counsellor)

    def add(name, **values):
        url = reverse(f"people:{name}", args=[person.code])
        assert client.get(url).status_code == 200
        answer = client.post(url, {"form_key": str(uuid4()), **values})
        assert answer.status_code == 302, answer.context["form"].errors

    add("barrier_new", kind="childcare", since="2026-11-02")
    add("skill_new", kind="trade", label="Caisse", level="2", evidence="observed")
    add("identifier_new", system="imilo", value="M123")
    add("team_new", user=str(colleague.user.uuid), since="2026-11-02")
    ProfileFactory(person=person)
    page = client.get(reverse("people:person", args=[person.code]), {"onglet": "situation"}).content.decode()
    for words in ("Garde d’enfants", "Caisse", "M123", colleague.user.full_name, "1er mars 2026"):
        assert words in page

    barrier, skill = Barrier.objects.get(), Skill.objects.get()
    assert client.post(reverse("people:barrier_lift", args=[person.code, barrier.pk]), {"on": "2026-11-20"}).url
    client.post(reverse("people:skill_remove", args=[person.code, skill.pk]))
    client.post(reverse("people:identifier_remove", args=[person.code, "imilo"]))
    client.post(reverse("people:team_end", args=[person.code, colleague.user.uuid]))
    barrier.refresh_from_db()
    assert barrier.lifted_on == date(2026, 11, 20)
    assert not Skill.objects.exists()
    assert not ExternalIdentifier.objects.exists()
    assert TeamMember.objects.get().until == date(2026, 11, 23)


def test_what_is_not_of_this_file_is_not_found(client_for, counsellor, person):
    other = BarrierFactory(person=PersonFactory(held_by=counsellor))
    client = client_for(counsellor)
    assert client.get(reverse("people:barrier_lift", args=[person.code, other.pk])).status_code == 404


def test_someone_under_18_without_representative_is_told_not_blocked(client_for, counsellor):
    person = PersonFactory(held_by=counsellor, birth_date=date(2010, 5, 1))
    client = client_for(counsellor)
    assert (
        "quelqu’un doit signer pour elle" in client.get(reverse("people:person", args=[person.code])).content.decode()
    )
    form = client.get(reverse("people:edit", args=[person.code])).content.decode()
    assert 'class="fold" open' in " ".join(form.split())
    person.representative_name = "Salima Kadrani"
    person.save()
    assert "Salima Kadrani" in client.get(reverse("people:person", args=[person.code])).content.decode()


def test_nobody_to_call_and_nowhere_to_write_is_a_normal_case(client_for, counsellor):
    person = PersonFactory(held_by=counsellor, housing="domiciled", domiciled_at="CCAS des Rives")
    page = client_for(counsellor).get(reverse("people:person", args=[person.code])).content.decode()
    assert "Ni l’un ni l’autre" in page
    assert "domiciliée auprès de CCAS des Rives" in page


@pytest.mark.parametrize("tab", ["situation", "documents", "notes", "access"])
def test_the_tabs_ask_the_same_whatever_the_rows(client_for, counsellor, person, tab):
    client, url = client_for(counsellor), reverse("people:person", args=[person.code])

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(url, {"onglet": tab})
        return len(queries)

    def add_row(kind):
        BarrierFactory(person=person, kind=kind)
        ProfileFactory(person=person)
        SkillFactory(person=person)
        TeamMemberFactory(person=person)
        AccessGrantFactory(person=person)
        NoteFactory(person=person)
        make_document(counsellor, person)

    add_row("mobility")
    few = asked()
    for kind in ("money", "papers"):
        add_row(kind)
    assert asked() == few
