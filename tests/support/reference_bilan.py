"""The slow, obvious reading of the indicator language: plain dicts, nested loops, exact fractions, no SQL.

Written from the specification alone and sharing nothing with the compiler, not even the parser: when the two
disagree, one of them is wrong.
"""

import calendar
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


class ReferenceBilan:
    """The bilan of one action of a journal (a header and a list of facts, as parsed from its lines).

    ``recorded`` gives the day each fact was written down, for bilans « as it was known on » a day.
    """

    def __init__(self, header, facts, action, indicators, since=None, until=None, on=None, known=None, recorded=None):
        self.action = next(row for row in header["actions"] if row["ref"] == action)
        self.organisations = {row["ref"]: row for row in header.get("organisations", [])}
        self.sessions = {row["ref"]: row for row in header.get("sessions", [])}
        self.settings = self.action.get("settings", {})
        self.since = since or date.fromisoformat(self.action["starts"])
        self.until = until or date.fromisoformat(self.action["ends"])
        self.on = on or self.until
        self.indicators = {row["id"]: row for row in indicators}
        if known is not None:
            facts = [fact for fact in facts if recorded[fact["id"]] <= known]
        corrected = {fact["corrects"] for fact in facts if "corrects" in fact}
        self.facts = [
            fact
            for fact in facts
            if fact["action"] == action
            and fact["id"] not in corrected
            and fact["data"] != {"void": True}
            and day_of(fact) <= self.on
        ]

    def rows(self):
        """``{id: (value, numerator, denominator)}``, achieved counterparts under ``<id>.realised``."""
        found = {}
        for id, row in self.indicators.items():
            found[id] = self.row(row.get("formula"))
            if row.get("realised") is not None:
                found[f"{id}.realised"] = self.row(row["realised"])
        return found

    def row(self, formula):
        numerator = denominator = None
        if isinstance(formula, dict):
            for name in ("ratio", "percent"):
                if name in formula:
                    numerator, denominator = (self.value(part) for part in formula[name])
        return self.value(formula), numerator, denominator

    def value(self, definition):
        if definition is None:
            return None
        if isinstance(definition, str):
            return self.value(self.indicators[definition]["formula"])
        if isinstance(definition, int | float | Decimal):
            return exact(definition)
        if "setting" in definition:
            value = self.settings.get(definition["setting"])
            return exact(value) if is_number(value) else None
        if "count" in definition:
            return self.count(definition["count"], self.select(definition))
        if "sum" in definition:
            return self.sum(definition["sum"], self.select(definition))
        for name in ("ratio", "percent"):
            if name in definition:
                above, below = (self.value(part) for part in definition[name])
                if above is None or below is None or below == 0:
                    return None
                return (100 if name == "percent" else 1) * above / below
        for name in ("total", "difference"):
            if name in definition:
                parts = [self.value(part) for part in definition[name]]
                if None in parts:
                    return None
                return sum(parts) if name == "total" else parts[0] - parts[1]
        return self.statistic(definition)

    def statistic(self, definition):
        [name] = {"average", "median", "min", "max"} & set(definition)
        facts = self.select(definition)
        if "per" in definition:
            groups = {}
            for fact in facts:
                key = self.field(fact, definition["per"])
                if not missing(key):
                    groups.setdefault(hashable(key), []).append(fact)
            values = [self.measure(definition[name], key, group) for key, group in groups.items()]
        else:
            values = [number_or_none(self.field(fact, definition[name])) for fact in facts]
        values = sorted(value for value in values if value is not None)
        if not values:
            return None
        if name == "average":
            return Fraction(sum(values)) / len(values)
        if name == "median":
            middle = len(values) // 2
            return values[middle] if len(values) % 2 else Fraction(values[middle - 1] + values[middle]) / 2
        return values[0] if name == "min" else values[-1]

    def measure(self, measure, key, group):
        if "count" in measure:
            return self.count(measure["count"], group)
        if "sum" in measure:
            return self.sum(measure["sum"], group)
        starts = [day_of(f) for f in self.select(measure["days_since"]) if hashable(f.get("person")) == key]
        reached = min(day_of(fact) for fact in group)
        if not starts or min(starts) > reached:
            return None
        return Fraction((reached - min(starts)).days)

    def count(self, field, facts):
        if field == "fact":
            return Fraction(len(facts))
        values = [self.field(fact, field) for fact in facts]
        return Fraction(len({hashable(value) for value in values if not missing(value)}))

    def sum(self, field, facts):
        values = [number_or_none(self.field(fact, field)) for fact in facts]
        return Fraction(sum(value for value in values if value is not None))

    def select(self, selection):
        return [
            fact
            for fact in self.facts
            if self.matches(fact, selection)
            and all(self.linked(fact, link) for link in as_list(selection.get("with", [])))
            and not any(self.linked(fact, link) for link in as_list(selection.get("without", [])))
        ]

    def matches(self, fact, selection):
        day = day_of(fact)
        in_period = {
            "during": self.since <= day <= self.until,
            "before": day < self.since,
            "after": day > self.until,
            "to_date": True,
        }[selection.get("period", "during")]
        return fact["kind"] in as_list(selection["of"]) and in_period and self.holds(fact, selection.get("where", {}))

    def linked(self, fact, link):
        return any(
            other is not fact and self.matches(other, link) and self.related(fact, other, link) for other in self.facts
        )

    def related(self, fact, other, link):
        for field in as_list(link.get("same", "person")):
            mine, theirs = self.field(fact, field), self.field(other, field)
            if missing(mine) or missing(theirs) or hashable(mine) != hashable(theirs):
                return False
        gap = (day_of(other) - day_of(fact)).days
        if "within_days" in link and abs(gap) > link["within_days"]:
            return False
        return {"before": gap <= 0, "earlier": gap < 0, "after": gap >= 0, "later": gap > 0, None: True}[
            link.get("when")
        ]

    def holds(self, fact, where):
        for key, test in where.items():
            if key == "any":
                held = any(self.holds(fact, part) for part in test)
            elif key == "all":
                held = all(self.holds(fact, part) for part in test)
            elif key == "not":
                held = not self.holds(fact, test)
            else:
                held = self.passes(self.field(fact, key), test)
            if not held:
                return False
        return True

    def passes(self, value, test):
        if test is None:
            return missing(value)
        if isinstance(test, list):
            return any(self.passes(value, item) for item in test)
        if test == {"ne": None}:
            return not missing(value)
        if missing(value):
            return False
        if isinstance(test, dict) and "setting" not in test:
            return all(self.compares(value, name, scalar) for name, scalar in test.items())
        scalar = self.scalar(test)
        return scalar is not None and contains(value, scalar)

    def compares(self, value, name, scalar):
        if scalar is None:
            return True
        scalar = self.scalar(scalar)
        if scalar is None:
            return False
        if name == "ne":
            return not contains(value, scalar)
        if is_number(value) and is_number(scalar):
            value, scalar = exact(value), exact(scalar)
        elif not (isinstance(value, str) and isinstance(scalar, str)):
            return False
        return {"gte": value >= scalar, "gt": value > scalar, "lte": value <= scalar, "lt": value < scalar}[name]

    def scalar(self, test):
        return self.settings.get(test["setting"]) if isinstance(test, dict) else test

    def field(self, fact, field):
        day = day_of(fact)
        prefix, _, name = field.partition(".")
        if prefix == "data":
            return fact["data"].get(name)
        if prefix == "person" and name:
            return self.profile_value(fact, name)
        if prefix == "organisation" and name:
            return self.organisations.get(fact.get("organisation"), {}).get(name)
        if prefix == "session" and name:
            return self.sessions.get(fact.get("session"), {}).get(name)
        if field in ("day", "month"):
            return day.isoformat()[: 10 if field == "day" else 7]
        if field == "year":
            return day.year
        if field == "days_ago":
            return (self.on - day).days
        if field == "length_days":
            starts, ends = fact["data"].get("starts"), fact["data"].get("ends")
            return (date.fromisoformat(ends) - date.fromisoformat(starts)).days if starts and ends else None
        if field == "active":
            return self.active(fact)
        return fact.get(field)

    def profile_value(self, fact, name):
        pictures = [
            other
            for other in self.facts
            if other["kind"] == "profile_declared"
            and fact.get("person") is not None
            and other["person"] == fact["person"]
        ]
        pictures.sort(key=lambda picture: (day_of(picture), moment_of(picture["at"]), picture["id"]))
        past = [picture for picture in pictures if day_of(picture) <= day_of(fact)]
        if not pictures:
            return None
        picture = (past[-1] if past else pictures[0])["data"]
        if name != "age":
            return picture.get(name)
        if "birth_date" not in picture:
            return None
        birth, day = date.fromisoformat(picture["birth_date"]), day_of(fact)
        return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))

    def active(self, fact):
        data, day, kind = fact["data"], day_of(fact), fact["kind"]
        if kind not in (
            "contract_signed", "training_joined", "enrolment_opened", "org_committed", "staff_assigned",
            "measure_used", "vehicle_loaned",
        ):  # fmt: skip
            return None
        starts = date.fromisoformat(data["starts"]) if "starts" in data else day
        ends = date.fromisoformat(data["ends"]) if "ends" in data else None
        if ends is None and kind == "contract_signed" and "term_months" in data:
            ends = add_months(starts, int(data["term_months"])) - timedelta(days=1)
        for other in self.facts:
            if day_of(other) < day:
                continue
            if kind == "contract_signed" and other["kind"] == "contract_ended":
                if other["data"]["contract"] == data["contract"]:
                    return False
            elif (
                kind == "enrolment_opened" and other["kind"] == "enrolment_closed" and other["person"] == fact["person"]
            ):
                return False
        return starts <= self.on and (ends is None or ends >= self.on)


def moment_of(at):
    if len(at) == 10:
        return datetime.fromisoformat(at).replace(tzinfo=PARIS)
    moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=PARIS).astimezone(UTC)


def day_of(fact):
    return moment_of(fact["at"]).astimezone(PARIS).date()


def add_months(day, months):
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def as_list(value):
    return value if isinstance(value, list) else [value]


def missing(value):
    return value is None or value == []


def is_number(value):
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def exact(value):
    return Fraction(str(value))


def number_or_none(value):
    return exact(value) if is_number(value) else None


def hashable(value):
    """A key that keeps true apart from 1, and 1 with 1.0."""
    if isinstance(value, list):
        return ("list", *map(hashable, value))
    return ("number", exact(value)) if is_number(value) else (type(value).__name__, value)


def contains(value, scalar):
    return any(hashable(item) == hashable(scalar) for item in (value if isinstance(value, list) else [value]))
