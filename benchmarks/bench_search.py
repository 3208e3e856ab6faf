"""How long the search of a person takes: `python -m benchmarks.bench_search` on the server of DATABASE_URL.

Of 100,000 people, an organisation sees all, another a hundred. Each search is the first page of the list: what
``people.queries.keep_named`` asks, typing errors included, under the grants of the reader. The naive way is measured
in the same run: `ILIKE '%…%'` on names stripped of accents, without index. The target is 50 ms in SQL.
"""

import random
import sys
import time
from statistics import median

from benchmarks.scratch import scratch_database

PEOPLE = 100_000
SMALL = 100  # people seen by the small organisation
RUNS = 7
TARGET_MS = 50.0
SYLLABLES = [consonant + vowel for consonant in "bcdfgklmnrstv" for vowel in "aeiou"]
SEARCHES = {
    "three letters": "kad",
    "a beginning": "kadra",
    "a name": "kadrani",
    "name and first name": "kadrani ines",
    "a rare name": "zephirelle",
    "one error": "kadarni",
    "an error, two words": "kadrnai inse",
    "nobody": "xylophonquy",
}
INSERT_PEOPLE = """
INSERT INTO people_person (code, first_name, last_name, birth_date, phone, email, contact_preference, address,
    postcode, is_protected, referent_organisation_id, created_at, version, housing, domiciled_at, is_phone_shared,
    is_email_shared, spoken_language, representative_name, representative_phone, representative_link, informed_how)
SELECT 'B' || n, first, last, '1999-01-01'::date + (n %% 6000)::integer, '', '', '', '', '', false, %s, now(), 1,
       '', '', false, false, '', '', '', '', ''
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS named (first, last, n)
"""
INSERT_GRANTS = """
INSERT INTO people_accessgrant (person_id, organisation_id, scope, since, reason, origin)
SELECT id, %s, 'referent', now() - interval '1 day', 'banc', 'referent' FROM people_person WHERE id %% %s = 0
"""
NAIVE = """
SELECT id FROM people_person p
WHERE {words} AND EXISTS (SELECT 1 FROM people_accessgrant g WHERE g.person_id = p.id AND g.organisation_id = %s
    AND g.until IS NULL)
ORDER BY last_name, first_name LIMIT 50
"""
ONE_WORD = "public.fr_sort(p.last_name || ' ' || p.first_name) ILIKE %s"


def make_people() -> tuple:
    """Write the people and their grants; return the membership that sees nearly all, and the one that sees few."""
    from django.db import connection

    from essaim.accounts.models import Membership, User
    from essaim.directory.models import Organisation

    rng = random.Random(3)
    firsts = [_name(rng, 2) for _ in range(600)] + ["Inès"]
    lasts = [_name(rng, rng.choice((2, 3, 3, 4))) for _ in range(20_000)] + ["Kadrani"]
    named = [(rng.choice(firsts), rng.choice(lasts)) for _ in range(PEOPLE - 51)]
    named += [("Inès", "Kadrani")] * 50 + [("Zoé", "Zéphirelle")]
    viewers = []
    for name, every in (("Grande", 1), ("Petite", PEOPLE // SMALL)):
        organisation = Organisation.objects.create(name=name, kind="mission_locale")
        user = User.objects.create(email=f"{name.lower()}@exemple.fr", first_name="A", last_name="B")
        viewers.append((Membership.objects.create(user=user, organisation=organisation, role="counsellor"), every))
    with connection.cursor() as cursor:
        firsts_given, lasts_given = (list(names) for names in zip(*named, strict=True))
        cursor.execute(INSERT_PEOPLE, [viewers[0][0].organisation_id, firsts_given, lasts_given])
        for viewer, every in viewers:
            cursor.execute(INSERT_GRANTS, [viewer.organisation_id, every])
        cursor.execute("VACUUM ANALYZE people_person")
        cursor.execute("VACUUM ANALYZE people_accessgrant")
    return tuple(viewer for viewer, _ in viewers)


def search(viewer, words: str) -> int:
    """The first page of the list, as the screen asks it; return how many people it shows."""
    from essaim.people.queries import keep_named, searchable_people

    return len(keep_named(searchable_people(viewer).order_by("search_key", "pk"), words)[:50])


def search_naively(viewer, words: str) -> int:
    """The same with ILIKE, each word anywhere; typing errors find nobody."""
    from django.db import connection

    asked = words.split()
    with connection.cursor() as cursor:
        statement = NAIVE.format(words=" AND ".join([ONE_WORD] * len(asked)))
        cursor.execute(statement, [*(f"%{word}%" for word in asked), viewer.organisation_id])
        return len(cursor.fetchall())


def main() -> int:
    """Measure every search for both organisations; 1 when a median exceeds the target."""
    with scratch_database():
        large, small = make_people()
        slowest = 0.0
        for title, viewer in (("sees all", large), (f"sees {SMALL}", small)):
            print(f"{PEOPLE} people, an organisation that {title}: median of {RUNS}")
            for words, asked in SEARCHES.items():
                ours, found = _measure(search, viewer, asked)
                naive, _ = _measure(search_naively, viewer, asked)
                slowest = max(slowest, ours)
                print(f"  {words:22} {ours:7.1f} ms, {found:3} found; naive ×{naive / ours:.1f} ({naive:.0f} ms)")
    print(f"slowest {slowest:.1f} ms, target {TARGET_MS:.0f} ms")
    return 1 if slowest > TARGET_MS else 0


def _measure(ask, viewer, words: str) -> tuple[float, int]:
    """Return the median milliseconds that the statements take together, and how many people are found."""
    from django.db import connection

    found, times = ask(viewer, words), []

    def timed(execute, *statement):
        begun = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            times[-1] += (time.perf_counter() - begun) * 1000

    for _ in range(RUNS):
        times.append(0.0)
        with connection.execute_wrapper(timed):
            ask(viewer, words)
    return median(times), found


def _name(rng: random.Random, syllables: int) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(syllables)).capitalize()


if __name__ == "__main__":
    sys.exit(main())
