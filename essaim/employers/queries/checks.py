"""What should always be true of applications: looked for by `essaim check`."""

from collections.abc import Iterable

from django.db.models import F, OuterRef, Subquery

from essaim.employers.models import Application, ApplicationMove
from essaim.kernel.contract import Fault


def list_stage_faults() -> Iterable[Fault]:
    """Yield the applications whose stage is not that of their last live move."""
    moves = ApplicationMove.objects.filter(application=OuterRef("pk"), cancelled_at__isnull=True)
    last = Subquery(moves.order_by("-moved_on", "-pk").values("stage")[:1])
    wrong = Application.objects.annotate(expected=last).exclude(stage=F("expected")).filter(expected__isnull=False)
    for ref, stage, expected in wrong.order_by("pk").values_list("ref", "stage", "expected"):
        yield Fault("étape d’une candidature", f"employers.Application {ref}", f"{stage} au lieu de {expected}")
