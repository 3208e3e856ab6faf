"""French text in the database: ordered and searched without case nor accents."""

from typing import Any, TypeVar

from django.db.models import Func, Q, QuerySet, TextField, Value

Rows = TypeVar("Rows", bound=QuerySet[Any])
LONGEST_SEARCH = 100


class FrSort(Func):
    """``fr_sort(text)`` of the database: lower case, no accent, « œ » as « oe ». Immutable, so indexes use
    it.

    ``rows.annotate(name_order=FrSort("name")).order_by("name_order")`` puts « Élan » between « Eau » and «
    Été ».
    """

    function = "public.fr_sort"
    arity = 1
    output_field = TextField()


def tidy_search(text: str) -> str:
    """Return what is searched for, in the form the database takes: no NUL, single spaces, 100 characters."""
    return " ".join(text.replace("\x00", " ").split())[:LONGEST_SEARCH]


def keep_matching(rows: Rows, text: str, *fields: str) -> Rows:
    """Keep the rows in which each word of ``text`` is part of one of ``fields``, whatever the case and
    accents.

    An empty text keeps every row. Fits ``Table.search``: ``search=lambda rows, text: keep_matching(rows,
    text, "name")``.
    """
    names = {f"{field.replace('__', '_')}_folded": FrSort(field) for field in fields}
    folded: Rows = rows.alias(**names)
    for word in tidy_search(text).split():
        anywhere = Q()
        for name in names:
            anywhere |= Q(**{f"{name}__contains": FrSort(Value(word))})
        folded = folded.filter(anywhere)
    return folded
