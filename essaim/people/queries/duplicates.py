"""Files that may be one person: found among the viewer's own lists, in one statement."""

from dataclasses import dataclass

from django.db import connection

from essaim.accounts.models import Membership
from essaim.people.models import ExternalIdentifier, Person, Profile
from essaim.people.queries.access import searchable_people

PAIRS_SHOWN = 200
NAMES_CLOSE = 0.45  # of the trigrams of two names: « Kadrani Inès » and « Kadrany Ines » share 0.53

# One row a pair of files: each reason apart, joined on what two files of one person share. Brothers share a telephone:
# other names and another birth date, both known, are two people.
PAIRS = """
WITH mine AS MATERIALIZED ({visible}),
pairs AS (
    SELECT a.id AS first, b.id AS second, 'same_birth_date' AS reason
      FROM mine a JOIN mine b ON a.birth_date = b.birth_date AND a.id < b.id
     WHERE public.similarity(a.search_key, b.search_key) >= %s
    UNION ALL
    SELECT a.id, b.id, 'same_name' FROM mine a JOIN mine b ON a.search_key = b.search_key AND a.id < b.id
     WHERE a.birth_date IS NULL OR b.birth_date IS NULL OR a.birth_date = b.birth_date
    UNION ALL
    SELECT a.id, b.id, 'same_phone' FROM mine a JOIN mine b ON a.phone = b.phone AND a.id < b.id
     WHERE a.phone <> '' AND NOT (a.is_phone_shared OR b.is_phone_shared)
       AND (coalesce(a.birth_date = b.birth_date, true) OR public.similarity(a.search_key, b.search_key) >= %s)
    UNION ALL
    SELECT a.id, b.id, 'same_email' FROM mine a JOIN mine b ON a.email = b.email AND a.id < b.id
     WHERE a.email <> '' AND NOT (a.is_email_shared OR b.is_email_shared)
       AND (coalesce(a.birth_date = b.birth_date, true) OR public.similarity(a.search_key, b.search_key) >= %s)
    UNION ALL
    SELECT x.person_id, y.person_id, 'same_identifier'
      FROM people_externalidentifier x
      JOIN people_externalidentifier y ON x.system = y.system AND x.value = y.value AND x.person_id < y.person_id
      JOIN mine a ON a.id = x.person_id JOIN mine b ON b.id = y.person_id
     WHERE x.system IN ('france_travail', 'imilo')
)
SELECT p.first, p.second, array_agg(DISTINCT p.reason ORDER BY p.reason),
       public.similarity(a.search_key, b.search_key) AS closeness
  FROM pairs p JOIN mine a ON a.id = p.first JOIN mine b ON b.id = p.second
 WHERE NOT EXISTS (SELECT 1 FROM people_distinctpair d WHERE d.first_id = p.first AND d.second_id = p.second)
 GROUP BY p.first, p.second, a.search_key, b.search_key
 ORDER BY count(DISTINCT p.reason) DESC, closeness DESC, p.first, p.second
 LIMIT %s
"""
REASONS = {
    "same_birth_date": "même date de naissance, noms proches",
    "same_name": "même nom",
    "same_phone": "même téléphone",
    "same_email": "même adresse électronique",
    "same_identifier": "même identifiant France Travail ou i-milo",
}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two files that may be one person, the older first, and why: codes of ``REASONS``."""

    first: Person
    second: Person
    reasons: tuple[str, ...]

    @property
    def words(self) -> str:
        """Why, in words."""
        return ", ".join(REASONS[reason] for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Compared:
    """One file of a comparison: what only tells one person from another."""

    person: Person
    profile: Profile | None
    identifiers: tuple[ExternalIdentifier, ...]


def list_duplicates_for(viewer: Membership | None) -> list[Duplicate]:
    """Return the pairs of the viewer's listed files that may be one person, likeliest first, ``PAIRS_SHOWN`` at most.

    Pairs said to be two people are left out; so are protected people outside their referent team. Two statements,
    whatever the number.
    """
    columns = ("id", "search_key", "birth_date", "phone", "email", "is_phone_shared", "is_email_shared")
    visible = searchable_people(viewer).order_by().values(*columns)
    if visible.query.is_empty():
        return []
    inner, params = visible.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(PAIRS.format(visible=inner), (*params, *[NAMES_CLOSE] * 3, PAIRS_SHOWN))
        rows = cursor.fetchall()
    keys = {key for first, second, *_ in rows for key in (first, second)}
    people = (
        searchable_people(viewer).filter(pk__in=keys).select_related("referent", "commune", "referent_organisation")
    )
    by_key = {person.pk: person for person in people}
    return [Duplicate(by_key[first], by_key[second], tuple(reasons)) for first, second, reasons, _ in rows]


def compare_for(viewer: Membership | None, codes: tuple[str, str]) -> tuple[Compared, Compared]:
    """Return two files side by side, in the order of ``codes``. Raises Person.DoesNotExist unless both are listed to
    the viewer, and when they are one.
    """
    people = searchable_people(viewer).filter(code__in=codes)
    known = {person.code: person for person in people.select_related("commune", "referent", "referent_organisation")}
    if len(known) != 2:
        raise Person.DoesNotExist
    keys = [person.pk for person in known.values()]
    latest = Profile.objects.filter(person__in=keys).order_by("person_id", "-day", "-recorded_at", "-pk")
    profiles = {profile.person_id: profile for profile in latest.distinct("person_id")}
    organisations = [viewer.organisation_id] if viewer else []
    named = list(ExternalIdentifier.objects.filter(person__in=keys, organisation__in=organisations))
    first, second = (
        Compared(
            known[code],
            profiles.get(known[code].pk),
            tuple(each for each in named if each.person_id == known[code].pk),
        )
        for code in codes
    )
    return first, second
