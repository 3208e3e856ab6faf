"""One row per URL: what it takes to open it, and who may. A URL without a row fails ``test_access.py``.

An app adds its rows in ``ROUTES``::

    "people:person": Route(WORKING_WITH_PEOPLE, lambda world: {"code": PersonFactory(...).code}),

``kwargs(world)`` makes the objects, belonging to ``world.organisation``, and returns the arguments of the
URL. The stranger (a manager of another organisation) then gets 404, unless the row says ``is_shared``. A
route without GET is opened by POST with ``data(world)``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from essaim.accounts.enums import Role
from essaim.accounts.models import Membership
from essaim.accounts.operations import invite_member
from essaim.agenda.operations import declare_absence, record_attendance
from essaim.directory.models import Organisation
from essaim.employers.operations import ContactDetails, add_contact
from essaim.journeys.operations import (
    assign_staff,
    decide_prescription,
    join_queue,
    join_training,
    open_signature_link,
    record_measure,
    renew_enrolment,
    request_hand_over,
    start_mentoring,
)
from essaim.people.models import AttachmentRequest, PersonImport
from essaim.people.operations import answer_attachment_request
from essaim.privacy.operations import merge_people
from tests.factories.accounts import InvitationFactory, MembershipFactory, UserFactory
from tests.factories.agenda import RoomFactory, make_meeting, make_session
from tests.factories.directory import OrganisationFactory, TerritoryFactory
from tests.factories.employers import (
    make_agreement,
    make_application,
    make_approach,
    make_company,
    make_contract,
    make_interview,
    make_sheet,
)
from tests.factories.journeys import (
    make_action,
    make_eligible,
    make_enrolment,
    make_group,
    make_partner_plan,
    make_practice,
    make_prescription,
)
from tests.factories.people import (
    BarrierFactory,
    IdentifierFactory,
    PersonFactory,
    SkillFactory,
    TeamMemberFactory,
    make_document,
)

ROLES = frozenset(Role)
MANAGERS = frozenset({Role.MANAGER})
WORKING_WITH_PEOPLE = frozenset({Role.MANAGER, Role.COUNSELLOR})
STEERING = WORKING_WITH_PEOPLE | {Role.STEERING}
KNOWING_COMPANIES = WORKING_WITH_PEOPLE | {Role.EMPLOYER_RELATIONS}
READING_BILANS = STEERING | {Role.FUNDER}
SIGNED_IN = ROLES | {"leaver", "operator"}
EVERYBODY = SIGNED_IN | {"anonymous"}


@dataclass
class World:
    """An organisation with a member of each role; a stranger, a leaver and an operator who belong to none
    of it.
    """

    organisation: Organisation = field(default_factory=OrganisationFactory)
    members: dict[str, Membership] = field(init=False)

    def __post_init__(self):
        self.members = {role: MembershipFactory(role=role, organisation=self.organisation) for role in Role}
        self.stranger = MembershipFactory(manager=True)
        self.leaver = MembershipFactory(organisation=self.organisation, ended=True)
        self.operator = UserFactory(operator=True)

    @property
    def manager(self) -> Membership:
        return self.members[Role.MANAGER]

    @property
    def counsellor(self) -> Membership:
        return self.members[Role.COUNSELLOR]


def nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Route:
    who: frozenset[str]
    kwargs: Callable[[World], dict[str, Any]] = nothing
    data: Callable[[World], dict[str, Any]] = nothing
    is_shared: bool = False
    # What it answers to whom, when it is neither a page, a redirection nor a refusal of the rule.
    answers: dict[str, int | str] = field(default_factory=dict)


def silent_line(world: World) -> dict[str, Any]:
    """Someone entered in March, silent since: a line of « À faire »."""
    silent = make_enrolment(world.counsellor, make_action(world.manager))
    return {"kind": "agenda.silent", "subject": silent.ref}


def invitation_token(world: World) -> dict[str, Any]:
    sent = invite_member(email="invitee@exemple.fr", role=Role.FUNDER, by=world.manager, now=timezone.now())
    return {"token": sent.token}


def colleague(world: World) -> dict[str, Any]:
    return {"user_uuid": MembershipFactory(organisation=world.organisation).user.uuid}


def pending_invitation(world: World) -> dict[str, Any]:
    return {"uuid": InvitationFactory(organisation=world.organisation).uuid}


def territory(world: World) -> dict[str, Any]:
    return {"pk": TerritoryFactory(organisation=world.organisation).pk}


def person(world: World) -> dict[str, Any]:
    return {"code": PersonFactory(held_by=world.counsellor).code}


def person_ref(world: World) -> dict[str, Any]:
    return {"ref": person(world)["code"]}


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


def two_files(world: World) -> dict[str, Any]:
    return {"kept": person(world)["code"], "absorbed": person(world)["code"]}


def merged_files(world: World) -> dict[str, Any]:
    kept, absorbed = (PersonFactory(held_by=world.counsellor) for _ in range(2))
    return {"ref": merge_people(kept=kept, absorbed=absorbed, by=world.counsellor, now=timezone.now()).ref}


def action(world: World) -> dict[str, Any]:
    return {"ref": make_action(world.manager).ref}


def partner(world: World) -> dict[str, Any]:
    launched = make_action(world.manager, partners=(make_partner_plan(OrganisationFactory()),))
    return {"ref": launched.ref, "pk": launched.partners.get().pk}


def enrolment(world: World) -> dict[str, Any]:
    opened = make_enrolment(world.counsellor)
    return {"ref": opened.action.ref, "parcours": opened.ref}


def asked(world: World) -> dict[str, Any]:
    return {"ref": make_prescription(world.counsellor).ref}


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


def company(world: World) -> dict[str, Any]:
    return {"ref": make_company().ref}


def room(world: World) -> dict[str, Any]:
    return {"ref": RoomFactory(organisation=world.organisation).ref}


def session(world: World) -> dict[str, Any]:
    return {"ref": make_session(world.counsellor, make_action(world.manager)).session.ref}


def held_session(world: World) -> dict[str, Any]:
    planned = make_session(world.counsellor, make_action(world.manager))
    record_attendance(planned=planned, rows=[], by=world.counsellor, now=timezone.now())
    return {"ref": planned.session.ref}


def contract(world: World) -> dict[str, Any]:
    opened = make_enrolment(world.counsellor)
    return {"ref": opened.action.ref, "contract": make_contract(world.counsellor, opened).ref}


def contact(world: World) -> dict[str, Any]:
    noted = add_contact(
        company=make_company(),
        details=ContactDetails("Accueil", phone="+33491000000"),
        by=world.manager,
        now=timezone.now(),
    )
    return {"ref": noted.company.ref, "contact": noted.ref}


def approach(world: World) -> dict[str, Any]:
    noted = make_approach(world.counsellor, action=make_action(world.manager))
    return {"ref": noted.action.ref, "approach": noted.ref}


def application(world: World) -> dict[str, Any]:
    noted = make_application(world.counsellor)
    return {"ref": noted.action.ref, "application": noted.ref}


def job_interview(world: World) -> dict[str, Any]:
    fixed = make_interview(world.counsellor, starts=timezone.now() + timedelta(days=3))
    return {"ref": fixed.application.action.ref, "interview": fixed.ref}


def agreement(world: World) -> dict[str, Any]:
    given = make_agreement(world.counsellor).enrolment
    return {"ref": given.action.ref, "parcours": given.ref}


def sheet(world: World) -> dict[str, Any]:
    made = make_sheet(world.counsellor)
    return {"ref": made.action.ref, "sheet": made.ref}


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


def hand_over(world: World) -> dict[str, Any]:
    opened = make_enrolment(world.counsellor)
    colleague = MembershipFactory(organisation=world.organisation)
    given = {"to_organisation": world.organisation, "to_user": colleague.user, "by": world.counsellor}
    return {"ref": request_hand_over(person=opened.person, enrolment=opened, now=timezone.now(), **given).ref}


def review(world: World) -> dict[str, Any]:
    return {"user_uuid": world.counsellor.user.uuid, "month": "2026-11"}


def review_line(world: World) -> dict[str, Any]:
    return {**review(world), "parcours": make_enrolment(world.counsellor).ref}


NOT_MANAGERS = ROLES - MANAGERS
NOT_STEERING = dict.fromkeys(ROLES - STEERING, 404)
NOT_FOUND = dict.fromkeys(EVERYBODY | {"stranger"}, 404)

ROUTES: dict[str, Route] = {
    "health": Route(EVERYBODY),
    "accounts:sign_in": Route(EVERYBODY),
    "accounts:sign_out": Route(SIGNED_IN, answers=dict.fromkeys(SIGNED_IN | {"stranger"}, "sign in")),
    "accounts:forgotten_password": Route(EVERYBODY),
    "accounts:new_password": Route(
        EVERYBODY,
        lambda world: {"user_uuid": world.manager.user.uuid, "token": "faux"},
        is_shared=True,
        answers=NOT_FOUND,
    ),
    "accounts:account": Route(SIGNED_IN),
    "accounts:change_password": Route(SIGNED_IN),
    "accounts:switch_organisation": Route(
        ROLES,
        data=lambda world: {"membership": world.manager.pk},
        answers=dict.fromkeys(NOT_MANAGERS | {"stranger"}, 404),
    ),
    "accounts:invitation": Route(EVERYBODY, invitation_token, is_shared=True),
    "accounts:organisation": Route(ROLES),
    "accounts:invite": Route(MANAGERS),
    "accounts:change_role": Route(MANAGERS, colleague),
    "accounts:end_membership": Route(ROLES, colleague, answers=dict.fromkeys(NOT_MANAGERS, 404)),
    "accounts:resend_invitation": Route(MANAGERS, pending_invitation),
    "accounts:cancel_invitation": Route(MANAGERS, pending_invitation),
    "directory:organisation": Route(ROLES),
    "directory:organisation_edit": Route(MANAGERS),
    "directory:territory_list": Route(ROLES),
    "directory:territory_create": Route(MANAGERS),
    "directory:territory": Route(ROLES, territory),
    "directory:territory_rename": Route(MANAGERS, territory),
    "directory:territory_add": Route(MANAGERS, territory),
    "directory:territory_remove": Route(MANAGERS, territory),
    "directory:zone_list": Route(ROLES),
    "kernel:gallery": Route(EVERYBODY, answers={} if settings.ESSAIM_GALLERY else NOT_FOUND),
    "guide:catalogue": Route(SIGNED_IN),
    "guide:glossary": Route(SIGNED_IN),
    "guide:practice": Route(SIGNED_IN, lambda world: {"slug": make_practice().slug}, is_shared=True),
    "web:home": Route(SIGNED_IN),
    "web:todo": Route(WORKING_WITH_PEOPLE),
    "web:todo_count": Route(SIGNED_IN),
    "web:snooze": Route(WORKING_WITH_PEOPLE, silent_line),
    "web:search": Route(ROLES),
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
    "journeys:person_strips": Route(WORKING_WITH_PEOPLE, person_ref),
    "journeys:person_fil": Route(WORKING_WITH_PEOPLE, person_ref),
    "journeys:person_parcours": Route(WORKING_WITH_PEOPLE, person_ref),
    "journeys:person_profile": Route(WORKING_WITH_PEOPLE, person_ref),
    "employers:person_contracts": Route(WORKING_WITH_PEOPLE, person_ref),
    "journeys:launch": Route(STEERING, lambda world: {"slug": make_practice().slug}, is_shared=True),
    "journeys:launches": Route(SIGNED_IN, lambda world: {"slug": make_practice().slug}, is_shared=True),
    "journal:action_fil": Route(STEERING, action),
    "journeys:action_list": Route(ROLES),
    "journeys:action": Route(ROLES, action),
    "journeys:settings": Route(ROLES, action),
    "journeys:setting": Route(ROLES, lambda world: {**action(world), "key": "planned_persons"}, answers=NOT_STEERING),
    "journeys:partners": Route(ROLES, action),
    "journeys:partner_new": Route(ROLES, action, answers=NOT_STEERING),
    "journeys:partner_end": Route(ROLES, partner, answers=NOT_STEERING),
    "journeys:budget_new": Route(ROLES, action, answers=NOT_STEERING),
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
    "journeys:queue": Route(WORKING_WITH_PEOPLE, action),
    "journeys:call": Route(WORKING_WITH_PEOPLE, action),
    "journeys:join": Route(WORKING_WITH_PEOPLE, joining),
    "journeys:accept_place": Route(WORKING_WITH_PEOPLE, waiting),
    "journeys:leave": Route(WORKING_WITH_PEOPLE, waiting),
    "journeys:groups": Route(STEERING, action),
    "journeys:groups_propose": Route(STEERING, action),
    "journeys:group_new": Route(STEERING, action),
    "journeys:group_edit": Route(STEERING, group),
    "journeys:group_close": Route(STEERING, group),
    "journeys:move": Route(WORKING_WITH_PEOPLE, grouped, answers={Role.COUNSELLOR: 404}),
    "journeys:staff_new": Route(STEERING, action),
    "journeys:staff_end": Route(STEERING, staff),
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
    "employers:company_list": Route(KNOWING_COMPANIES),
    "employers:company_new": Route(KNOWING_COMPANIES),
    "employers:company": Route(KNOWING_COMPANIES, company, is_shared=True),
    "employers:company_edit": Route(KNOWING_COMPANIES, company, is_shared=True),
    "employers:company_names": Route(KNOWING_COMPANIES),
    "employers:company_profile": Route(KNOWING_COMPANIES, company, is_shared=True),
    "employers:contact_new": Route(KNOWING_COMPANIES, company, is_shared=True),
    "employers:contact_edit": Route(KNOWING_COMPANIES, contact),
    "employers:approach_list": Route(ROLES, action),
    "employers:approach_file": Route(KNOWING_COMPANIES, action),
    "employers:log_approach": Route(KNOWING_COMPANIES, action),
    "employers:correct_approach": Route(KNOWING_COMPANIES, approach),
    "employers:cancel_approach": Route(KNOWING_COMPANIES, approach),
    "employers:next_step": Route(KNOWING_COMPANIES, approach),
    "employers:board": Route(WORKING_WITH_PEOPLE, action),
    "employers:apply": Route(WORKING_WITH_PEOPLE, action),
    "employers:application": Route(WORKING_WITH_PEOPLE, application),
    "employers:correct_stage": Route(WORKING_WITH_PEOPLE, application),
    "employers:undo_stage": Route(WORKING_WITH_PEOPLE, application),
    "employers:fix_interview": Route(WORKING_WITH_PEOPLE, application),
    "employers:interview": Route(WORKING_WITH_PEOPLE, job_interview),
    "employers:settle_interview": Route(
        WORKING_WITH_PEOPLE, lambda world: {**job_interview(world), "act": "annuler"}, data=lambda world: {"version": 1}
    ),
    "employers:sheet_list": Route(ROLES, action),
    "employers:sheet_new": Route(WORKING_WITH_PEOPLE, action),
    "employers:agree": Route(WORKING_WITH_PEOPLE, enrolment),
    "employers:withdraw": Route(WORKING_WITH_PEOPLE, agreement),
    "employers:sheet": Route(KNOWING_COMPANIES, sheet),
    "employers:sheet_edit": Route(WORKING_WITH_PEOPLE, sheet),
    "employers:sheet_pdf": Route(KNOWING_COMPANIES, sheet),
    "employers:close_sheet_links": Route(KNOWING_COMPANIES, sheet),
    "employers:open_sheet": Route(EVERYBODY, lambda world: {"token": "faux"}, is_shared=True, answers=NOT_FOUND),
    "employers:open_sheet_pdf": Route(EVERYBODY, lambda world: {"token": "faux"}, is_shared=True, answers=NOT_FOUND),
    "employers:contract_list": Route(ROLES, action),
    "employers:sign": Route(WORKING_WITH_PEOPLE, action),
    "employers:correct": Route(WORKING_WITH_PEOPLE, contract),
    "employers:end": Route(WORKING_WITH_PEOPLE, contract),
    "employers:undo_end": Route(WORKING_WITH_PEOPLE, contract),
    "employers:cancel": Route(WORKING_WITH_PEOPLE, contract),
    "privacy:keeping": Route(MANAGERS),
    "privacy:merge_list": Route(WORKING_WITH_PEOPLE),
    "privacy:merge_choose": Route(WORKING_WITH_PEOPLE),
    "privacy:merge": Route(WORKING_WITH_PEOPLE, two_files),
    "privacy:merge_undo": Route(WORKING_WITH_PEOPLE, merged_files),
    "privacy:person_data": Route(WORKING_WITH_PEOPLE, person_ref),
    "privacy:export": Route(WORKING_WITH_PEOPLE, person_ref),
    "privacy:erase": Route(MANAGERS, person_ref),
    "steering:home": Route(STEERING),
    "steering:bilan": Route(STEERING, action),
    "steering:bilan_file": Route(STEERING, lambda world: {**action(world), "fmt": "csv"}),
    "steering:people_behind": Route(WORKING_WITH_PEOPLE, lambda world: {**action(world), "indicator": "accompanied"}),
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
    "journeys:contact_new": Route(WORKING_WITH_PEOPLE, person),
    "journeys:commitment_new": Route(WORKING_WITH_PEOPLE, commitment_to_make),
    "journeys:commitment": Route(WORKING_WITH_PEOPLE, commitment),
    "journeys:commitment_paper": Route(WORKING_WITH_PEOPLE, commitment),
    "journeys:commitment_file": Route(WORKING_WITH_PEOPLE, commitment),
    "journeys:commitment_link": Route(WORKING_WITH_PEOPLE, lambda world: {**commitment(world), "signatory": "person"}),
    "journeys:commitment_cancel": Route(WORKING_WITH_PEOPLE, commitment),
    "journeys:sign_link": Route(EVERYBODY, signature_link, is_shared=True),
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
