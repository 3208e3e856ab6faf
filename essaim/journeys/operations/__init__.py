"""The only writers of journeys, one module a subject."""

from essaim.journeys.operations.decisions import (
    DecisionRefused,
    cancel_decision,
    decide_entry,
    decide_prescription,
)
from essaim.journeys.operations.enrolments import (
    IneligiblePerson,
    cancel_enrolment,
    correct_enrolment,
    enrol_person,
)
from essaim.journeys.operations.exits import close_enrolment, correct_closing, reopen_enrolment
from essaim.journeys.operations.groups import (
    GroupRefused,
    close_group,
    create_group,
    create_proposed_groups,
    move_to_group,
    update_group,
)
from essaim.journeys.operations.launch import (
    BudgetPlan,
    LaunchRefused,
    NewTerritory,
    launch_action,
    plan_budget_line,
)
from essaim.journeys.operations.parcours_rules import EnrolmentRefused, NoPlaceLeft
from essaim.journeys.operations.partners import PartnerPlan, PartnerRefused, add_partner, end_partner
from essaim.journeys.operations.prescriptions import (
    PrescriptionRefused,
    make_prescription,
    receive_prescription,
    withdraw_prescription,
)
from essaim.journeys.operations.profiles import declare_profile, update_identity, update_profile
from essaim.journeys.operations.settings import SettingRefused, change_setting
from essaim.journeys.operations.staff import StaffRefused, assign_staff, end_staff
from essaim.journeys.operations.steps import complete_step, reset_step
from essaim.journeys.operations.waiting import QueueRefused, answer_call, call_next, join_queue, leave_queue

__all__ = [
    "BudgetPlan",
    "DecisionRefused",
    "EnrolmentRefused",
    "GroupRefused",
    "IneligiblePerson",
    "LaunchRefused",
    "NewTerritory",
    "NoPlaceLeft",
    "PartnerPlan",
    "PartnerRefused",
    "PrescriptionRefused",
    "QueueRefused",
    "SettingRefused",
    "StaffRefused",
    "add_partner",
    "answer_call",
    "assign_staff",
    "call_next",
    "cancel_decision",
    "cancel_enrolment",
    "change_setting",
    "close_enrolment",
    "close_group",
    "complete_step",
    "correct_closing",
    "correct_enrolment",
    "create_group",
    "create_proposed_groups",
    "decide_entry",
    "decide_prescription",
    "declare_profile",
    "end_partner",
    "end_staff",
    "enrol_person",
    "join_queue",
    "launch_action",
    "leave_queue",
    "make_prescription",
    "move_to_group",
    "plan_budget_line",
    "receive_prescription",
    "reopen_enrolment",
    "reset_step",
    "update_group",
    "update_identity",
    "update_profile",
    "withdraw_prescription",
]
