"""What steering reads: bilans, and the facts and people behind one figure."""

from essaim.steering.queries.behind import facts_behind, people_behind
from essaim.steering.queries.bilan import Bilan, IndicatorRow, compute_bilan, compute_bilans

__all__ = ["Bilan", "IndicatorRow", "compute_bilan", "compute_bilans", "facts_behind", "people_behind"]
