"""The invented world of the demonstration and of the replays: organisations, accounts, companies, a territory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from essaim.accounts.models import Membership
from essaim.accounts.operations import create_first_manager, create_user, invite_member, register_invited
from essaim.directory.models import Commune, Organisation, Territory
from essaim.directory.operations import create_organisation, create_territory, load_invented_territory
from essaim.directory.queries import list_zones, search_communes, zones_in_force
from essaim.employers.operations import CompanyFacts, ContactDetails, add_contact, save_company_profile
from essaim.kernel.days import paris_day
from essaim.people.engine.names import plain

DATA = Path(__file__).parent.parent / "data"
INVENTED_DEPARTMENT = "99"


@dataclass(slots=True)
class World:
    """What was made: accounts by key with their common password, organisations by key, companies, communes."""

    password: str
    names: Mapping[str, Any]
    accounts: dict[str, Membership] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    companies: list[Organisation] = field(default_factory=list)
    communes: list[Commune] = field(default_factory=list)


def read_world() -> dict[str, Any]:
    """Return the world as data: organisations, accounts, companies, names."""
    data: dict[str, Any] = yaml.safe_load((DATA / "world.yaml").read_text(encoding="utf-8"))
    return data


def make_world(*, mark: str = "", now: datetime) -> World:
    """Create the organisations, accounts and companies of the world, in an invented territory.

    ``mark`` goes into every e-mail address, so that a replay never meets the accounts of the demonstration.
    """
    data = read_world()
    world = World(password=data["password"], names=data)
    load_invented_territory(now=now)
    world.communes = search_communes(INVENTED_DEPARTMENT)
    communes = {commune.name: commune for commune in world.communes}
    for key, row in data["organisations"].items():
        world.organisations[key] = create_organisation(
            name=row["name"], kind=row["kind"], commune=communes.get(row["commune"]), by=None, now=now
        )
    for row in data["companies"]:
        commune = world.communes[len(world.companies) % len(world.communes)]
        company = create_organisation(
            name=row["name"], kind="company", sector=row["sector"], commune=commune, by=None, now=now
        )
        world.companies.append(company)
    _make_accounts(world, data, mark, now)
    _know_companies(world, data, now)
    return world


def _make_accounts(world: World, data: Mapping[str, Any], mark: str, now: datetime) -> None:
    for row in data["accounts"]:
        names = {"first_name": row["first_name"], "last_name": row["last_name"], "password": world.password}
        organisation = world.organisations[row["organisation"]]
        email = row["email"].replace("@", f"{mark}@")
        manager = next((one for one in world.accounts.values() if one.organisation_id == organisation.pk), None)
        if manager is None:
            user = create_user(email=email, now=now, **names)
            world.accounts[row["key"]] = create_first_manager(organisation=organisation, user=user, now=now)
        else:
            invitation = invite_member(email=email, role=row["role"], by=manager, now=now)
            world.accounts[row["key"]] = register_invited(token=invitation.token, now=now, **names)


def _know_companies(world: World, data: Mapping[str, Any], now: datetime) -> None:
    """Let the carrier know each company, and someone to call there."""
    manager = world.accounts["manager"]
    for company, row, name in zip(world.companies, data["companies"], data["contacts"], strict=True):
        facts = CompanyFacts(
            travel_minutes=row["travel_minutes"],
            recruits_often=row["recruits_often"],
            signed_diversity_charter=row["diversity_charter"],
        )
        save_company_profile(company=company, facts=facts, version=0, by=manager, now=now)
        address = f"{plain(name).replace(' ', '.')}@{plain(company.name).replace(' ', '-')}.example"
        add_contact(company=company, details=ContactDetails(name, "Recrutement", email=address), by=manager, now=now)


def make_home_territory(*, world: World, manager: Membership, now: datetime) -> Territory:
    """Create the territory of the carrier: the communes and priority neighbourhoods of the invented department."""
    return create_territory(
        organisation=manager.organisation,
        name="Les Trois-Rives",
        communes=world.communes,
        zones=zones_in_force(list_zones(kind="qpv").filter(is_invented=True), paris_day(now)),
        by=manager,
        now=now,
    )
