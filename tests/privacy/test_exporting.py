"""The copy of her data: complete, readable, free of others."""

import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile

from essaim.people.operations import add_note, store_document
from essaim.privacy.operations import ExportRefused, erase_person, export_person, merge_people
from essaim.privacy.queries import personal_models, rows_about
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import make_meeting
from tests.factories.employers import make_contract
from tests.factories.journeys import make_action, make_eligible, make_enrolment
from tests.factories.people import PersonFactory
from tests.privacy.test_erasing import PDF

pytestmark = pytest.mark.django_db


def unpack(packed):
    archive = zipfile.ZipFile(io.BytesIO(packed))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def by():
    return MembershipFactory(manager=True)


def test_everything_kept_about_her_is_there_and_nobody_else(by, now):
    action = make_action(by)
    hers = make_eligible(by, first_name="Zéphyrine", last_name="Quatrevaux", phone="0491998877")
    other = make_eligible(by, first_name="Barnabé", last_name="Olivastre", phone="0612121212")
    for person in (hers, other):
        enrolment = make_enrolment(by, action, person, now=now)
        make_contract(by, enrolment, now=now)
        add_note(person=person, text=f"Mot sur {person.first_name}", by=by, now=now)
        store_document(person=person, kind="cv", title="CV", upload=ContentFile(PDF, "cv.pdf"), by=by, now=now)
    make_meeting(by, hers, now=now)
    files = unpack(export_person(person=hers, by=by, now=now))
    data = json.loads(files["donnees.json"])["data"]
    for model in personal_models():
        assert len(data.get(model._meta.label, [])) == rows_about(model, [hers.pk]).count(), model
    assert data["people.Person"][0]["phone"] == "0491998877"
    text = files["index.html"].decode()
    assert "Mot sur Zéphyrine" in text
    assert by.user.full_name in text
    everything = text + files["donnees.json"].decode()
    assert not [word for word in ("Barnabé", "Olivastre", "0612121212", other.code) if word in everything]
    assert [content for name, content in files.items() if name.startswith("documents/")] == [PDF]


def test_files_merged_into_hers_are_in_it(by, now):
    kept, absorbed = PersonFactory(held_by=by), PersonFactory(held_by=by, last_name="Autrefois")
    merge_people(kept=kept, absorbed=absorbed, by=by, now=now)
    files = unpack(export_person(person=absorbed, by=by, now=now))
    assert "Autrefois" in files["index.html"].decode()


def test_only_her_referent_team_exports_and_never_once_erased(by, now):
    person = PersonFactory(held_by=by)
    with pytest.raises(ExportRefused, match="équipe référente"):
        export_person(person=person, by=MembershipFactory(), now=now)
    erase_person(person=person, cause="request", by=by, now=now)
    person.refresh_from_db()
    with pytest.raises(ExportRefused, match="effacée"):
        export_person(person=person, by=None, now=now)
