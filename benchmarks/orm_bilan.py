"""The baseline: what one would write with the ORM, one query an indicator, leaving out the figures that a plain query
cannot say.
"""

from django.db.models import Exists, FloatField, OuterRef, Q, Subquery, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from essaim.journal.models import Fact
from essaim.kernel.engine import conditions as c
from essaim.kernel.engine.definitions import Count
from essaim.kernel.engine.definitions import Sum as SumOf
from essaim.steering.engine.fields import HOT


class NotPlainError(Exception):
    """A plain query cannot say it."""


def measure(measured, action):
    """Compute one count or sum in one query."""
    facts = _selected(measured.selection, action)
    match measured:
        case Count(field="fact"):
            return facts.count()
        case Count(field) if field in ("person", "organisation", "session"):
            column = "subject" if field == "person" else field
            return facts.exclude(**{column: None}).values(column).distinct().count()
        case SumOf(field):
            return facts.aggregate(found=Sum(_number(field)))["found"]
    raise NotPlainError


def _selected(selection, action):
    facts = _filtered(selection, action)
    for link in selection.required:
        facts = facts.filter(Exists(_linked(link, action)))
    for link in selection.excluded:
        facts = facts.filter(~Exists(_linked(link, action)))
    return facts


def _linked(link, action):
    if link.within_days is not None or len(link.same) > 1:
        raise NotPlainError
    key = {"person": "subject", "organisation": "organisation"}.get(link.same[0]) or _path(link.same[0])
    others = _filtered(link, action).filter(**{key: OuterRef(key)}).exclude(pk=OuterRef("pk"))
    lookup = {"before": "day__lte", "earlier": "day__lt", "after": "day__gte", "later": "day__gt"}.get(link.when)
    return others.filter(**{lookup: OuterRef("day")}) if lookup else others


def _filtered(selection, action):
    facts = Fact.objects.filter(action=action, live=True, kind__in=selection.kinds, day__lte=action.ends)
    if selection.period == "during":
        facts = facts.filter(day__gte=action.starts)
    elif selection.period != "to_date":
        raise NotPlainError
    for name in {name for name in c.fields_of(selection.where) if name.startswith("person.")}:
        pictures = Fact.objects.filter(
            action=action, live=True, kind="profile_declared", subject=OuterRef("subject"), day__lte=action.ends
        )
        past = pictures.filter(day__lte=OuterRef("day")).order_by("-day", "-at", "-ref")
        attribute = name.partition(".")[2]
        said = [
            Subquery(some.values(f"data__{attribute}")[:1]) for some in (past, pictures.order_by("day", "at", "ref"))
        ]
        facts = facts.annotate(**{f"person_{attribute}": Coalesce(*said)})
    return facts.filter(_where(selection.where, action))


def _where(condition, action):
    match condition:
        case c.AllOf(parts):
            return Q(*(_where(part, action) for part in parts))
        case c.AnyOf(parts):
            found = Q()
            for part in parts:
                found |= _where(part, action)
            return found
        case c.Not(part):
            return ~_where(part, action)
        case c.Missing(field):
            return Q(**{f"{_path(field)}__isnull": True})
        case c.Known(field):
            return Q(**{f"{_path(field)}__isnull": False})
    operand = condition.operand
    value = action.settings.get(operand.key) if isinstance(operand, c.SettingRef) else operand.value
    contains = "__contains" if condition.field in ("person.zones", "person.statuses", "organisation.zones") else ""
    match condition:
        case c.Equals(field):
            return Q(**{f"{_path(field)}{contains}": [value] if contains == "__contains" else value})
        case c.Differs(field):
            return ~Q(**{_path(field): value})
        case c.Ordered(field, operator):
            return Q(**{f"{_path(field)}__{operator}": value})


def _number(field):
    prefix, _, name = field.partition(".")
    if prefix != "data":
        raise NotPlainError
    return f"data_{name}" if name in HOT else Cast(KeyTextTransform(name, "data"), FloatField())


def _path(field):
    prefix, _, name = field.partition(".")
    if prefix == "data":
        return f"data_{name}" if name in HOT else f"data__{name}"
    if prefix == "person" and name not in ("", "age"):
        return f"person_{name}"
    if name and prefix != "person":
        return f"{prefix}__{name}"
    if field in ("kind", "source", "cohort", "event"):
        return field
    raise NotPlainError
