"""Demonstration data, played through the operations that the screens use: nothing is written aside."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.db import transaction

from essaim.accounts.models import Membership
from essaim.accounts.operations import create_first_manager, create_user, invite_member, register_invited
from essaim.accounts.queries import known_emails
from essaim.directory.models import Commune, Organisation, Territory
from essaim.directory.operations import create_organisation, create_territory, load_invented_territory
from essaim.directory.queries import list_zones, search_communes, zones_in_force
from essaim.employers.operations import ContractTerms, correct_contract, end_contract, sign_contract
from essaim.guide.queries import list_practices
from essaim.journal.models import Action
from essaim.journeys.models import Enrolment
from essaim.journeys.operations import (
    BudgetPlan,
    PartnerPlan,
    close_enrolment,
    complete_hand_over,
    enrol_person,
    launch_action,
    request_hand_over,
    sign_on_paper,
    update_profile,
)
from essaim.journeys.queries import entry_rules_of
from essaim.kernel.days import paris_day
from essaim.people.models import Person
from essaim.people.operations import PersonDetails, ProfileDetails, add_note, create_person
from essaim.rehearsal.casting import Case, cast

DATA = Path(__file__).parent / "data" / "demonstration.yaml"
INVENTED_DEPARTMENT = "99"
SCALES = {"small": 1, "agglo": 10, "departement": 50}
PARIS = ZoneInfo("Europe/Paris")


@dataclass(slots=True)
class Demonstration:
    """What was made, for the manifest: accounts with their password, references of the rest."""

    password: str
    accounts: dict[str, Membership] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    companies: list[Organisation] = field(default_factory=list)
    communes: list[Commune] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing to play on a day; the earliest first, and for one day in the order they were written."""

    day: date
    play: Callable[[datetime], Any]


@transaction.atomic
def seed_demonstration(*, seed: int, on: date, size: str, now: datetime) -> Demonstration:
    """Fill an empty instance with an invented territory, its organisations, people and a club in its ninth month.

    The same ``seed``, ``on`` and ``size`` (a key of SCALES) give the same people and the same counts; only public codes
    differ. Each event is played on its own day, in order, through the operations of the screens, so the rows and the
    fil agree. All or nothing: one transaction.
    """
    plan = yaml.safe_load(DATA.read_text())
    rng = Random(seed)  # noqa: S311 - invented people, no secret
    demo = Demonstration(password=plan["password"])
    starts = on - timedelta(weeks=plan["action"]["weeks_since_start"])
    opening = _at_noon(starts - timedelta(days=21))
    load_invented_territory(now=opening)
    _make_organisations(demo, plan, opening)
    _make_accounts(demo, plan, opening)
    action = _launch(demo, plan, starts, on, SCALES[size])
    cases = cast(plan, starts=starts, on=on, scale=SCALES[size], rng=rng)
    for event in sorted(_story(demo, plan, action, cases, on, rng), key=lambda event: event.day):
        event.play(_at_noon(event.day))
    return demo


def demonstration_accounts() -> list[dict[str, str]]:
    """Return the accounts of the demonstration that this instance has: role, email, password. Empty elsewhere."""
    plan = yaml.safe_load(DATA.read_text())
    known = known_emails(row["email"] for row in plan["accounts"])
    return [
        {"role": row["role"], "email": row["email"], "password": plan["password"]}
        for row in plan["accounts"]
        if row["email"] in known
    ]


def _at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), PARIS)


def _make_organisations(demo: Demonstration, plan: dict[str, Any], now: datetime) -> None:
    demo.communes = search_communes(INVENTED_DEPARTMENT)
    communes = {commune.name: commune for commune in demo.communes}
    for key, row in plan["organisations"].items():
        demo.organisations[key] = create_organisation(
            name=row["name"], kind=row["kind"], commune=communes.get(row["commune"]), by=None, now=now
        )
    for row in plan["companies"]:
        company = create_organisation(
            name=row["name"],
            kind="company",
            sector=row["sector"],
            commune=demo.communes[len(demo.companies) % len(demo.communes)],
            by=None,
            now=now,
        )
        demo.companies.append(company)


def _make_accounts(demo: Demonstration, plan: dict[str, Any], now: datetime) -> None:
    for row in plan["accounts"]:
        names = {"first_name": row["first_name"], "last_name": row["last_name"], "password": demo.password}
        organisation = demo.organisations[row["organisation"]]
        manager = next((one for one in demo.accounts.values() if one.organisation_id == organisation.pk), None)
        if manager is None:
            user = create_user(email=row["email"], now=now, **names)
            demo.accounts[row["key"]] = create_first_manager(organisation=organisation, user=user, now=now)
        else:
            invitation = invite_member(email=row["email"], role=row["role"], by=manager, now=now)
            demo.accounts[row["key"]] = register_invited(token=invitation.token, now=now, **names)


def _launch(demo: Demonstration, plan: dict[str, Any], starts: date, on: date, scale: int) -> Action:
    wanted, manager = plan["action"], demo.accounts["manager"]
    action = launch_action(
        practice=next(one for one in list_practices() if one.position == wanted["practice_position"]),
        organisation=manager.organisation,
        territory=_make_territory(manager, demo.communes, _at_noon(starts)),
        title=wanted["title"],
        starts=starts,
        ends=on + timedelta(weeks=wanted["weeks_until_end"]),
        settings={"planned_persons": wanted["settings"]["planned_persons"] * scale, "budget_year": on.year},
        places=wanted["settings"]["places"] * scale,
        partners=[
            PartnerPlan(demo.organisations["agency"], "prescriber"),
            PartnerPlan(demo.organisations["neighbourhood"], "prescriber"),
            PartnerPlan(demo.organisations["funder"], "funder"),
        ],
        targets={key: Decimal(value) for key, value in wanted["targets"].items()},
        budget=[BudgetPlan("general", on.year, Decimal(wanted["budget"] * scale))],
        by=manager,
        now=_at_noon(starts - timedelta(days=7)),
    )
    demo.actions.append(action)
    return action


def _make_territory(manager: Membership, communes: list[Commune], now: datetime) -> Territory:
    return create_territory(
        organisation=manager.organisation,
        name="Les Trois-Rives",
        communes=communes,
        zones=zones_in_force(list_zones(kind="qpv").filter(is_invented=True), paris_day(now)),
        by=manager,
        now=now,
    )


def _story(
    demo: Demonstration, plan: dict[str, Any], action: Action, cases: list[Case], on: date, rng: Random
) -> list[Event]:
    """Turn each case into its dated events. What one event makes, the next ones of the same person find."""
    events = []
    counsellors = [demo.accounts["counsellor"], demo.accounts["colleague"]]
    for index, case in enumerate(cases):
        player = Player(demo, plan, action, case, counsellors[index % 2], rng)
        met = (case.entry or on - timedelta(days=rng.randint(1, 9))) - timedelta(days=rng.randint(0, 2))
        events.append(Event(max(met, action.starts), player.meet))
        if case.entry:
            events.append(Event(case.entry, player.enter))
        if case.fate in {"durable", "short"} and case.outcome:
            events += player.contract_events(case.outcome)
        elif case.outcome:
            events.append(Event(case.outcome, player.leave))
    return [event for event in events if event.day <= on]


@dataclass(slots=True)
class Player:
    """Plays one case through the operations, as her counsellor would."""

    demo: Demonstration
    plan: dict[str, Any]
    action: Action
    case: Case
    by: Membership
    rng: Random
    person: Person | None = None
    enrolment: Enrolment | None = None
    contract: Any = None

    def meet(self, now: datetime) -> None:
        case = self.case
        details = PersonDetails(
            first_name=case.first_name,
            last_name=case.last_name,
            birth_date=case.birth_date,
            phone=case.phone,
            commune=self.demo.communes[case.commune],
            is_protected=case.is_protected,
            informed_on=now.date(),
        )
        self.person = create_person(details=details, by=self.by, now=now)
        self.demo.people.append(self.person)
        profile = ProfileDetails(
            day=now.date(),
            sex=case.sex,
            level=case.level,
            zones=("qpv",),
            zone_source="hand",
            zone_proof="certificate",
            statuses=("registered_jobseeker", "mission_locale"),
            resources=self.rng.choice(["none", "benefits", "family"]),
        )
        update_profile(person=self.person, details=profile, by=self.by, now=now)
        if case.fate == "not_yet":
            add_note(
                person=self.person,
                text="Rencontre au centre social. Hésite entre deux métiers.",
                by=self.by,
                now=now,
            )

    def enter(self, now: datetime) -> None:
        reason = self.plan["override_reason"] if self.case.level > 3 else ""
        self.enrolment = enrol_person(
            action=self.action,
            person=self._person,
            on=now.date(),
            validated=[code for code, _ in entry_rules_of(self.action).validates],
            override_reason=reason,
            by=self.by,
            now=now,
        )
        for commitment in self.enrolment.commitments.all():
            sign_on_paper(commitment=commitment, signed_on=now.date(), by=self.by, now=now)

    def contract_events(self, signed: date) -> list[Event]:
        events = [Event(signed, self.sign), Event(signed + timedelta(days=8), self.leave)]
        if self.case.is_corrected:
            events.append(Event(signed + timedelta(days=6), self.correct))
        if self.case.ends_early:
            events.append(Event(signed + timedelta(days=20), self.end))
        return events

    def sign(self, now: datetime) -> None:
        self.contract = sign_contract(
            enrolment=self._enrolment,
            organisation=self.rng.choice(self.demo.companies),
            terms=self._terms(now.date(), is_first=True),
            by=self.by,
            now=now,
        )

    def correct(self, now: datetime) -> None:
        correct_contract(
            contract=self.contract,
            organisation=self.contract.organisation,
            terms=self._terms(self.contract.signed_on, is_first=False),
            version=self.contract.version,
            by=self.by,
            now=now,
        )

    def end(self, now: datetime) -> None:
        end_contract(
            contract=self.contract,
            on=now.date(),
            early=True,
            initiator="employee",
            version=self.contract.version,
            by=self.by,
            now=now,
        )

    def leave(self, now: datetime) -> None:
        reasons = {"durable": "job", "short": "job", "training": "training", "lost": "lost", "term": "term"}
        if self.case.fate == "term":
            self._pass_on(now)
        self._enrolment.refresh_from_db()
        close_enrolment(
            enrolment=self._enrolment,
            reason=reasons[self.case.fate],
            on=now.date(),
            version=self._enrolment.version,
            by=self.by,
            now=now,
        )

    def _pass_on(self, now: datetime) -> None:
        manager = self.demo.accounts["manager"]
        relay = request_hand_over(
            person=self._person,
            enrolment=self._enrolment,
            to_organisation=manager.organisation,
            to_user=manager.user,
            by=self.by,
            now=now,
        )
        complete_hand_over(
            hand_over=relay,
            first_appointment_at=now + timedelta(days=7),
            version=relay.version,
            by=manager,
            now=now,
        )

    def _terms(self, signed: date, *, is_first: bool) -> ContractTerms:
        start = signed + timedelta(days=3)
        if self.case.is_corrected:
            return ContractTerms("cdd", signed, start, term_months=3 if is_first else 6, source="verified")
        if self.case.fate == "short":
            return ContractTerms("cdd", signed, start, term_months=self.rng.randint(1, 5))
        if self.rng.random() < 0.6:
            return ContractTerms("cdi", signed, start, source="verified")
        return ContractTerms("cdd", signed, start, term_months=self.rng.choice([6, 6, 9, 12]))

    @property
    def _person(self) -> Person:
        if self.person is None:
            raise ValueError("rencontrer d’abord")
        return self.person

    @property
    def _enrolment(self) -> Enrolment:
        if self.enrolment is None:
            raise ValueError("inscrire d’abord")
        return self.enrolment
