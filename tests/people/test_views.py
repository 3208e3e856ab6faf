"""The screens of people, as each role meets them."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essaim.accounts.models import ReadAudit
from essaim.people.enums import Status
from essaim.people.models import AttachmentRequest, ForeignLookup, Note, Person
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import CommuneFactory
from tests.factories.people import AccessGrantFactory, NoteFactory, PersonFactory, ProfileFactory, colleague_of

pytestmark = pytest.mark.django_db
CREATE = "/personnes/nouvelle/"


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def client(client_for, counsellor):
    return client_for(counsellor)


def identity(**values):
    return {"first_name": "Inès", "last_name": "Kadrani", "birth_date": "2004-02-29"} | values


def test_searching_then_creating(client, counsellor):
    CommuneFactory(name="Port-Aubry")
    page = client.post(CREATE, identity(step="search"))
    assert "Aucun dossier de votre organisation" in page.content.decode()

    data = identity(
        step="create",
        form_key=str(uuid4()),
        commune="port-aubry",
        phone="06 12 34 56 78",
        informed_on="2026-11-23",
        informed_how="oral",
    )
    first, again = client.post(CREATE, data), client.post(CREATE, data)
    person = Person.objects.get()
    assert first.url == again.url == reverse("people:person", args=[person.code])
    assert (person.commune.name, person.phone, person.informed_on) == ("Port-Aubry", "+33612345678", date(2026, 11, 23))
    assert person.birth_date == date(2004, 2, 29)


def test_creating_the_same_person_asks_for_a_confirmation(client, counsellor):
    known = PersonFactory(held_by=counsellor, first_name="Ines", last_name="KADRANI", birth_date=date(2004, 2, 29))
    found = client.post(CREATE, identity(step="search"))
    assert "Même nom et même date de naissance" in found.content.decode()
    data = identity(step="create", form_key=str(uuid4()))
    refused = client.post(CREATE, data)
    assert "porte ce nom" in refused.content.decode()
    assert 'value="Inès"' in refused.content.decode()
    assert client.post(CREATE, data | {"is_distinct": "on"}).status_code == 302
    assert Person.objects.exclude(pk=known.pk).count() == 1


def test_an_impossible_date_is_told_beside_the_field_and_kept(client):
    page = client.post(CREATE, identity(step="search", birth_date="31/02/2004"))
    assert "Le 31 février n’existe pas" in page.content.decode()
    assert 'value="31/02/2004"' in page.content.decode()


def test_a_file_held_elsewhere_says_nothing_but_that_it_exists(client):
    holder = MembershipFactory()
    PersonFactory(
        held_by=holder, first_name="Inès", last_name="Kadrani", birth_date=date(2004, 2, 29), phone="+33699999999"
    )
    content = client.post(CREATE, identity(step="search")).content.decode()
    assert "Une autre organisation tient déjà son dossier" in content
    for secret in (holder.organisation.name, holder.user.last_name, "99 99"):
        assert secret not in content
    assert client.post("/personnes/rattachement/", identity()).status_code == 302
    assert AttachmentRequest.objects.count() == 1
    assert ForeignLookup.objects.count() == 2


def test_the_referent_team_answers_an_attachment_on_the_file(client_for, client, counsellor):
    holder = MembershipFactory()
    person = PersonFactory(held_by=holder, first_name="Inès", last_name="Kadrani", birth_date=date(2004, 2, 29))
    client.post("/personnes/rattachement/", identity())
    request = AttachmentRequest.objects.get()
    url = reverse("people:answer_attachment", args=[request.ref])
    assert client.post(url, {"answer": "accept"}).status_code == 404
    page = client_for(holder).get(reverse("people:person", args=[person.code]), {"onglet": "access"})
    assert "Demandes de rattachement" in page.content.decode()
    client_for(holder).post(url, {"answer": "accept"})
    assert client.get(reverse("people:person", args=[person.code])).status_code == 200


def test_opening_a_file_is_recorded(client, counsellor):
    person = PersonFactory(held_by=counsellor)
    client.get(reverse("people:person", args=[person.code]))
    audit = ReadAudit.objects.get()
    assert (audit.kind, audit.object_ref, audit.user_uuid) == ("person", person.code, counsellor.user.uuid)


@pytest.mark.parametrize("page", ["people:edit", "people:note_new", "journeys:person_profile"])
def test_opening_a_form_of_a_file_is_recorded_too(client, counsellor, page):
    person = PersonFactory(held_by=counsellor)
    assert client.get(reverse(page, args=[person.code])).status_code == 200
    assert ReadAudit.objects.get().object_ref == person.code


def test_an_answer_without_a_choice_decides_nothing(client_for, client):
    holder = MembershipFactory()
    PersonFactory(held_by=holder, first_name="Inès", last_name="Kadrani", birth_date=date(2004, 2, 29))
    client.post("/personnes/rattachement/", identity())
    request = AttachmentRequest.objects.get()
    url = reverse("people:answer_attachment", args=[request.ref])
    page = client_for(holder).post(url, {}, follow=True)
    assert "Choisissez d’accepter ou de refuser." in page.content.decode()
    request.refresh_from_db()
    assert request.state == "pending"


def test_a_note_is_added_once(client, counsellor):
    person = PersonFactory(held_by=counsellor)
    url = reverse("people:note_new", args=[person.code])
    data = {"form_key": str(uuid4()), "text": "Bus jusqu’à 21 h."}
    for _ in range(2):
        assert client.post(url, data).url.endswith("?onglet=notes")
    assert Note.objects.get().text == "Bus jusqu’à 21 h."
    page = client.get(reverse("people:person", args=[person.code]), {"onglet": "notes"})
    assert "Bus jusqu’à 21 h." in page.content.decode()


def test_contacts_change_and_the_second_editor_is_told(client, counsellor):
    person = PersonFactory(held_by=counsellor, birth_date=date(2004, 2, 29))
    url = reverse("people:edit", args=[person.code])
    data = {"version": 1, "first_name": "Léa", "last_name": "Kadrani", "email": "LEA@exemple.fr"}
    assert client.post(url, data).status_code == 302
    person.refresh_from_db()
    assert (person.first_name, person.email, person.birth_date) == ("Léa", "lea@exemple.fr", date(2004, 2, 29))
    conflict = client.post(url, data | {"first_name": "Zoé"})
    assert "Quelqu’un d’autre" in conflict.content.decode()
    assert 'value="Zoé"' in conflict.content.decode()


# Who sees what ----------------------------------------------------------------------------------------------------

SECRETS = ("reconnaissance de handicap", "Ce qu’il ne faut pas ébruiter", "12 rue des Lilas")


@pytest.fixture
def person(counsellor):
    person = PersonFactory(held_by=counsellor, address="12 rue des Lilas")
    ProfileFactory(person=person, statuses=[Status.RSA.value, Status.DISABILITY.value])
    NoteFactory(person=person, text="Ce qu’il ne faut pas ébruiter")
    return person


def viewer(who, counsellor, person, now):
    if who in ("referent", "colleague"):
        return counsellor if who == "referent" else colleague_of(counsellor)
    if who == "same organisation, role without people":
        return colleague_of(counsellor, role="steering")
    membership = MembershipFactory(role="funder" if who == "funder" else "counsellor")
    if who in ("attached", "funder"):
        AccessGrantFactory(person=person, organisation=membership.organisation)
    if who == "access ended":
        AccessGrantFactory(person=person, organisation=membership.organisation, until=now)
    return membership


@pytest.mark.parametrize(
    ("who", "page", "tabs"),
    [
        ("referent", 200, 200),
        ("colleague", 200, 200),
        ("attached", 200, 200),
        ("access ended", 404, 404),
        ("stranger", 404, 404),
        ("funder", 403, 403),
        ("same organisation, role without people", 403, 403),
    ],
)
def test_who_opens_a_file(client_for, counsellor, person, now, who, page, tabs):
    client = client_for(viewer(who, counsellor, person, now))
    assert client.get(reverse("people:person", args=[person.code])).status_code == page
    for name in ("notes", "access"):
        assert client.get(reverse(f"people:{name}", args=[person.code]), follow=True).status_code == tabs
    is_team = who in ("referent", "colleague")
    for name in ("edit", "note_new"):
        assert client.get(reverse(f"people:{name}", args=[person.code])).status_code == (
            200 if is_team else page if page != 200 else 404
        )


def test_an_ended_membership_sees_nothing_at_the_next_request(client_for, counsellor, person, now):
    client = client_for(counsellor)
    assert client.get(reverse("people:person", args=[person.code])).status_code == 200
    counsellor.until = now
    counsellor.save()
    assert client.get(reverse("people:person", args=[person.code])).status_code == 403


def test_sensitive_fields_are_for_the_referent_team_on_every_door(client_for, client, counsellor, person):
    attached = MembershipFactory()
    AccessGrantFactory(person=person, organisation=attached.organisation)
    outside = client_for(attached)

    def everything(reader):
        doors = [
            reverse("people:person", args=[person.code]) + f"?onglet={tab}"
            for tab in ("fil", "notes", "access", "parcours")
        ]
        doors += [
            "/personnes/",
            "/personnes/?format=csv",
            "/personnes/?tri=statut",
            "/personnes/?colonnes=statuses&format=csv",
        ]
        return "".join(reader.get(url).content.decode() for url in doors)

    assert all(secret in everything(client) for secret in SECRETS[:2])
    shown = everything(outside)
    assert person.full_name in shown
    assert not [secret for secret in SECRETS if secret in shown]
    filtered = outside.get("/personnes/", {"statut": "disability"}).content.decode()
    assert "n’existe pas" in filtered
    assert "handicap" not in filtered


def test_a_protected_person_is_in_no_list_outside_her_referent_team(client_for, client, counsellor):
    person = PersonFactory(held_by=counsellor, protected=True, last_name="Secrète", phone="+33611111111")
    attached = MembershipFactory()
    AccessGrantFactory(person=person, organisation=attached.organisation)
    assert "Secrète" in client.get("/personnes/").content.decode()
    outside = client_for(attached)
    assert "Secrète" not in outside.get("/personnes/").content.decode()
    assert "Secrète" not in outside.get("/personnes/", {"q": "secrete", "format": "csv"}).content.decode()
    page = outside.get(reverse("people:person", args=[person.code])).content.decode()
    assert "11 11" not in page.replace("\u00a0", " ")


def test_the_list_searches_without_accents_and_exports_what_it_shows(client, counsellor):
    PersonFactory(held_by=counsellor, first_name="Élodie", last_name="N’Dioury")
    PersonFactory(held_by=counsellor, first_name="Paul", last_name="Martin")
    for words in ("elodie", "dioury", "ÉLO", "ndioury elodie".replace("nd", "n d")):
        content = client.get("/personnes/", {"q": words}).content.decode()
        assert "N’Dioury" in content
        assert "Martin" not in content
    export = client.get("/personnes/", {"q": "elo", "format": "csv"}).content.decode("utf-8-sig")
    assert "Élodie N’Dioury" in export
    assert "Paul" not in export


def test_anonymous_readers_are_asked_to_sign_in(person):
    code = person.code
    for name, arguments in [
        ("person_list", []), ("create", []), ("attach", []), ("answer_attachment", ["D0"]), ("person", [code]),
        ("edit", [code]), ("notes", [code]), ("note_new", [code]), ("access", [code]),
    ]:  # fmt: skip
        assert Client().get(reverse(f"people:{name}", args=arguments)).status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_list_do_not_grow_with_the_rows(client, counsellor, number, django_assert_num_queries):
    for _ in range(number):
        PersonFactory(held_by=counsellor)
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/personnes/")


LIST_QUERIES = 10

text = st.text(max_size=120)


FIELDS = ("first_name", "last_name", "birth_date", "phone", "email", "commune", "form_key", "referent")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.fixed_dictionaries(dict.fromkeys(FIELDS, text)))
def test_no_input_breaks_the_form(client, data):
    assert client.post(CREATE, data).status_code in (200, 302)
    assert client.post(CREATE, data | {"step": "create"}).status_code in (200, 302)


def test_the_list_leaves_with_contacts_and_where_people_live_only_to_their_team(client_for, client, counsellor):
    known = {"phone": "+33612345678", "address": "12 rue des Lilas", "postcode": "13003"}
    person = PersonFactory(held_by=counsellor, **known)
    hidden = PersonFactory(held_by=counsellor, protected=True, last_name="Secrète", phone="+33611111111")
    attached = MembershipFactory()
    for each in (person, hidden):
        AccessGrantFactory(person=each, organisation=attached.organisation)
    url = reverse("people:contacts")
    assert client.get(url).status_code == 404
    own = client.get(url, {"format": "csv", "tri": "name"}).content.decode("utf-8-sig")
    theirs = client_for(attached).get(url, {"format": "csv"}).content.decode("utf-8-sig")
    assert all(words in own for words in ("Lilas", "13003", "612345678", "Secrète"))
    assert "612345678" in theirs
    assert not [words for words in ("Lilas", "13003", "Secrète") if words in theirs]
    assert client.get(url, {"format": "xlsx", "q": "secrete"}).status_code == 200
    assert ReadAudit.objects.filter(kind="person_contacts").count() == 3


def test_the_list_is_narrowed_to_a_colleague(client, counsellor):
    colleague = colleague_of(counsellor)
    PersonFactory(held_by=counsellor, last_name="Martin")
    PersonFactory(held_by=colleague, last_name="Durand")
    page = client.get("/personnes/", {"suivi": str(colleague.user.uuid)}).content.decode()
    assert "Durand" in page
    assert "Martin" not in page


def test_an_accepted_attachment_is_ended_by_the_referent_team(client_for, client):
    holder = MembershipFactory()
    person = PersonFactory(held_by=holder, first_name="Inès", last_name="Kadrani", birth_date=date(2004, 2, 29))
    client.post("/personnes/rattachement/", identity())
    request = AttachmentRequest.objects.get()
    team = client_for(holder)
    team.post(reverse("people:answer_attachment", args=[request.ref]), {"answer": "accept"})
    url = reverse("people:end_attachment", args=[person.code, request.ref])
    assert client.get(url).status_code == 404
    tab = team.get(reverse("people:person", args=[person.code]), {"onglet": "access"}).content.decode()
    assert url in tab
    assert "Retirer cet accès" in team.get(url).content.decode()
    team.post(url)
    assert client.get(reverse("people:person", args=[person.code])).status_code == 404
    assert team.get(url).status_code == 404
