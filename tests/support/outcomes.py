"""What a rehearsal changed, told without row numbers: what a setting must move to be a real one."""

from essaim.accounts.models import Membership
from essaim.agenda.models import Appointment, PlannedSession
from essaim.employers.models import Approach
from essaim.employers.queries import list_suggestions_for
from essaim.journal.models import Fact
from essaim.journeys.models import Commitment, Enrolment, Prescription, StepState
from essaim.steering.queries import compute_bilan
from essaim.web.queries import TodoFilters, todo_for


def outcome_of(action, viewer: Membership, on) -> dict[str, list]:
    """Return what was played in ``action`` and what is to be done on that day, comparable between two rehearsals."""
    todo = todo_for(viewer, on, TodoFilters(is_team=True))
    return {
        "facts": sorted(
            (fact.kind, fact.at_text, str(sorted(fact.data.items())), fact.cohort or "")
            for fact in Fact.objects.filter(action=action).select_related("subject")
        ),
        "parcours": list(
            Enrolment.objects.filter(action=action)
            .order_by("ref")
            .values_list("person__code", "opened_on", "due_on", "state", "override_codes", "validated")
        ),
        "steps": list(
            StepState.objects.filter(enrolment__action=action)
            .order_by("enrolment__ref", "step")
            .values_list("step", "status", "since")
        ),
        "commitments": [
            (one.state, str(one.content), one.expected)
            for one in Commitment.objects.filter(enrolment__action=action).order_by("ref")
        ],
        "prescriptions": list(
            Prescription.objects.filter(action=action).order_by("ref").values_list("ref", "state", "answer_due")
        ),
        "sessions": list(
            PlannedSession.objects.filter(session__action=action)
            .order_by("starts", "session__ref")
            .values_list("session__title", "session__capacity", "starts", "contents")
        ),
        "appointments": list(
            Appointment.objects.filter(action=action).order_by("ref").values_list("type", "starts", "state")
        ),
        "approaches": list(Approach.objects.filter(action=action).order_by("ref").values_list("made_on", "answer")),
        "todo": [(line.kind.key, line.what, line.why, line.due, line.subject) for line in todo.lines],
        "suggestions": [(one.company.name, one.reasons) for one in list_suggestions_for(viewer, action, on)],
        "bilan": [(row.id, row.value) for row in compute_bilan(action, until=on).rows],
        "budget": list(action.budget_lines.values_list("year", "amount")),
    }
