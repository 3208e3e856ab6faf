"""The pages of ``essaim.privacy``."""

from typing import Any

from django.utils import timezone

from essaim.privacy.operations import merge_people
from tests.factories.people import PersonFactory
from tests.support.routes.objects import person, person_ref
from tests.support.routes.world import MANAGERS, WORKING_WITH_PEOPLE, Route, World


def two_files(world: World) -> dict[str, Any]:
    return {"kept": person(world)["code"], "absorbed": person(world)["code"]}


def merged_files(world: World) -> dict[str, Any]:
    kept, absorbed = (PersonFactory(held_by=world.counsellor) for _ in range(2))
    return {"ref": merge_people(kept=kept, absorbed=absorbed, by=world.counsellor, now=timezone.now()).ref}


ROUTES: dict[str, Route] = {
    "privacy:keeping": Route(MANAGERS),
    "privacy:merge_list": Route(WORKING_WITH_PEOPLE),
    "privacy:merge_choose": Route(WORKING_WITH_PEOPLE),
    "privacy:merge": Route(WORKING_WITH_PEOPLE, two_files),
    "privacy:merge_undo": Route(WORKING_WITH_PEOPLE, merged_files),
    "privacy:person_data": Route(WORKING_WITH_PEOPLE, person_ref),
    "privacy:export": Route(WORKING_WITH_PEOPLE, person_ref),
    "privacy:erase": Route(MANAGERS, person_ref),
}
