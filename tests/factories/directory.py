"""Organisations, communes, zones and territories as the tests need them: no SIRET unless asked, invented
codes.
"""

from datetime import date

import factory
from stdnum.luhn import calc_check_digit

from essaim.directory.enums import OrganisationKind, OrganisationOrigin, ZoneKind
from essaim.directory.models import Commune, Organisation, Territory, Zone


def make_siret(number: int) -> str:
    """Return a valid SIRET, a different one for each ``number`` below 10,000,000."""
    siren = f"9{number:07d}"
    siren += calc_check_digit(siren)
    head = f"{siren}0001"
    return head + str(calc_check_digit(head))


class CommuneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Commune

    code = factory.Sequence(lambda n: f"98{n:03d}")
    name = factory.Sequence(lambda n: f"Commune {n}")
    postcodes = factory.LazyAttribute(lambda commune: [commune.code])
    department = "98"
    region = "98"
    is_invented = True


class ZoneFactory(factory.django.DjangoModelFactory):
    """A QPV in force since 1/1/2024 in one commune of its own; ``communes=[…]`` chooses them."""

    class Meta:
        model = Zone
        skip_postgeneration_save = True

    class Params:
        closed = factory.Trait(kind=ZoneKind.ZUS, since=date(1996, 1, 1), until=date(2014, 12, 31))

    kind = ZoneKind.QPV
    code = factory.Sequence(lambda n: f"QN98{n:04d}I")
    name = factory.Sequence(lambda n: f"Quartier {n}")
    since = date(2024, 1, 1)
    is_invented = True

    @factory.post_generation
    def communes(self, create, extracted, **kwargs):
        if create:
            self.communes.set(extracted if extracted is not None else [CommuneFactory()])


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    class Params:
        company = factory.Trait(kind=OrganisationKind.COMPANY)
        with_siret = factory.Trait(siret=factory.Sequence(make_siret))
        from_journal = factory.Trait(origin=OrganisationOrigin.JOURNAL)

    name = factory.Sequence(lambda n: f"Structure {n}")
    kind = OrganisationKind.MISSION_LOCALE


class TerritoryFactory(factory.django.DjangoModelFactory):
    """A territory of one commune; ``communes=[…]`` and ``zones=[…]`` choose what it covers."""

    class Meta:
        model = Territory
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Territoire {n}")

    @factory.post_generation
    def communes(self, create, extracted, **kwargs):
        if create:
            self.communes.set(extracted if extracted is not None else [CommuneFactory()])

    @factory.post_generation
    def zones(self, create, extracted, **kwargs):
        if create and extracted:
            self.zones.set(extracted)
