"""Targets of an action and what its costs are counted on: a tab of its page."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from essaim.accounts.permissions import STEERS
from essaim.journal.models import Action
from essaim.journeys.permissions import may_steer
from essaim.journeys.queries import get_action_for
from essaim.kernel.access import access
from essaim.kernel.actors import MemberRequest
from essaim.kernel.days import today
from essaim.kernel.exports import export_response
from essaim.kernel.panels import panel
from essaim.steering.queries.targets import get_targets_for

COLUMNS = [
    ("id", "Code"),
    ("label", "Indicateur"),
    ("target", "Cible"),
    ("reached", "Atteint"),
    ("base", "Base"),
    ("state", "État"),
    ("pace", "Rythme"),
]


@access(STEERS)
@panel("journeys:action", "targets")
def targets(request: MemberRequest, ref: str) -> HttpResponse:
    """The tab of the targets and of the costs."""
    action = _find(request, ref)
    context = {"action": action, "page": get_targets_for(request.membership, action, today())}
    return render(request, "steering/_targets.html", context)


@access(STEERS)
def targets_file(request: MemberRequest, ref: str) -> HttpResponse:
    """The targets of an action with what is reached."""
    action = _find(request, ref)
    page = get_targets_for(request.membership, action, today())
    rows = [[getattr(line, key) for key, _ in COLUMNS] for line in page.lines]
    is_workbook = request.GET.get("format") == "xlsx"
    return export_response(f"cibles {action.ref}", COLUMNS, rows, "xlsx" if is_workbook else "csv")


def _find(request: MemberRequest, ref: str) -> Action:
    try:
        action = get_action_for(request.membership, ref)
    except Action.DoesNotExist:
        raise Http404 from None
    if not may_steer(request.membership, action):
        raise Http404
    return action
