"""The pages of ``essaim.journeys``."""

from datetime import date
from typing import Any

from django.utils import timezone

from essaim.accounts.enums import Role
from essaim.journeys.operations import (
    assign_staff,
    decide_prescription,
    join_queue,
    join_training,
    log_contact,
    open_signature_link,
    record_measure,
    renew_enrolment,
    request_hand_over,
    start_mentoring,
)
from tests.factories.accounts import MembershipFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.journeys import (
    make_action,
    make_eligible,
    make_enrolment,
    make_group,
    make_partner_plan,
    make_practice,
    make_prescription,
)
from tests.support.routes.objects import action, enrolment, person, person_ref
from tests.support.routes.world import (
    EVERYBODY,
    NOT_STEERING,
    ROLES,
    SIGNED_IN,
    STEERING,
    WORKING_WITH_PEOPLE,
    Route,
    World,
)


def partner(world: World) -> dict[str, Any]:
    launched = make_action(world.manager, partners=(make_partner_plan(OrganisationFactory()),))
    return {"ref": launched.ref, "pk": launched.partners.get().pk}


def decided(world: World) -> dict[str, Any]:
    made = make_prescription(world.counsellor)
    decision = decide_prescription(
        prescription=made, outcome="second_chance", on=made.made_on, version=1, by=world.counsellor, now=timezone.now()
    )
    return {"ref": made.ref, "decision": decision.ref}


def joining(world: World) -> dict[str, Any]:
    return {**action(world), "code": make_eligible(world.counsellor).code}


def waiting(world: World) -> dict[str, Any]:
    launched = make_action(world.manager)
    person = make_eligible(world.counsellor)
    entry = join_queue(action=launched, person=person, by=world.counsellor, now=timezone.now())
    return {"ref": launched.ref, "pk": entry.pk}


def group(world: World) -> dict[str, Any]:
    launched = make_action(world.manager)
    return {"ref": launched.ref, "group": make_group(world.manager, launched).ref}


def grouped(world: World) -> dict[str, Any]:
    opened = make_enrolment(world.manager)
    make_group(world.manager, opened.action)
    return {"ref": opened.action.ref, "parcours": opened.ref}


def staff(world: World) -> dict[str, Any]:
    launched = make_action(world.manager)
    member = assign_staff(
        action=launched, name="Léo", role="mentor", starts=launched.starts, by=world.manager, now=timezone.now()
    )
    return {"ref": launched.ref, "pk": member.pk}


def commitment(world: World) -> dict[str, Any]:
    return {"ref": make_enrolment(world.counsellor).commitments.get().ref}


def commitment_to_make(world: World) -> dict[str, Any]:
    return {**enrolment(world), "tool": "club_contract"}


def signature_link(world: World) -> dict[str, Any]:
    contract = make_enrolment(world.counsellor).commitments.get()
    given = {"signatory": "person", "by": world.counsellor, "now": timezone.now()}
    return {"token": open_signature_link(commitment=contract, **given)}


def measure(world: World) -> dict[str, Any]:
    given = {"type": "brick", "label": "Atelier", "used_on": date(2026, 4, 6), "by": world.counsellor}
    return {"ref": record_measure(enrolment=make_enrolment(world.counsellor), now=timezone.now(), **given).ref}


def training(world: World) -> dict[str, Any]:
    day = date(2026, 4, 6)
    given = {"title": "CACES", "is_qualifying": True, "joined_on": day, "starts": day, "by": world.counsellor}
    return {"ref": join_training(enrolment=make_enrolment(world.counsellor), now=timezone.now(), **given).ref}


def renewal(world: World) -> dict[str, Any]:
    opened = make_enrolment(world.counsellor)
    given = {"on": date(2026, 4, 6), "version": opened.version, "by": world.counsellor, "now": timezone.now()}
    return {"ref": renew_enrolment(enrolment=opened, **given).ref}


def mentoring(world: World) -> dict[str, Any]:
    opened, now = make_enrolment(world.counsellor), timezone.now()
    day = date(2026, 4, 6)
    staff = assign_staff(action=opened.action, name="Odette", role="mentor", starts=day, by=world.counsellor, now=now)
    return {"ref": start_mentoring(enrolment=opened, staff=staff, since=day, by=world.counsellor, now=now).ref}


def contact(world: World) -> dict[str, Any]:
    opened = make_enrolment(world.counsellor)
    given = {"mode": "phone", "reached": True, "by": world.counsellor, "now": timezone.now()}
    return {"pk": log_contact(person=opened.person, enrolment=opened, at=given["now"], **given).pk}


def hand_over(world: World) -> dict[str, Any]:
    opened = make_enrolment(world.counsellor)
    colleague = MembershipFactory(organisation=world.organisation)
    given = {"to_organisation": world.organisation, "to_user": colleague.user, "by": world.counsellor}
    return {"ref": request_hand_over(person=opened.person, enrolment=opened, now=timezone.now(), **given).ref}


def review(world: World) -> dict[str, Any]:
    return {"user_uuid": world.counsellor.user.uuid, "month": "2026-11"}


def review_line(world: World) -> dict[str, Any]:
    return {**review(world), "parcours": make_enrolment(world.counsellor).ref}


def asked(world: World) -> dict[str, Any]:
    return {"ref": make_prescription(world.counsellor).ref}


ROUTES: dict[str, Route] = {
    "journeys:person_strips": Route(WORKING_WITH_PEOPLE, person_ref),
    "journeys:person_fil": Route(WORKING_WITH_PEOPLE, person_ref),
    "journeys:person_parcours": Route(WORKING_WITH_PEOPLE, person_ref),
    "journeys:person_profile": Route(WORKING_WITH_PEOPLE, person_ref),
    "journeys:launch": Route(STEERING, lambda world: {"slug": make_practice().slug}, is_shared=True),
    "journeys:launches": Route(SIGNED_IN, lambda world: {"slug": make_practice().slug}, is_shared=True),
    "journeys:action_list": Route(ROLES),
    "journeys:action": Route(ROLES, action),
    "journeys:duplicate": Route(STEERING, action),
    "journeys:differences": Route(ROLES, action),
    "journeys:settings": Route(ROLES, action),
    "journeys:setting": Route(ROLES, lambda world: {**action(world), "key": "planned_persons"}, answers=NOT_STEERING),
    "journeys:partners": Route(ROLES, action),
    "journeys:partner_new": Route(ROLES, action, answers=NOT_STEERING),
    "journeys:partner_end": Route(ROLES, partner, answers=NOT_STEERING),
    "journeys:enrol": Route(WORKING_WITH_PEOPLE, action),
    "journeys:enrol_one": Route(
        WORKING_WITH_PEOPLE, lambda world: {**action(world), "code": make_eligible(world.counsellor).code}
    ),
    "journeys:exit": Route(WORKING_WITH_PEOPLE, action),
    "journeys:close": Route(WORKING_WITH_PEOPLE, enrolment),
    "journeys:correct": Route(WORKING_WITH_PEOPLE, enrolment),
    "journeys:cancel": Route(WORKING_WITH_PEOPLE, enrolment),
    "journeys:reopen": Route(WORKING_WITH_PEOPLE, enrolment),
    "journeys:prescription_list": Route(WORKING_WITH_PEOPLE),
    "journeys:prescription": Route(WORKING_WITH_PEOPLE, asked),
    "journeys:receive": Route(WORKING_WITH_PEOPLE, asked),
    "journeys:decide": Route(WORKING_WITH_PEOPLE, asked),
    "journeys:withdraw": Route(WORKING_WITH_PEOPLE, asked),
    "journeys:undo_decision": Route(WORKING_WITH_PEOPLE, decided),
    "journeys:destinations": Route(WORKING_WITH_PEOPLE, person_ref),
    "journeys:prescribe": Route(WORKING_WITH_PEOPLE, action),
    "journeys:prescribe_one": Route(WORKING_WITH_PEOPLE, joining),
    "journeys:received": Route(WORKING_WITH_PEOPLE, action),
    "journeys:received_file": Route(WORKING_WITH_PEOPLE, action),
    "journeys:queue_file": Route(WORKING_WITH_PEOPLE, action),
    "journeys:queue": Route(WORKING_WITH_PEOPLE, action),
    "journeys:call": Route(WORKING_WITH_PEOPLE, action),
    "journeys:join": Route(WORKING_WITH_PEOPLE, joining),
    "journeys:accept_place": Route(WORKING_WITH_PEOPLE, waiting),
    "journeys:leave": Route(WORKING_WITH_PEOPLE, waiting),
    "journeys:groups": Route(STEERING, action),
    "journeys:groups_file": Route(STEERING, action),
    "journeys:groups_propose": Route(STEERING, action),
    "journeys:group_new": Route(STEERING, action),
    "journeys:group_edit": Route(STEERING, group),
    "journeys:group_close": Route(STEERING, group),
    "journeys:move": Route(WORKING_WITH_PEOPLE, grouped, answers={Role.COUNSELLOR: 404}),
    "journeys:staff_new": Route(STEERING, action),
    "journeys:staff_end": Route(STEERING, staff),
    "journeys:renew": Route(WORKING_WITH_PEOPLE, enrolment),
    "journeys:renewal_cancel": Route(WORKING_WITH_PEOPLE, renewal),
    "journeys:measure_new": Route(WORKING_WITH_PEOPLE, enrolment),
    "journeys:measure_edit": Route(WORKING_WITH_PEOPLE, measure),
    "journeys:measure_cancel": Route(WORKING_WITH_PEOPLE, measure),
    "journeys:training_new": Route(WORKING_WITH_PEOPLE, enrolment),
    "journeys:training_edit": Route(WORKING_WITH_PEOPLE, training),
    "journeys:training_cancel": Route(WORKING_WITH_PEOPLE, training),
    "journeys:mentoring_new": Route(WORKING_WITH_PEOPLE, enrolment),
    "journeys:mentoring_end": Route(WORKING_WITH_PEOPLE, mentoring),
    "journeys:mentoring_cancel": Route(WORKING_WITH_PEOPLE, mentoring),
    "journeys:contact_cancel": Route(WORKING_WITH_PEOPLE, contact),
    "journeys:contact_new": Route(WORKING_WITH_PEOPLE, person),
    "journeys:commitment_new": Route(WORKING_WITH_PEOPLE, commitment_to_make),
    "journeys:commitment": Route(WORKING_WITH_PEOPLE, commitment),
    "journeys:commitment_paper": Route(WORKING_WITH_PEOPLE, commitment),
    "journeys:commitment_file": Route(WORKING_WITH_PEOPLE, commitment),
    "journeys:commitment_link": Route(WORKING_WITH_PEOPLE, lambda world: {**commitment(world), "signatory": "person"}),
    "journeys:commitment_cancel": Route(WORKING_WITH_PEOPLE, commitment),
    "journeys:sign_link": Route(EVERYBODY, signature_link, is_shared=True),
    "journeys:hand_over_file": Route(WORKING_WITH_PEOPLE),
    "journeys:hand_over_list": Route(WORKING_WITH_PEOPLE),
    "journeys:hand_over": Route(WORKING_WITH_PEOPLE, hand_over),
    "journeys:hand_over_refuse": Route(WORKING_WITH_PEOPLE, hand_over),
    "journeys:hand_over_cancel": Route(WORKING_WITH_PEOPLE, hand_over),
    "journeys:hand_over_new": Route(WORKING_WITH_PEOPLE, person),
    "journeys:review_list": Route(WORKING_WITH_PEOPLE),
    "journeys:review": Route(WORKING_WITH_PEOPLE, review),
    "journeys:review_file": Route(WORKING_WITH_PEOPLE, review),
    "journeys:review_line": Route(WORKING_WITH_PEOPLE, review_line),
}
