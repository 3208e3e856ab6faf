"""The money of the demonstration: an agreement, its instalments, what is spent, the time of the team."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import yaml

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.journal.models import Action
from essaim.journeys.models import FundingAgreement
from essaim.journeys.operations import assign_staff
from essaim.journeys.operations.agreements import AgreementDetails, prepare_agreement, sign_agreement
from essaim.journeys.operations.budget import BudgetDetails, correct_budget_line, record_budget_line
from essaim.journeys.operations.instalments import (
    InstalmentDetails,
    claim_instalment,
    plan_instalment,
    receive_instalment,
)
from essaim.journeys.operations.staff_time import record_staff_time
from essaim.journeys.queries import list_budget_lines_of
from essaim.kernel.pdf import render_pdf
from essaim.people.models import Person
from essaim.people.operations import store_document
from essaim.rehearsal.engine.hours import at_hour
from essaim.rehearsal.operations.world import DATA, World

PAPER = {"title": "Pièce de démonstration", "notes": ["Document inventé : il tient la place d’une carte d’identité."]}
PAY_DAY = 28


def play_funding(
    *, action: Action, people: list[Person], world: World, scale: int, on: date, by: Membership, now: datetime
) -> FundingAgreement:
    """Play ``funding.yaml`` for an action, up to ``on``: each thing on its own day; amounts times ``scale``.

    Raises what an operation refuses.
    """
    data = yaml.safe_load((DATA / "funding.yaml").read_text(encoding="utf-8"))
    agreement = _make_agreement(action, data["agreement"], world, scale, on, by)
    for row in data["instalments"]:
        _play_instalment(agreement, row, scale, on, by)
    _fund(action, data["funded"], world, by, now)
    for details, day in _spent(action, data, world, scale, on):
        record_budget_line(action=action, details=details, by=by, now=at_hour(day))
    for row in data["team"]:
        _play_team(action, row, world, on, by)
    given: dict[str, Any] = {
        "kind": "identity",
        "title": "Carte d’identité",
        "upload": render_pdf("kernel/report", PAPER),
    }
    for person in people[: data["identity_papers"]]:
        store_document(person=person, by=by, now=now, **given)
    return agreement


def _make_agreement(
    action: Action, row: Mapping[str, Any], world: World, scale: int, on: date, by: Membership
) -> FundingAgreement:
    details = AgreementDetails(
        funder=world.organisations[row["funder"]],
        title=row["title"],
        number=row["number"],
        amount=Decimal(row["amount"]) * scale,
        starts=action.starts,
        ends=action.ends,
        evidence=tuple(row["evidence"]),
    )
    agreement = prepare_agreement(action=action, details=details, by=by, now=at_hour(action.starts))
    day = _day(action, row["signed"], on)
    return sign_agreement(agreement=agreement, on=day, version=agreement.version, by=by, now=at_hour(day))


def _play_instalment(agreement: FundingAgreement, row: Mapping[str, Any], scale: int, on: date, by: Membership) -> None:
    action, amount = agreement.action, Decimal(row["amount"]) * scale
    claim_by, expected = _day(action, row["claim_by"], on), _day(action, row["expected"], on)
    details = InstalmentDetails(row["kind"], amount, claim_by, expected)
    found = plan_instalment(agreement=agreement, details=details, by=by, now=at_hour(action.starts))
    if "claimed" in row:
        day = _day(action, row["claimed"], on)
        found = claim_instalment(instalment=found, on=day, version=found.version, by=by, now=at_hour(day))
    if "received" in row:
        day = _day(action, row["received"], on)
        given: dict[str, Any] = {"on": day, "amount": amount, "version": found.version}
        receive_instalment(instalment=found, by=by, now=at_hour(day), **given)


def _fund(action: Action, funded: Mapping[str, str], world: World, by: Membership, now: datetime) -> None:
    """Say who pays the planned lines of the launch."""
    for line in list_budget_lines_of(action).filter(category__in=funded):
        funder = world.organisations[funded[line.category]]
        details = BudgetDetails(line.nature, line.category, line.year, line.amount, funder=funder)
        correct_budget_line(line=line, details=details, version=line.version, by=by, now=now)


def _spent(
    action: Action, data: Mapping[str, Any], world: World, scale: int, on: date
) -> Iterator[tuple[BudgetDetails, date]]:
    """The expenses paid by that day, and their days."""
    for month in _months(action.starts, on):
        day = month.replace(day=PAY_DAY)
        if action.starts <= day <= on:
            for row in data["spent"]:
                yield _expense(row, world, scale, day), day
    for row in data["spent_once"]:
        day = _day(action, row["day"], on)
        if day <= on:
            yield _expense(row, world, scale, day), day


def _expense(row: Mapping[str, Any], world: World, scale: int, day: date) -> BudgetDetails:
    funder: Organisation | None = world.organisations[row["funder"]] if "funder" in row else None
    amount = Decimal(str(row["amount"])) * scale
    return BudgetDetails("actual", row["category"], day.year, amount, funder=funder, label=row["label"], day=day)


def _play_team(action: Action, row: Mapping[str, Any], world: World, on: date, by: Membership) -> None:
    user, fte = world.accounts[row["account"]].user, Decimal(str(row["fte"]))
    member = assign_staff(
        action=action, user=user, role=row["role"], fte=fte, starts=action.starts, by=by, now=at_hour(action.starts)
    )
    for month in _months(action.starts, on)[:-1]:
        written = at_hour(month + timedelta(days=40))
        record_staff_time(member=member, month=month, share=fte, cost=Decimal(row["cost"]), by=by, now=written)


def _months(starts: date, ends: date) -> list[date]:
    """The first days of the months from one day to another."""
    count = (ends.year - starts.year) * 12 + ends.month - starts.month + 1
    first = starts.year * 12 + starts.month - 1
    return [date((first + rank) // 12, (first + rank) % 12 + 1, 1) for rank in range(count)]


def _day(action: Action, said: Mapping[str, int], on: date) -> date:
    [(origin, days)] = said.items()
    return {"from_start": action.starts, "from_today": on, "from_end": action.ends}[origin] + timedelta(days=days)
