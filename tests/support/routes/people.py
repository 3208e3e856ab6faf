"""The pages of ``essaim.people``."""

from typing import Any

from django.utils import timezone

from essaim.people.models import AttachmentRequest, PersonImport
from essaim.people.operations import answer_attachment_request
from tests.factories.people import (
    BarrierFactory,
    IdentifierFactory,
    PersonFactory,
    SkillFactory,
    TeamMemberFactory,
    make_document,
)
from tests.support.routes.objects import person
from tests.support.routes.world import WORKING_WITH_PEOPLE, Route, World


def import_done(world: World) -> dict[str, Any]:
    done = PersonImport.objects.create(
        organisation=world.organisation, by=world.counsellor.user, file_name="fichier.csv", done_at=timezone.now()
    )
    return {"ref": done.ref}


def attachment_request(world: World) -> dict[str, Any]:
    asked = AttachmentRequest.objects.create(
        person=PersonFactory(held_by=world.counsellor),
        organisation=world.stranger.organisation,
        asked_by=world.stranger.user,
    )
    return {"ref": asked.ref}


def two_people(world: World) -> dict[str, Any]:
    return {"first": person(world)["code"], "second": person(world)["code"]}


def barrier(world: World) -> dict[str, Any]:
    noted = BarrierFactory(person=PersonFactory(held_by=world.counsellor))
    return {"code": noted.person.code, "pk": noted.pk}


def skill(world: World) -> dict[str, Any]:
    noted = SkillFactory(person=PersonFactory(held_by=world.counsellor))
    return {"code": noted.person.code, "pk": noted.pk}


def identifier(world: World) -> dict[str, Any]:
    noted = IdentifierFactory(person=PersonFactory(held_by=world.counsellor), organisation=world.organisation)
    return {"code": noted.person.code, "system": noted.system}


def team_member(world: World) -> dict[str, Any]:
    noted = TeamMemberFactory(person=PersonFactory(held_by=world.counsellor), user=world.manager.user)
    return {"code": noted.person.code, "user": noted.user.uuid}


def document(world: World) -> dict[str, Any]:
    kept = make_document(world.counsellor)
    return {"code": kept.person.code, "ref": kept.ref}


def attachment(world: World) -> dict[str, Any]:
    asked = AttachmentRequest.objects.get(ref=attachment_request(world)["ref"])
    answer_attachment_request(request=asked, accept=True, by=world.counsellor, now=timezone.now())
    return {"code": asked.person.code, "ref": asked.ref}


ROUTES: dict[str, Route] = {
    "people:person_list": Route(WORKING_WITH_PEOPLE),
    "people:create": Route(WORKING_WITH_PEOPLE),
    "people:attach": Route(WORKING_WITH_PEOPLE),
    "people:answer_attachment": Route(WORKING_WITH_PEOPLE, attachment_request),
    "people:person": Route(WORKING_WITH_PEOPLE, person),
    "people:edit": Route(WORKING_WITH_PEOPLE, person),
    "people:contacts": Route(WORKING_WITH_PEOPLE, answers=dict.fromkeys(WORKING_WITH_PEOPLE | {"stranger"}, 404)),
    "people:duplicates": Route(WORKING_WITH_PEOPLE),
    "people:compare": Route(WORKING_WITH_PEOPLE, two_people),
    "people:distinct": Route(WORKING_WITH_PEOPLE, two_people),
    "people:situation": Route(WORKING_WITH_PEOPLE, person),
    "people:barrier_new": Route(WORKING_WITH_PEOPLE, person),
    "people:barrier_lift": Route(WORKING_WITH_PEOPLE, barrier),
    "people:skill_new": Route(WORKING_WITH_PEOPLE, person),
    "people:skill_remove": Route(WORKING_WITH_PEOPLE, skill),
    "people:identifier_new": Route(WORKING_WITH_PEOPLE, person),
    "people:identifier_remove": Route(WORKING_WITH_PEOPLE, identifier),
    "people:team_new": Route(WORKING_WITH_PEOPLE, person),
    "people:team_end": Route(WORKING_WITH_PEOPLE, team_member),
    "people:documents": Route(WORKING_WITH_PEOPLE, person),
    "people:document_new": Route(WORKING_WITH_PEOPLE, person),
    "people:document": Route(WORKING_WITH_PEOPLE, document),
    "people:document_delete": Route(WORKING_WITH_PEOPLE, document),
    "people:end_attachment": Route(WORKING_WITH_PEOPLE, attachment),
    "people:import_new": Route(WORKING_WITH_PEOPLE),
    "people:import_template": Route(WORKING_WITH_PEOPLE),
    "people:import": Route(WORKING_WITH_PEOPLE, import_done),
    "people:import_columns": Route(WORKING_WITH_PEOPLE, import_done),
    "people:import_confirm": Route(WORKING_WITH_PEOPLE, import_done),
    "people:import_cancel": Route(WORKING_WITH_PEOPLE, import_done),
    "people:notes": Route(WORKING_WITH_PEOPLE, person),
    "people:note_new": Route(WORKING_WITH_PEOPLE, person),
    "people:access": Route(WORKING_WITH_PEOPLE, person),
}
