"""The screens of approaches, applications, job interviews and companies."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from essaim.directory.models import Organisation
from essaim.employers.models import Application, Approach, CompanyContact, CompanyProfile, JobInterview, WorkContract
from essaim.employers.operations import CompanyFacts, ContactDetails, add_contact, save_company_profile
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import make_siret
from tests.factories.employers import make_application, make_approach, make_company, make_interview
from tests.factories.journeys import make_action, make_eligible, make_enrolment
from tests.factories.people import colleague_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def counsellor():
    return MembershipFactory()


@pytest.fixture
def client(client_for, counsellor):
    return client_for(counsellor)


def approach_data(participant="groupe", **values):
    return {
        "form_key": str(uuid4()),
        "participant": participant,
        "company_name": "Logis Express",
        "channel": "phone",
        "answer": "call_back",
        "made_on": "2026-04-20",
        "next_step": "call_back",
        "next_on": "2026-04-27",
    } | values


def test_an_approach_is_noted_from_a_persons_file_once(client, counsellor):
    enrolment = make_enrolment(counsellor)
    tab = client.get(reverse("people:person", args=[enrolment.person.code]), {"onglet": "contracts"}).content.decode()
    url = reverse("employers:log_approach", args=[enrolment.action.ref])
    assert f"{url}?parcours={enrolment.ref}" in tab
    form = client.get(url, {"parcours": enrolment.ref}).context["form"]
    assert (form["participant"].value(), form["by_person"].value()) == (enrolment.ref, True)
    data = approach_data(enrolment.ref, by_person="on")
    for _ in range(2):
        assert client.post(url, data).url == f"/personnes/{enrolment.person.code}/?onglet=contracts"
    approach = Approach.objects.get()
    assert (approach.company.name, approach.enrolment, approach.by_person) == ("Logis Express", enrolment, True)
    page = client.get(reverse("people:person", args=[enrolment.person.code]), {"onglet": "contracts"}).content.decode()
    assert "Logis Express" in page and "Rappeler" in page
    page = client.get(f"/actions/{enrolment.action.ref}/", {"onglet": "approaches"}).content.decode()
    assert enrolment.person.full_name in page
    exported = client.get(reverse("employers:approach_file", args=[enrolment.action.ref])).getvalue().decode()
    assert "Logis Express" in exported and enrolment.person.full_name in exported


def test_a_far_employer_asks_for_her_word(client, counsellor, now):
    enrolment, company = make_enrolment(counsellor), make_company(name="Logis Express")
    save_company_profile(company=company, facts=CompanyFacts(75), version=0, by=counsellor, now=now)
    url = reverse("employers:log_approach", args=[enrolment.action.ref])
    page = client.post(url, approach_data(enrolment.ref))
    assert "75 minutes" in page.content.decode() and "id_accepts_distance" in page.content.decode()
    assert client.post(url, approach_data(enrolment.ref, accepts_distance="on")).status_code == 302


def test_errors_of_an_approach_stay_beside_their_field(client, counsellor):
    action = make_action(counsellor)
    url = reverse("employers:log_approach", args=[action.ref])
    for wrong, field in [
        ({"company_name": ""}, "company_name"),
        ({"made_on": "2027-01-01"}, "made_on"),
        ({"next_on": ""}, "next_on"),
        ({"participant": "E0"}, "participant"),
    ]:
        assert set(client.post(url, approach_data(**wrong)).context["form"].errors) == {field}


def test_who_answered_is_chosen_among_the_contacts_of_the_company(client, counsellor, now):
    action, company = make_action(counsellor), make_company(name="Logis Express")
    noted = add_contact(
        company=company, details=ContactDetails("Nadège Roux", phone="+33491000000"), by=counsellor, now=now
    )
    url = reverse("employers:log_approach", args=[action.ref])
    names = reverse("employers:company_names")
    assert "Nadège Roux" in client.get(names, {"company_name": "logis", "contact_name": ""}).content.decode()
    assert "Nadège Roux" not in client.get(names, {"company_name": "logis"}).content.decode()
    data = approach_data(company_name=company.name)
    unknown = client.post(url, data | {"contact_name": "Personne"}).context["form"]
    assert set(unknown.errors) == {"contact_name"} and unknown.is_more_open
    assert client.post(url, data | {"contact_name": "nadege roux"}).status_code == 302
    approach = Approach.objects.get()
    assert approach.contact == noted
    url = reverse("employers:correct_approach", args=[action.ref, approach.ref])
    data = approach_data(company_name=company.name, version=1, contact_name="Nadège Roux", made_on="2026-04-21")
    assert client.post(url, data).status_code == 302
    assert client.post(url, data | {"version": 2, "contact_name": ""}).status_code == 302
    approach.refresh_from_db()
    assert approach.contact is None


def test_an_approach_is_followed_up_corrected_and_cancelled(client, counsellor):
    approach = make_approach(counsellor, next_step="call_back", next_on=date(2026, 11, 20))
    args = [approach.action.ref, approach.ref]
    url = reverse("employers:next_step", args=args)
    assert "Rappeler" in client.get(url).content.decode()
    assert client.post(url, {"version": 1, "on": "2026-11-30", "later": "1"}).status_code == 302
    approach.refresh_from_db()
    assert approach.next_on == date(2026, 11, 30)
    assert client.post(url, {"version": 2, "done": "1"}).status_code == 302
    data = approach_data(version=3, company_name="Autre", next_step="", next_on="")
    assert client.post(reverse("employers:correct_approach", args=args), data).status_code == 302
    approach.refresh_from_db()
    assert (approach.company.name, approach.next_step) == ("Autre", "")
    stale = client.post(reverse("employers:cancel_approach", args=args), {"version": 2})
    assert "Quelqu’un d’autre" in stale.content.decode()
    assert client.post(reverse("employers:cancel_approach", args=args), {"version": 4}).status_code == 302
    assert client.get(url).status_code == 404


def test_an_approach_leads_to_the_application_it_announced(client, counsellor, client_for):
    approach = make_approach(counsellor, make_enrolment(counsellor), next_step="send_cv", next_on=date(2026, 11, 20))
    action, company, enrolment = approach.action, approach.company, approach.enrolment
    url = f"{reverse('employers:apply', args=[action.ref])}?demarche={approach.ref}"
    assert url in client.get(reverse("employers:next_step", args=[action.ref, approach.ref])).content.decode()
    assert url in client.get(f"/actions/{action.ref}/", {"onglet": "approaches"}).content.decode()
    form = client.get(url).context["form"]
    assert (form["participant"].value(), form["company_name"].value()) == (enrolment.ref, company.name)
    data = {"participant": enrolment.ref, "company_name": company.name, "job": "Vendeuse", "on": "2026-04-20"}
    client.post(url, data | {"form_key": str(uuid4()), "stage": "cv_sent"})
    approach.refresh_from_db()
    assert Application.objects.get().approach == approach and approach.next_done_at is not None
    stranger = client_for(MembershipFactory())
    assert stranger.get(url).status_code == 404


def test_the_file_of_approaches_keeps_the_filters_of_the_list(client, counsellor):
    heard = make_approach(counsellor, company_name="Logis Express", company=None)
    make_approach(counsellor, company_name="Autre Maison", company=None, action=heard.action, answer="no")
    page = client.get(f"/actions/{heard.action.ref}/", {"onglet": "approaches", "reponse": "no"})
    link = next(
        part for part in page.content.decode().split('"') if "demarches/fichier/" in part and "xlsx" not in part
    )
    told = client.get(link.replace("&amp;", "&")).getvalue().decode()
    assert "Autre Maison" in told and "Logis Express" not in told


def test_known_companies_are_proposed_while_typing(client, client_for):
    make_company(name="Boulangerie de l’Étoile"), make_company(name="Logis")
    page = client.get("/entreprises/noms/", {"company_name": "etoi"}).content.decode()
    assert "Étoile" in page and "Logis" not in page
    assert client.get("/entreprises/noms/").content.decode().strip() == ""
    assert client_for(MembershipFactory(role="funder")).get("/entreprises/noms/").status_code == 403


def test_relations_with_employers_work_without_names(client_for, counsellor):
    approach = make_approach(counsellor)
    relations = client_for(colleague_of(counsellor, role="employer_relations"))
    ref, name = approach.action.ref, approach.enrolment.person.full_name
    page = relations.get(f"/actions/{ref}/", {"onglet": "approaches"}).content.decode()
    assert "Une personne du groupe" in page and name not in page
    assert name not in relations.get(reverse("employers:company", args=[approach.company.ref])).content.decode()
    assert name not in relations.get(reverse("employers:approach_file", args=[ref])).getvalue().decode()
    assert relations.get(reverse("employers:correct_approach", args=[ref, approach.ref])).status_code == 404
    url = reverse("employers:log_approach", args=[ref])
    assert name not in relations.get(url).content.decode()
    assert relations.post(url, approach_data()).status_code == 302
    assert relations.post(url, approach_data(approach.enrolment.ref)).status_code == 200
    assert relations.get(reverse("employers:board", args=[ref])).status_code == 403


def test_an_application_from_the_cv_to_the_contract(client, counsellor, now):
    enrolment, company = make_enrolment(counsellor), make_company(name="Logis Express")
    ref = enrolment.action.ref
    data = {"form_key": str(uuid4()), "participant": enrolment.ref, "company_name": "logis express", "job": "Cariste"}
    data |= {"stage": "cv_sent", "on": "2026-04-20"}
    for _ in range(2):
        url = client.post(reverse("employers:apply", args=[ref]), data).url
    application = Application.objects.get()
    assert url == reverse("employers:application", args=[ref, application.ref])
    wrong = client.post(url, {"version": 1, "stage": "cv_sent", "on": "2026-04-21"})
    assert "stage" in wrong.context["form"].errors
    assert client.post(url, {"version": 1, "stage": "introduced", "on": "2026-04-21"}).status_code == 302
    assert (
        "Quelqu’un d’autre"
        in client.post(url, {"version": 1, "stage": "interview", "on": "2026-04-22"}).content.decode()
    )
    fix = {"form_key": str(uuid4()), "on": "2026-11-20", "starts_at": "10:00", "ends_at": "11:00", "place": "Au siège"}
    interview_url = client.post(reverse("employers:fix_interview", args=[ref, application.ref]), fix).url
    interview = JobInterview.objects.get()
    assert "Comment s’est-il passé" in client.get(interview_url).content.decode()
    settle = reverse("employers:settle_interview", args=[ref, interview.ref, "passe"])
    assert client.post(settle, {"version": 1, "feedback": "positive"}).status_code == 302
    board = client.get(f"/actions/{ref}/", {"onglet": "applications"}).content.decode()
    assert "Entretien passé" in board and enrolment.person.full_name in board
    sign = reverse("employers:sign", args=[ref])
    asked = {"parcours": enrolment.ref, "candidature": application.ref, "entreprise": company.ref}
    assert client.get(sign, asked).context["form"].initial["application"] == application.ref
    contract = {
        "form_key": str(uuid4()),
        "participant": enrolment.ref,
        "application": application.ref,
        "organisation": company.ref,
        "type": "cdi",
        "signed_on": "2026-11-20",
        "starts": "2026-11-30",
        "source": "declared",
        "check_in_on": "2026-12-14",
        "check_in_at": "09:30",
    }
    response = client.post(sign, contract)
    assert response.status_code == 302, response.context["form"].errors
    application.refresh_from_db()
    assert (application.stage, application.contract) == ("hired", WorkContract.objects.get())
    assert enrolment.appointments.get().type == "post_hire"
    assert "terminée" in client.get(url).content.decode()


def test_a_stage_is_corrected_then_undone(client, counsellor):
    application = make_application(counsellor)
    args = [application.action.ref, application.ref]
    correct = reverse("employers:correct_stage", args=args)
    assert client.get(correct).context["form"]["stage"].value() == "cv_sent"
    assert client.post(correct, {"version": 1, "stage": "positioned", "on": "2026-04-19"}).status_code == 302
    undo = reverse("employers:undo_stage", args=args)
    assert "Annuler cette candidature" in client.get(undo).content.decode()
    assert client.post(undo, {"version": 2}).status_code == 302
    assert client.get(reverse("employers:application", args=args)).status_code == 404


def test_an_interview_is_prepared_missed_or_cancelled(client, counsellor, now):
    interview = make_interview(counsellor, starts=now + timedelta(days=2))
    ref = interview.application.action.ref
    page = client.get(reverse("employers:interview", args=[ref, interview.ref])).content.decode()
    assert "Noter la préparation" in page and "Comment s’est-il passé" not in page

    def settle(act, **values):
        return client.post(reverse("employers:settle_interview", args=[ref, interview.ref, act]), values)

    assert settle("preparer", version=1, prepared_on="2026-11-23").status_code == 302
    assert "n’a pas encore eu lieu" in settle("manque", version=2).content.decode()
    assert settle("exploser", version=2).status_code == 404
    assert settle("annuler", version=2).status_code == 302


def test_a_taken_person_is_told_by_the_hour(client, counsellor):
    enrolment = make_enrolment(counsellor)
    make_interview(counsellor, make_application(counsellor, enrolment), starts=datetime(2026, 12, 1, 9, tzinfo=UTC))
    other = make_application(counsellor, enrolment)
    fix = {"form_key": str(uuid4()), "on": "2026-12-01", "starts_at": "10:30", "ends_at": "11:30"}
    page = client.post(reverse("employers:fix_interview", args=[other.action.ref, other.ref]), fix)
    assert "entretien d’embauche" in str(page.context["form"].errors["starts_at"])


def test_what_we_know_of_a_company_and_whom_we_call(client, client_for):
    company = make_company(name="Logis Express")
    url = reverse("employers:company", args=[company.ref])
    known = reverse("employers:company_profile", args=[company.ref])
    assert client.post(known, {"version": 0, "travel_minutes": "20", "recruits_often": "on"}).status_code == 302
    assert CompanyProfile.objects.get().travel_minutes == 20
    new = {"form_key": str(uuid4()), "name": "Nadège Roux", "role": "RH", "phone": "04 91 00 00 00"}
    for _ in range(2):
        assert client.post(reverse("employers:contact_new", args=[company.ref]), new).status_code == 302
    contact = CompanyContact.objects.get()
    edit = reverse("employers:contact_edit", args=[company.ref, contact.ref])
    assert client.post(edit, new | {"version": 1, "has_left": "on"}).status_code == 302
    page = client.get(url).content.decode()
    assert "Nadège Roux" in page and "Partie" in page and "20" in page
    stranger = client_for(MembershipFactory())
    assert "Nadège Roux" not in stranger.get(url).content.decode()
    assert stranger.get(edit).status_code == 404
    filtered = client.get("/entreprises/", {"trajet": "30", "vise": "recruits_often"}).content.decode()
    assert "Logis Express" in filtered
    assert "Logis Express" not in client.get("/entreprises/", {"trajet": "15"}).content.decode()


def test_two_companies_of_one_name_are_told_before(client):
    make_company(name="Casino")
    data = {"form_key": str(uuid4()), "name": "casino", "kind": "company"}
    page = client.post("/entreprises/nouvelle/", data).content.decode()
    assert "porte déjà ce nom" in page and "id_is_another" in page
    assert client.post("/entreprises/nouvelle/", data | {"is_another": "on"}).status_code == 302
    with_siret = data | {"form_key": str(uuid4()), "siret": make_siret(9)}
    assert client.post("/entreprises/nouvelle/", with_siret).status_code == 302
    assert Organisation.objects.filter(name__iexact="casino").count() == 3


def test_queries_do_not_grow_with_the_rows(client, counsellor):
    action, company = make_action(counsellor), make_company()

    def add():
        enrolment = make_enrolment(counsellor, action, make_eligible(counsellor))
        make_approach(counsellor, enrolment, company=company, next_step="call_back", next_on=date(2026, 11, 25))
        make_approach(counsellor, enrolment, company=company)
        application = make_application(counsellor, enrolment, company=company)
        make_interview(counsellor, application, starts=timezone.now() + timedelta(days=1))
        known = {"company": make_company(), "facts": CompanyFacts(20), "version": 0}
        save_company_profile(**known, by=counsellor, now=timezone.now())
        return enrolment.person

    person = add()
    pages = [
        (f"/actions/{action.ref}/", {"onglet": "approaches"}),
        (f"/actions/{action.ref}/", {"onglet": "applications"}),
        (reverse("employers:company", args=[company.ref]), {}),
        ("/entreprises/", {}),
        (reverse("employers:log_approach", args=[action.ref]), {}),
        (reverse("people:person", args=[person.code]), {"onglet": "contracts"}),
    ]
    before = [count_queries(client, *page) for page in pages]
    add(), add()
    assert [count_queries(client, *page) for page in pages] == before


def count_queries(client, address, asked):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, asked).status_code == 200
    return len(captured)
