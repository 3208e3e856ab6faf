"""What a parcours has left that must be cancelled before the parcours itself."""

from essaim.journeys.enums import CommitmentState, DecisionStep
from essaim.journeys.models import Enrolment
from essaim.journeys.operations.parcours_rules import EnrolmentRefused
from essaim.journeys.operations.path_rules import enumerated


def refuse_traces(*, enrolment: Enrolment) -> None:
    """Raise EnrolmentRefused while a signed document, a renewal, a measure, a training or a help says it happened."""
    traces = {
        "un document signé": enrolment.commitments.filter(state=CommitmentState.SIGNED),
        "un renouvellement": enrolment.decisions.filter(step=DecisionStep.RENEWAL, cancelled_at__isnull=True),
        "une mesure": enrolment.measures.filter(cancelled_at__isnull=True),
        "une formation": enrolment.trainings.filter(cancelled_at__isnull=True),
        "une aide d’ancien": enrolment.mentorings.all(),
    }
    found = [words for words, rows in traces.items() if rows.exists()]
    if found:
        raise EnrolmentRefused(f"Ce parcours compte {enumerated(words=found)} : annulez cela d’abord.")
