"""Her name is nowhere: not in a dump, a file, a message nor the argument of a task. The figures stay."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from essaim.journal.models import Fact, Subject
from essaim.journeys.models import Enrolment
from essaim.journeys.operations import close_enrolment
from essaim.kernel.enums import Channel
from essaim.kernel.operations import prepare_message
from essaim.people.models import Person, PersonImport
from essaim.people.operations import add_note, store_document
from essaim.people.queries import visible_people
from essaim.privacy.enums import ErasureCause
from essaim.privacy.models import Erasure
from essaim.privacy.operations import ErasureRefused, erase_person, merge_people, replay_erasures
from essaim.privacy.queries import KnownErasure, erasures_path, list_known_erasures
from essaim.steering.queries import compute_bilan
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import make_meeting
from tests.factories.employers import make_contract
from tests.factories.journeys import make_eligible, make_enrolment
from tests.factories.people import PersonFactory

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
WORDS = ("Zéphyrine", "Quatrevaux", "0491998877", "zephyrine@exemple.fr", "impasse du Muguet", "Wolof", "Gontran")
SECRET = {
    "first_name": "Zéphyrine",
    "last_name": "Quatrevaux",
    "phone": "0491998877",
    "email": "zephyrine@exemple.fr",
    "address": "12 impasse du Muguet",
    "spoken_language": "Wolof",
    "representative_name": "Gontran Quatrevaux",
    "birth_date": date(2004, 8, 17),
}


def dump() -> str:
    """Every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        tables = [row[0] for row in cursor.fetchall()]
        out = io.StringIO()
        for table in tables:
            with cursor.connection.cursor().copy(f'COPY "{table}" TO STDOUT') as rows:
                out.writelines(bytes(piece).decode() for piece in rows)
    return out.getvalue()


def files(folder) -> str:
    return "\n".join(
        f"{path.name} {path.read_bytes().decode(errors='replace')}" for path in folder.rglob("*") if path.is_file()
    )


def close(enrolment, by, now):
    return close_enrolment(
        enrolment=enrolment, on=date(2026, 6, 2), reason="job", version=enrolment.version, by=by, now=now
    )


def whole_life(by, now):
    """Someone with something in every table that this test knows how to fill, her parcours closed."""
    person = make_eligible(by, **SECRET)
    enrolment = make_enrolment(by, None, person, now=now)
    Enrolment.objects.filter(pk=enrolment.pk).update(override_codes=["age"], override_reason="Zéphyrine insiste")
    contract = make_contract(by, enrolment, now=now)
    add_note(person=person, text="Zéphyrine Quatrevaux vit impasse du Muguet", by=by, now=now)
    store_document(person=person, kind="cv", title="CV de Zéphyrine", upload=ContentFile(PDF, "cv.pdf"), by=by, now=now)
    enrolment.refresh_from_db()
    close(enrolment, by, now)
    prepare_message(
        business_key="test:1", channel=Channel.EMAIL, recipient=person.email, subject="Rendez-vous",
        body="Bonjour Zéphyrine", about_kind="person", about_ref=person.code, now=now,
    )  # fmt: skip
    prepare_message(
        business_key="test:2", channel=Channel.EMAIL, recipient="referent@exemple.fr",
        body="Zéphyrine Quatrevaux a manqué", about_kind="enrolment", about_ref=enrolment.ref, now=now,
    )  # fmt: skip
    draft = PersonImport.objects.create(organisation=by.organisation, by=by.user, file_name="zephyrine.csv")
    draft.file.save("x.csv", ContentFile("nom;prenom\nQuatrevaux;Zéphyrine\n".encode()))
    return person, enrolment, contract


@pytest.mark.django_db(transaction=True)
def test_nothing_names_her_any_more_and_every_figure_stays(now, folders):
    by = MembershipFactory(manager=True)
    person, enrolment, _ = whole_life(by, now)
    action = enrolment.action
    before = compute_bilan(action, since=action.starts, until=action.ends).document()
    facts = Fact.objects.count()
    assert all(word in dump() for word in WORDS)
    assert "Zéphyrine" in files(folders)
    erase_person(person=person, cause=ErasureCause.REQUEST, by=by, now=now)
    left = dump() + files(folders)
    assert not [word for word in (*WORDS, "zephyrine", "quatrevaux", "2004-08-17") if word in left]
    assert person.code in left
    assert Fact.objects.count() == facts
    assert compute_bilan(action, since=action.starts, until=action.ends).document() == before
    assert not Subject.objects.filter(person=person).exists()
    assert not visible_people(by).filter(pk=person.pk).exists()
    assert json.loads(erasures_path().read_text())["code"] == person.code
    assert Erasure.objects.get().cause == "request"


@pytest.mark.django_db
def test_the_files_merged_into_hers_are_erased_with_it(now):
    by = MembershipFactory(manager=True)
    kept, absorbed = PersonFactory(held_by=by), PersonFactory(held_by=by, **SECRET)
    merge_people(kept=kept, absorbed=absorbed, by=by, now=now)
    erase_person(person=absorbed, cause=ErasureCause.REQUEST, by=by, now=now)
    assert set(Erasure.objects.values_list("code", flat=True)) == {kept.code, absorbed.code}
    assert not [word for word in WORDS if word in dump()]


@pytest.mark.django_db
def test_an_open_parcours_or_an_appointment_to_come_refuses_the_erasure(now):
    by = MembershipFactory(manager=True)
    enrolment = make_enrolment(by)
    make_meeting(by, enrolment.person, now=now, starts=now + timedelta(days=1))
    with pytest.raises(ErasureRefused) as refusal:
        erase_person(person=enrolment.person, cause=ErasureCause.REQUEST, by=None, now=now)
    assert len(refusal.value.reasons) == 2
    assert Person.objects.get(pk=enrolment.person_id).erased_at is None


@pytest.mark.django_db
def test_only_a_manager_of_the_referent_team_erases_and_once(now):
    manager, counsellor = MembershipFactory(manager=True), MembershipFactory()
    person = PersonFactory(held_by=counsellor)
    for by in (manager, counsellor):
        with pytest.raises(ErasureRefused, match="responsable"):
            erase_person(person=person, cause=ErasureCause.REQUEST, by=by, now=now)
    erase_person(person=person, cause=ErasureCause.REQUEST, by=None, now=now)
    with pytest.raises(ErasureRefused, match="déjà"):
        erase_person(person=person, cause=ErasureCause.REQUEST, by=None, now=now)


@pytest.mark.django_db
def test_someone_restored_is_erased_again_even_in_an_open_parcours(now):
    by = MembershipFactory(manager=True)
    enrolment = make_enrolment(by)
    known = [KnownErasure(enrolment.person.code, now, "request"), KnownErasure("PAILLEURS", now, "retention")]
    assert replay_erasures(known=known) == 1
    assert replay_erasures(known=known) == 0
    assert list_known_erasures() == sorted(known, key=lambda one: one.code)
