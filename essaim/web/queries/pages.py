"""What the pages made of several apps show: each part read through the queries of its own app."""

from dataclasses import dataclass

from essaim.accounts.models import Membership
from essaim.directory.models import Organisation
from essaim.directory.queries import search_organisations_for
from essaim.employers.permissions import knows_companies
from essaim.employers.queries import EMPLOYING_KINDS
from essaim.guide.engine.figures import Card
from essaim.guide.queries import search_practices
from essaim.journal.models import Action
from essaim.journeys.queries import ActionFilters, list_actions_for
from essaim.people.models import Person
from essaim.people.queries import PersonFilters, list_people_for

ACTIONS_SHOWN = 6
FOUND_SHOWN = 8
SHORTEST_SEARCH = 2
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What one word or a few lead to, FOUND_SHOWN of each at most. ``is_asked``: enough was typed to search."""

    words: str
    is_asked: bool
    people: list[Person]
    companies: list[Organisation]
    actions: list[Action]
    practices: list[Card]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was found."""
        return not (self.people or self.companies or self.actions or self.practices)


def list_home_actions_for(viewer: Membership | None) -> list[Action]:
    """Return the running actions that the first page shows to those who do not follow people."""
    return list(list_actions_for(viewer, ActionFilters(state="running"))[:ACTIONS_SHOWN])


def search_for(viewer: Membership | None, words: str) -> Found:
    """Search people, companies, actions and fiches at once, accents and case aside.

    Only what the viewer may open is found. Fewer than two letters search nothing.
    """
    words = " ".join(words.replace("\x00", " ").split())[:LONGEST_SEARCH]
    if len(words) < SHORTEST_SEARCH:
        return Found(words, False, [], [], [], [])
    return Found(
        words=words,
        is_asked=True,
        people=list(list_people_for(viewer, PersonFilters(words=words))[:FOUND_SHOWN]),
        companies=_companies_for(viewer, words),
        actions=list(list_actions_for(viewer, ActionFilters(words=words))[:FOUND_SHOWN]),
        practices=list(search_practices(words=words).cards[:FOUND_SHOWN]),
    )


def _companies_for(viewer: Membership | None, words: str) -> list[Organisation]:
    if viewer is None or not knows_companies(viewer):
        return []
    return search_organisations_for(viewer, words, kinds=EMPLOYING_KINDS, limit=FOUND_SHOWN)
