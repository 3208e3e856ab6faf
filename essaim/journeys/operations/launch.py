"""From a fiche to an action: the practice frozen, its settings, partners, targets and planned budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from essaim.accounts.models import Membership
from essaim.directory.models import Commune, Organisation, Territory
from essaim.directory.operations import create_territory
from essaim.guide.engine import group_missing
from essaim.guide.engine.schema import PracticeFile
from essaim.guide.engine.settings import check_value, values_at_launch
from essaim.guide.models import Practice
from essaim.guide.queries import missing_instruments, practice_file
from essaim.journal.models import Action
from essaim.journal.operations import create_action, record
from essaim.journeys.enums import BudgetCategory, BudgetNature
from essaim.journeys.models import BudgetLine, Target
from essaim.journeys.operations.partners import PartnerPlan, add_partner
from essaim.journeys.permissions import may_launch, may_steer
from essaim.kernel.days import paris_day
from essaim.kernel.errors import OperationError

FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_PLACES = 100_000
LARGEST_TARGET = Decimal(1_000_000_000)
LARGEST_AMOUNT = Decimal(1_000_000_000)


class LaunchRefused(OperationError):  # noqa: N818 - the words of the screen
    """An action that cannot be launched so. ``errors`` gives one message a field, when several are wrong at
    once.
    """

    def __init__(self, message: str, *, field: str | None = None, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(message, field=field)
        self.errors = dict(errors or {})


@dataclass(frozen=True, slots=True)
class BudgetPlan:
    """One planned line: so many euros, for that, in that calendar year."""

    category: str
    year: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class NewTerritory:
    """A territory to create for this launch: a name nobody gave yet, and its communes."""

    name: str
    communes: tuple[Commune, ...] = ()


@transaction.atomic
def launch_action(
    *,
    practice: Practice,
    organisation: Organisation,
    territory: Territory | NewTerritory | None,
    title: str,
    starts: date,
    ends: date,
    settings: Mapping[str, Any],
    places: int | None,
    partners: Sequence[PartnerPlan] = (),
    targets: Mapping[str, Decimal] | None = None,
    budget: Sequence[BudgetPlan] = (),
    by: Membership,
    now: datetime,
) -> Action:
    """Launch a practice on a territory.

    Guarantees an action holding every setting of the practice (where ``settings`` says nothing, the
    default, or the year in which it starts for a setting that follows it), its partners with one
    ``org_committed`` each, its targets, and its planned budget with one ``budget_line_recorded`` a line.
    Refused (LaunchRefused): a role that does not launch, another organisation than the actor's, a practice
    that needs an instrument that does not exist (with the list), and anything wrong in the form,
    field by field: ``settings.<key>``, ``targets.<indicator>``, ``budget.<n>``, ``partners.<n>``.
    """
    if not may_launch(by) or organisation.pk != by.organisation_id:
        raise LaunchRefused("Votre rôle ne permet pas de lancer une action pour cette organisation.")
    definition = practice_file(practice)
    _refuse_what_is_missing(definition)
    values = values_at_launch(definition.settings, starts) | dict(settings)
    errors = (
        _check_frame(title, starts, ends, places, territory, organisation)
        | _check_settings(definition, values)
        | _check_targets(definition, targets or {})
        | _check_budget(budget)
    )
    if errors:
        raise LaunchRefused("L’action n’est pas encore lancée : corrigez les champs signalés.", errors=errors)
    if isinstance(territory, NewTerritory):
        territory = create_territory(
            organisation=organisation, name=territory.name, communes=territory.communes, by=by, now=now
        )
    action = create_action(
        practice=practice,
        organisation=organisation,
        territory=territory,
        title=" ".join(title.split()),
        starts=starts,
        ends=ends,
        settings=values,
        places=places,
        by=by,
        now=now,
    )
    for plan in partners:
        add_partner(action=action, plan=plan, by=by, now=now)
    Target.objects.bulk_create(
        Target(action=action, indicator=key, value=value) for key, value in (targets or {}).items()
    )
    for line in budget:
        plan_budget_line(action=action, line=line, by=by, now=now)
    return action


@transaction.atomic
def plan_budget_line(*, action: Action, line: BudgetPlan, by: Membership, now: datetime) -> BudgetLine:
    """Write a planned budget line and its ``budget_line_recorded``.

    Its day is the launch's day, or the action's first day when that is earlier. Refused (LaunchRefused): by
    someone who does not steer the action, an amount below 0, above a billion or with more than two
    decimals, a year outside 1990..2100.
    """
    if not may_steer(by, action):
        raise LaunchRefused("Vous ne pouvez pas modifier le budget de cette action.")
    if errors := _check_budget([line]):
        raise LaunchRefused(next(iter(errors.values())), errors=errors)
    day = min(action.starts, paris_day(now))
    fact = record(
        "budget_line_recorded",
        emitter="journeys",
        action=action,
        at=day,
        by=by,
        now=now,
        data={
            "amount": _json_number(line.amount),
            "nature": BudgetNature.PLANNED.value,
            "category": line.category,
            "year": line.year,
        },
    )
    return BudgetLine.objects.create(
        action=action,
        nature=BudgetNature.PLANNED,
        category=line.category,
        year=line.year,
        amount=line.amount,
        day=day,
        fact=fact,
    )


def _refuse_what_is_missing(definition: PracticeFile) -> None:
    if groups := group_missing(missing_instruments(definition)):
        missing = " ; ".join(f"{group.title.lower()} : {', '.join(group.labels)}" for group in groups)
        raise LaunchRefused(f"Cette fiche ne peut pas encore être lancée ici. Il manque : {missing}.")
    if not definition.steps:
        raise LaunchRefused("Cette fiche ne décrit pas encore ses étapes : elle ne peut pas être lancée.")


def _check_frame(
    title: str,
    starts: date,
    ends: date,
    places: int | None,
    territory: Territory | NewTerritory | None,
    organisation: Organisation,
) -> dict[str, str]:
    errors = {}
    if not title.strip():
        errors["title"] = "Donnez un titre à l’action."
    elif len(title) > 200:
        errors["title"] = "200 caractères au plus."
    if not FIRST_YEAR <= starts.year <= LAST_YEAR:
        errors["starts"] = f"Une date entre {FIRST_YEAR} et {LAST_YEAR}."
    if not FIRST_YEAR <= ends.year <= LAST_YEAR:
        errors["ends"] = f"Une date entre {FIRST_YEAR} et {LAST_YEAR}."
    elif ends < starts:
        errors["ends"] = "La fin est avant le début."
    if places is not None and not 1 <= places <= MOST_PLACES:
        errors["places"] = "Au moins une place, ou laissez vide s’il n’y a pas de limite."
    if isinstance(territory, Territory) and territory.organisation_id != organisation.pk:
        errors["territory"] = "Choisissez un territoire de votre organisation."
    return errors


def _check_settings(definition: PracticeFile, values: Mapping[str, Any]) -> dict[str, str]:
    errors = {f"settings.{key}": "Ce réglage n’existe pas." for key in values.keys() - definition.settings.keys()}
    for key, setting in definition.settings.items():
        if (fault := check_value(setting, values[key])) is not None:
            errors[f"settings.{key}"] = f"{fault[:1].upper()}{fault[1:]}."
    return errors


def _check_targets(definition: PracticeFile, targets: Mapping[str, Decimal]) -> dict[str, str]:
    known = {indicator.id for indicator in definition.indicators}
    errors = {}
    for key, value in targets.items():
        if key not in known:
            errors[f"targets.{key}"] = "Cet indicateur n’existe pas."
        elif not value.is_finite() or not 0 <= value <= LARGEST_TARGET:
            errors[f"targets.{key}"] = "Écrivez un nombre positif."
    return errors


def _check_budget(budget: Sequence[BudgetPlan]) -> dict[str, str]:
    errors = {}
    for number, line in enumerate(budget):
        if line.category not in BudgetCategory.values:
            errors[f"budget.{number}"] = "Choisissez un poste de dépense."
        elif not FIRST_YEAR <= line.year <= LAST_YEAR:
            errors[f"budget.{number}"] = f"Une année entre {FIRST_YEAR} et {LAST_YEAR}."
        elif not line.amount.is_finite() or not 0 <= line.amount <= LARGEST_AMOUNT:
            errors[f"budget.{number}"] = "Écrivez un montant en euros."
        elif line.amount != line.amount.quantize(Decimal("0.01")):
            errors[f"budget.{number}"] = "Deux décimales au plus."
    return errors


def _json_number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)
