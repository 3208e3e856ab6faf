"""The pages of the money of ``essaim.journeys``."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from essaim.journeys.operations import assign_staff
from essaim.journeys.operations.staff_time import record_staff_time
from tests.factories.journeys import make_action
from tests.factories.money import make_agreement, make_budget_line, make_claimed, make_instalment
from tests.support.routes.objects import action
from tests.support.routes.world import MANAGERS, NOT_STEERING, ROLES, STEERING, Route, World


def line(world: World) -> dict[str, Any]:
    launched = make_action(world.manager)
    return {"ref": launched.ref, "pk": make_budget_line(world.manager, launched).pk}


def agreement(world: World) -> dict[str, Any]:
    return {"ref": make_agreement(world.manager, signed=False).ref}


def instalment(world: World) -> dict[str, Any]:
    return {"ref": make_instalment(world.manager).ref}


def claimed(world: World) -> dict[str, Any]:
    return {"ref": make_claimed(world.manager).ref}


def time(world: World) -> dict[str, Any]:
    launched, by = make_action(world.manager), {"by": world.manager, "now": timezone.now()}
    member = assign_staff(action=launched, name="Léo", role="mentor", starts=launched.starts, **by)
    row = record_staff_time(member=member, month=date(2026, 2, 1), hours=Decimal(12), **by)
    return {"ref": launched.ref, "pk": row.pk}


ROUTES: dict[str, Route] = {
    "journeys:budget": Route(STEERING, action),
    "journeys:budget_file": Route(STEERING, action),
    "journeys:cash_file": Route(STEERING, action),
    "journeys:budget_new": Route(STEERING, action),
    "journeys:budget_line": Route(STEERING, line),
    "journeys:budget_cancel": Route(STEERING, line),
    "journeys:agreements": Route(ROLES, action),
    "journeys:agreements_file": Route(ROLES, action, answers=NOT_STEERING),
    "journeys:agreement": Route(ROLES, agreement, answers=NOT_STEERING),
    "journeys:instalments_file": Route(ROLES, agreement, answers=NOT_STEERING),
    "journeys:agreement_new": Route(MANAGERS, action),
    "journeys:agreement_edit": Route(MANAGERS, agreement),
    "journeys:agreement_sign": Route(MANAGERS, agreement),
    "journeys:agreement_end": Route(MANAGERS, agreement),
    "journeys:instalment_new": Route(MANAGERS, agreement),
    "journeys:instalment_edit": Route(MANAGERS, instalment),
    "journeys:instalment_cancel": Route(MANAGERS, instalment),
    "journeys:instalment_claim": Route(MANAGERS, instalment),
    "journeys:instalment_receive": Route(MANAGERS, claimed),
    "journeys:instalment_undo": Route(MANAGERS, claimed),
    "journeys:staff_time": Route(STEERING, action),
    "journeys:staff_time_file": Route(STEERING, action),
    "journeys:staff_time_new": Route(STEERING, action),
    "journeys:staff_time_edit": Route(STEERING, time),
    "journeys:staff_time_remove": Route(STEERING, time),
    "journeys:target": Route(STEERING, lambda world: {**action(world), "indicator": "accompanied"}),
}
