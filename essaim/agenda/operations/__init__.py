"""The only writers of agenda, one module a subject."""

from essaim.agenda.operations.absences import (
    AbsenceRefused,
    declare_absence,
    withdraw_absence,
)
from essaim.agenda.operations.appointments import (
    AppointmentRefused,
    Where,
    cancel_appointment,
    make_appointment,
    move_appointment,
)
from essaim.agenda.operations.attendance import (
    AttendanceRefused,
    AttendanceRow,
    cancel_attendance,
    record_attendance,
)
from essaim.agenda.operations.caseloads import (
    Reassignment,
    RelayRefused,
    accept_hand_over,
    reassign_caseload,
)
from essaim.agenda.operations.decisions import (
    DecisionPlan,
    edit_decision,
    settle_decision,
    take_decision,
    withdraw_decision,
)
from essaim.agenda.operations.interviews import (
    GoalPlan,
    GoalsRefused,
    correct_interview,
    hold_appointment,
    miss_appointment,
    reopen_appointment,
)
from essaim.agenda.operations.meetings import (
    CalledMeetings,
    Guest,
    MeetingPlan,
    MeetingRefused,
    call_meeting,
    call_meetings,
    cancel_meeting,
    edit_meeting,
)
from essaim.agenda.operations.minutes import (
    approve_minutes,
    invite_attendees,
    send_minutes,
    write_minutes,
)
from essaim.agenda.operations.occupations import (
    OccupationConflict,
    free,
    occupy,
)
from essaim.agenda.operations.planned import withdraw_from_agenda
from essaim.agenda.operations.registrations import (
    GroupRegistered,
    RegistrationRefused,
    SessionFull,
    register,
    register_group,
    unregister,
)
from essaim.agenda.operations.rooms import (
    RoomRefused,
    close_room,
    create_room,
    reopen_room,
    update_room,
)
from essaim.agenda.operations.series import (
    PlannedSeries,
    PlannedTraining,
    plan_series,
    plan_training,
)
from essaim.agenda.operations.session_rules import (
    PlanRefused,
    SessionPlan,
)
from essaim.agenda.operations.sessions import (
    cancel_session,
    edit_session,
    move_session,
    plan_of,
    plan_session,
)
from essaim.agenda.operations.training import (
    settle_due_trainings,
    settle_training,
)

__all__ = [
    "AbsenceRefused",
    "AppointmentRefused",
    "AttendanceRefused",
    "AttendanceRow",
    "CalledMeetings",
    "DecisionPlan",
    "GoalPlan",
    "GoalsRefused",
    "GroupRegistered",
    "Guest",
    "MeetingPlan",
    "MeetingRefused",
    "OccupationConflict",
    "PlanRefused",
    "PlannedSeries",
    "PlannedTraining",
    "Reassignment",
    "RegistrationRefused",
    "RelayRefused",
    "RoomRefused",
    "SessionFull",
    "SessionPlan",
    "Where",
    "accept_hand_over",
    "approve_minutes",
    "call_meeting",
    "call_meetings",
    "cancel_appointment",
    "cancel_attendance",
    "cancel_meeting",
    "cancel_session",
    "close_room",
    "correct_interview",
    "create_room",
    "declare_absence",
    "edit_decision",
    "edit_meeting",
    "edit_session",
    "free",
    "hold_appointment",
    "invite_attendees",
    "make_appointment",
    "miss_appointment",
    "move_appointment",
    "move_session",
    "occupy",
    "plan_of",
    "plan_series",
    "plan_session",
    "plan_training",
    "reassign_caseload",
    "record_attendance",
    "register",
    "register_group",
    "reopen_appointment",
    "reopen_room",
    "send_minutes",
    "settle_decision",
    "settle_due_trainings",
    "settle_training",
    "take_decision",
    "unregister",
    "update_room",
    "withdraw_absence",
    "withdraw_decision",
    "withdraw_from_agenda",
    "write_minutes",
]
