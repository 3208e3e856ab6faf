"""What became of those who entered an action: the drawing at the top of a bilan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from essaim.journal.models import Action
from essaim.steering.engine.results import Evaluation
from essaim.steering.engine.situations import SITUATIONS
from essaim.steering.queries.execution import asked, compiled, run


@dataclass(frozen=True, slots=True)
class Situations:
    """How many of the ``entered`` are in each situation; the five others add up to it."""

    entered: int
    lasting: int
    short: int
    training: int
    inside: int

    @property
    def out(self) -> int:
        """Those who left without contract nor training that is known."""
        return self.entered - self.lasting - self.short - self.training - self.inside

    @property
    def groups(self) -> list[tuple[str, int, str]]:
        """The situations as the drawing wants them: words, number of people, colour class."""
        return [
            ("Emploi durable", self.lasting, ""),
            ("Contrat plus court", self.short, "c-short"),
            ("Formation", self.training, "c-training"),
            ("Dans l’action ce jour-là", self.inside, "c-club"),
            ("Sorties sans emploi ni formation connus", self.out, "c-search"),
        ]


def count_situations(
    action: Action, *, since: date | None, until: date | None, on: date | None, known_on: date | None
) -> Situations:
    """Return the situations, on the observation day, of the people who entered during the period.

    Same dates as ``compute_bilan``. A lasting contract is a CDI or a term of six months or more.
    """
    indicators, statement = compiled(SITUATIONS, as_known=known_on is not None)
    [row] = run(statement.ask([asked(action, since, until, on, known_on)]))
    figures = Evaluation(indicators, statement.outputs, row, {}).figures()
    return Situations(**{figure.id: int(figure.value or 0) for figure in figures})
