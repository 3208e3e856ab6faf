"""The only writers of journeys, one module a subject."""

from essaim.journeys.operations.caseloads import (
    CaseloadRefused,
    decide_review_line,
    hold_review,
    move_caseload,
    note_moved_appointments,
)
from essaim.journeys.operations.commitments import (
    CommitmentRefused,
    cancel_commitment,
    prepare_commitment,
    prepare_required_commitments,
    sign_commitment,
    sign_on_paper,
)
from essaim.journeys.operations.contacts import ContactRefused, log_contact
from essaim.journeys.operations.decisions import (
    DecisionRefused,
    cancel_decision,
    decide_entry,
    decide_prescription,
)
from essaim.journeys.operations.editions import EditionRefused, duplicate_action
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
from essaim.journeys.operations.hand_overs import (
    HandOverRefused,
    RelayNeeded,
    cancel_hand_over,
    complete_hand_over,
    refuse_hand_over,
    request_hand_over,
)
from essaim.journeys.operations.launch import (
    BudgetPlan,
    LaunchRefused,
    NewTerritory,
    launch_action,
    plan_budget_line,
)
from essaim.journeys.operations.limits import derive_terms, set_due_on
from essaim.journeys.operations.measures import (
    MeasureDetails,
    MeasureRefused,
    TrainingDetails,
    cancel_measure,
    cancel_training,
    correct_measure,
    correct_training,
    join_training,
    record_measure,
)
from essaim.journeys.operations.mentoring import (
    MentoringRefused,
    cancel_mentoring,
    end_mentoring,
    start_mentoring,
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
from essaim.journeys.operations.renewals import RenewalRefused, cancel_renewal, renew_enrolment
from essaim.journeys.operations.settings import SettingRefused, change_setting
from essaim.journeys.operations.signatures import disown_link, open_signature_link, sign_by_link
from essaim.journeys.operations.staff import StaffRefused, assign_staff, end_staff
from essaim.journeys.operations.steps import complete_step, reset_step
from essaim.journeys.operations.waiting import QueueRefused, answer_call, call_next, join_queue, leave_queue

__all__ = [
    "BudgetPlan",
    "CaseloadRefused",
    "CommitmentRefused",
    "ContactRefused",
    "DecisionRefused",
    "EditionRefused",
    "EnrolmentRefused",
    "GroupRefused",
    "HandOverRefused",
    "IneligiblePerson",
    "LaunchRefused",
    "MeasureDetails",
    "MeasureRefused",
    "MentoringRefused",
    "NewTerritory",
    "NoPlaceLeft",
    "PartnerPlan",
    "PartnerRefused",
    "PrescriptionRefused",
    "QueueRefused",
    "RelayNeeded",
    "RenewalRefused",
    "SettingRefused",
    "StaffRefused",
    "TrainingDetails",
    "add_partner",
    "answer_call",
    "assign_staff",
    "call_next",
    "cancel_commitment",
    "cancel_decision",
    "cancel_enrolment",
    "cancel_hand_over",
    "cancel_measure",
    "cancel_mentoring",
    "cancel_renewal",
    "cancel_training",
    "change_setting",
    "close_enrolment",
    "close_group",
    "complete_hand_over",
    "complete_step",
    "correct_closing",
    "correct_enrolment",
    "correct_measure",
    "correct_training",
    "create_group",
    "create_proposed_groups",
    "decide_entry",
    "decide_prescription",
    "decide_review_line",
    "declare_profile",
    "derive_terms",
    "disown_link",
    "duplicate_action",
    "end_mentoring",
    "end_partner",
    "end_staff",
    "enrol_person",
    "hold_review",
    "join_queue",
    "join_training",
    "launch_action",
    "leave_queue",
    "log_contact",
    "make_prescription",
    "move_caseload",
    "move_to_group",
    "note_moved_appointments",
    "open_signature_link",
    "plan_budget_line",
    "prepare_commitment",
    "prepare_required_commitments",
    "receive_prescription",
    "record_measure",
    "refuse_hand_over",
    "renew_enrolment",
    "reopen_enrolment",
    "request_hand_over",
    "reset_step",
    "set_due_on",
    "sign_by_link",
    "sign_commitment",
    "sign_on_paper",
    "start_mentoring",
    "update_group",
    "update_identity",
    "update_profile",
    "withdraw_prescription",
]
