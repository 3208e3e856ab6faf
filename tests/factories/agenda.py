"""Rooms and appointments; appointments are made by the operations themselves."""

import factory
from factory.django import DjangoModelFactory

from essaim.agenda.models import Room
from tests.factories.directory import OrganisationFactory


class RoomFactory(DjangoModelFactory):
    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Bureau {n}")
    capacity = 12

    class Meta:
        model = Room
