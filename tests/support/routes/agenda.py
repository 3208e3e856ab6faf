"""The pages of ``essaim.agenda``."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from essaim.agenda.operations import DecisionPlan, declare_absence, record_attendance, take_decision
from essaim.journeys.operations import request_hand_over
from tests.factories.accounts import MembershipFactory
from tests.factories.agenda import RoomFactory, make_committee, make_meeting, make_session
from tests.factories.journeys import make_action, make_eligible, make_enrolment
from tests.support.routes.objects import action, person, person_ref
from tests.support.routes.world import ROLES, STEERING, WORKING_WITH_PEOPLE, Route, World


def meeting(world: World) -> dict[str, Any]:
    tomorrow = timezone.localtime().replace(hour=10, minute=0) + timedelta(days=1)
    return {"ref": make_meeting(world.counsellor, starts=tomorrow).ref}


def person_in_action(world: World) -> dict[str, Any]:
    return {**action(world), "code": person(world)["code"]}


def absence(world: World) -> dict[str, Any]:
    away = timezone.localdate() + timedelta(days=3)
    declared = declare_absence(
        user=world.counsellor.user, starts=away, ends=away, by=world.counsellor, now=timezone.now()
    )
    return {"pk": declared.pk}


def received_hand_over(world: World) -> dict[str, Any]:
    giver = MembershipFactory()
    enrolment = make_enrolment(giver, person=make_eligible(giver))
    asked = request_hand_over(
        person=enrolment.person, enrolment=enrolment, to_organisation=world.organisation, moves_file=True, by=giver,
        now=timezone.now(),
    )  # fmt: skip
    return {"ref": asked.ref}


def room(world: World) -> dict[str, Any]:
    return {"ref": RoomFactory(organisation=world.organisation).ref}


def session(world: World) -> dict[str, Any]:
    return {"ref": make_session(world.counsellor, make_action(world.manager)).session.ref}


def held_session(world: World) -> dict[str, Any]:
    planned = make_session(world.counsellor, make_action(world.manager))
    record_attendance(planned=planned, rows=[], by=world.counsellor, now=timezone.now())
    return {"ref": planned.session.ref}


def committee(world: World) -> dict[str, Any]:
    """A meeting to come: nobody but who steers its action was invited."""
    starts = timezone.now() + timedelta(days=1)
    return {"ref": make_committee(world.manager, make_action(world.manager), starts=starts).planned.session.ref}


def decision(world: World) -> dict[str, Any]:
    meeting = make_committee(world.manager, make_action(world.manager), starts=timezone.now() + timedelta(days=1))
    plan = DecisionPlan("Écrire aux partenaires", world.manager.user, "", timezone.localdate() + timedelta(days=30))
    return {"ref": take_decision(meeting=meeting, plan=plan, by=world.manager, now=timezone.now()).ref}


NOT_INVITED = dict.fromkeys(ROLES - STEERING, 404)
NO_DOCUMENT = dict.fromkeys(ROLES, 404)

ROUTES: dict[str, Route] = {
    "agenda:room_list": Route(WORKING_WITH_PEOPLE),
    "agenda:room_new": Route(WORKING_WITH_PEOPLE),
    "agenda:room": Route(WORKING_WITH_PEOPLE, room),
    "agenda:room_close": Route(WORKING_WITH_PEOPLE, room),
    "agenda:session_list": Route(WORKING_WITH_PEOPLE, action),
    "agenda:session_file": Route(WORKING_WITH_PEOPLE, action, answers=dict.fromkeys(WORKING_WITH_PEOPLE, 404)),
    "agenda:session_new": Route(WORKING_WITH_PEOPLE, action),
    "agenda:training_new": Route(WORKING_WITH_PEOPLE, lambda world: {**action(world), "step": "week1"}),
    "agenda:session": Route(WORKING_WITH_PEOPLE, session),
    "agenda:session_edit": Route(WORKING_WITH_PEOPLE, session),
    "agenda:session_cancel": Route(WORKING_WITH_PEOPLE, session),
    "agenda:register_people": Route(WORKING_WITH_PEOPLE, session),
    "agenda:unregister_person": Route(WORKING_WITH_PEOPLE, lambda world: {**session(world), **person(world)}),
    "agenda:attendance": Route(WORKING_WITH_PEOPLE, session),
    "agenda:attendance_cancel": Route(WORKING_WITH_PEOPLE, held_session),
    "agenda:sheet_pdf": Route(WORKING_WITH_PEOPLE, session),
    "agenda:person_presence": Route(WORKING_WITH_PEOPLE, person_ref),
    "agenda:home": Route(WORKING_WITH_PEOPLE),
    "agenda:appointment_choose": Route(WORKING_WITH_PEOPLE),
    "agenda:interview": Route(WORKING_WITH_PEOPLE, meeting),
    "agenda:interview_correct": Route(WORKING_WITH_PEOPLE, meeting),
    "agenda:appointment_move": Route(WORKING_WITH_PEOPLE, meeting),
    "agenda:appointment_cancel": Route(WORKING_WITH_PEOPLE, meeting),
    "agenda:appointment_miss": Route(WORKING_WITH_PEOPLE, meeting),
    "agenda:appointment_reopen": Route(WORKING_WITH_PEOPLE, meeting),
    "agenda:appointment_next": Route(WORKING_WITH_PEOPLE, meeting),
    "agenda:caseloads": Route(WORKING_WITH_PEOPLE),
    "agenda:caseloads_file": Route(WORKING_WITH_PEOPLE),
    "agenda:absence_new": Route(WORKING_WITH_PEOPLE),
    "agenda:absence_withdraw": Route(WORKING_WITH_PEOPLE, absence),
    "agenda:give_caseload": Route(WORKING_WITH_PEOPLE, lambda world: {"uuid": world.counsellor.user.uuid}),
    "agenda:accept_hand_over": Route(WORKING_WITH_PEOPLE, received_hand_over),
    "agenda:interview_step": Route(WORKING_WITH_PEOPLE, action),
    "agenda:action_agenda": Route(WORKING_WITH_PEOPLE, action),
    "agenda:appointment_in_action": Route(WORKING_WITH_PEOPLE, person_in_action),
    "agenda:person_appointments": Route(WORKING_WITH_PEOPLE, person_ref),
    "agenda:person_next": Route(WORKING_WITH_PEOPLE, person_ref),
    "agenda:appointment_new": Route(WORKING_WITH_PEOPLE, person_ref),
    "agenda:my_meetings": Route(ROLES),
    "agenda:my_meeting_file": Route(ROLES),
    "agenda:my_decision_file": Route(ROLES),
    "agenda:meeting_list": Route(ROLES, action),
    "agenda:meeting_file": Route(ROLES, action),
    "agenda:decision_file": Route(ROLES, action),
    "agenda:meeting_new": Route(STEERING, action),
    "agenda:meeting": Route(ROLES, committee, answers=NOT_INVITED),
    "agenda:meeting_edit": Route(STEERING, committee),
    "agenda:meeting_cancel": Route(STEERING, committee),
    "agenda:meeting_invite": Route(STEERING, committee),
    "agenda:minutes": Route(STEERING, committee),
    "agenda:minutes_approve": Route(STEERING, committee),
    "agenda:minutes_send": Route(STEERING, committee),
    "agenda:minutes_pdf": Route(ROLES, committee, answers=NOT_INVITED),
    "agenda:meeting_document": Route(ROLES, committee, answers=NO_DOCUMENT),
    "agenda:decision_new": Route(STEERING, committee),
    "agenda:decision": Route(ROLES, decision, answers=NOT_INVITED),
    "agenda:decision_edit": Route(STEERING, decision),
    "agenda:decision_withdraw": Route(STEERING, decision),
}
