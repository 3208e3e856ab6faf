"""What steering reads: bilans, and the facts and people behind one figure."""

from essaim.steering.queries.actions import get_bilan_action_for, list_bilans_for
from essaim.steering.queries.behind import facts_behind, people_behind
from essaim.steering.queries.bilan import Bilan, IndicatorRow, compute_bilan, compute_bilans
from essaim.steering.queries.execution import get_action
from essaim.steering.queries.page import BilanLine, BilanPage, get_bilan_page
from essaim.steering.queries.people import PeopleBehind, list_people_behind_for
from essaim.steering.queries.situations import Situations, count_situations

__all__ = [
    "Bilan",
    "BilanLine",
    "BilanPage",
    "IndicatorRow",
    "PeopleBehind",
    "Situations",
    "compute_bilan",
    "compute_bilans",
    "count_situations",
    "facts_behind",
    "get_action",
    "get_bilan_action_for",
    "get_bilan_page",
    "list_bilans_for",
    "list_people_behind_for",
    "people_behind",
]
