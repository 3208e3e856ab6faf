"""Random journals and random definitions, drawn from the vocabulary of the journal: small, crowded, full of ties."""

from datetime import date, timedelta

from essaim.journal.engine.schema import load_schema

SCHEMA = load_schema()
ORGANISATION_KINDS = ("company", "association", "ei")
SESSION_KINDS = ("workshop", "forum", "committee")
STARTS, ENDS = date(2008, 1, 10), date(2008, 3, 31)
SETTINGS = {"planned_persons": 4, "budget_year": 2008, "label": "E1", "flag": True, "level_max": 3.5}
SETTING_KEYS = (*SETTINGS, "unset")
DATA_FIELDS = sorted({name for kind in SCHEMA.kinds.values() for name in kind.fields})


def random_journal(rng, kinds, size, settings=SETTINGS):
    """A header with two actions, and facts of these kinds: corrections, voids, ties, people in both actions."""
    header = {
        "journal": "essaim/1",
        "actions": [
            {"ref": ref, "practice": "p", "title": ref, "starts": STARTS.isoformat(), "ends": ENDS.isoformat(),
             "settings": settings}
            for ref in ("A1", "A2")
        ],
        "organisations": [_organisation(rng, rank) for rank in range(4)],
        "sessions": [_session(rng, rank) for rank in range(6)],
    }  # fmt: skip
    facts, open_facts = [], []
    for rank in range(size):
        id = f"F{rng.randrange(10**6)}.{rank}"
        if open_facts and rng.random() < 0.2:
            target = open_facts.pop(rng.randrange(len(open_facts)))
            fact = _fact(rng, id, target["kind"], target["action"])
            fact["corrects"] = target["id"]
            if rng.random() < 0.4:
                fact["data"] = {"void": True}
                fact.pop("person", None)
        else:
            fact = _fact(rng, id, rng.choice(kinds), "A2" if rng.random() < 0.15 else "A1")
        facts.append(fact)
        open_facts.append(fact)
    rng.shuffle(facts)
    return header, facts


def _organisation(rng, rank):
    row = {"ref": f"O{rank}", "name": f"Organisation {rank}", "kind": rng.choice(ORGANISATION_KINDS)}
    if rng.random() < 0.5:
        row["zones"] = rng.sample(["qpv", "zfu"], rng.randrange(3))
    if rng.random() < 0.5:
        row["sector"] = rng.choice(["construction", "retail"])
    return row


def _session(rng, rank):
    row = {
        "ref": f"S{rank}",
        "action": "A1" if rank < 4 else "A2",
        "kind": rng.choice(SESSION_KINDS),
        "title": "T",
    }
    if rng.random() < 0.5:
        row["module"] = rng.choice(["M1", "M2"])
    return row


def _day(rng):
    return STARTS + timedelta(days=rng.choice([-40, -1, 0, 1, 5, 6, 7, 20, 20, 21, 50, 51, 70, 81, 82, 110]))


def _at(rng):
    day = _day(rng).isoformat()
    return day + rng.choice(["", "", "", "T09:30", "T23:30:00Z", "T00:10:00.5+02:00", "T00:00"])


def _fact(rng, id, kind, action):
    wanted = SCHEMA.kinds[kind]
    fact = {
        "id": id,
        "kind": kind,
        "at": _at(rng),
        "action": action,
        "source": rng.choice(["declared", "verified"]),
    }
    for key in ("person", "organisation", "session", "cohort", "event"):
        needed = key in wanted.needs or key in wanted.needs_one_of
        if key not in wanted.forbids and (needed or rng.random() < 0.4):
            fact[key] = _common(rng, key, action)
    fact["data"] = {}
    for field in wanted.fields.values():
        if field.name in wanted.required or rng.random() < 0.6:
            fact["data"][field.name] = value_of(rng, field)
    if "term_months" in wanted.fields and fact["data"]["type"] in (
        "cdd",
        "apprenticeship",
        "professionalisation",
        "assisted",
    ):
        fact["data"].setdefault("term_months", rng.choice([0, 1, 3, 6]))
    starts, ends = fact["data"].get("starts"), fact["data"].get("ends")
    if starts and ends and starts > ends:
        fact["data"].update(starts=ends, ends=starts)
    return fact


def _common(rng, key, action):
    if key == "session":
        return rng.choice(["S0", "S1", "S2", "S3"] if action == "A1" else ["S4", "S5"])
    pools = {"person": "P", "organisation": "O", "cohort": "C", "event": "E"}
    return f"{pools[key]}{rng.randrange(4 if key in ('person', 'organisation') else 2)}"


def value_of(rng, field):
    """A value of a field of `data`, from a small pool so that equalities happen."""
    match field.type:
        case "enum":
            return rng.choice(sorted(field.values)[:4])
        case "enum_list":
            return rng.sample(sorted(field.values)[:4], rng.randrange(4))
        case "boolean":
            return rng.random() < 0.5
        case "date" if field.name in ("birth_date", "licence_since"):
            return rng.choice(["1988-02-29", "1990-01-10", "1990-01-11", "2000-02-29", "1970-12-31"])
        case "date":
            return (_day(rng) + timedelta(days=rng.randrange(3))).isoformat()
        case "integer":
            return rng.choice([2008, 2009, 2008.0]) if field.name == "year" else rng.choice([1, 2, 3, 4, 6, 3.0])
        case "number" | "money":
            pool = [0, 0.1, 0.25, 1, 7.5, 12.3, 0.5, 1.0]
            return rng.choice([value for value in pool if field.max is None or value <= field.max])
    return rng.choice(["X1", "X2", "x1"])


def random_definition(rng, kinds, depth=2):
    """A definition of the whole language over these kinds."""
    if depth and rng.random() < 0.25:
        operator = rng.choice(["ratio", "percent", "total", "difference"])
        size = rng.randrange(1, 4) if operator == "total" else 2
        return {operator: [random_definition(rng, kinds, depth - 1) for _ in range(size)]}
    roll = rng.random()
    if roll < 0.05:
        return rng.choice([12, 30.4375, {"setting": rng.choice(SETTING_KEYS)}])
    selection = random_selection(rng, kinds)
    if roll < 0.5:
        return {
            "count": rng.choice(["person", "person", "fact", "fact", random_field(rng, kinds)]),
            **selection,
        }
    if roll < 0.65:
        return {"sum": random_numeric(rng, kinds), **selection}
    statistic = rng.choice(["average", "median", "min", "max"])
    if rng.random() < 0.4:
        return {statistic: random_numeric(rng, kinds), **selection}
    per = rng.choice(["person", "person", "session", "month", "data.batch", random_field(rng)])
    measures = [
        {"count": rng.choice(["fact", "person", random_field(rng, kinds)])},
        {"sum": random_numeric(rng, kinds)},
    ]
    if per == "person":
        measures += [{"days_since": random_selection(rng, kinds)}] * 2
    return {statistic: rng.choice(measures), "per": per, **selection}


def random_selection(rng, kinds, links=True):
    """A selection; with ``links``, sometimes with links."""
    some = rng.sample(kinds, min(len(kinds), rng.randrange(1, 4)))
    selected = some[:1] if rng.random() < 0.5 else some
    selection = {"of": selected[0] if len(selected) == 1 else selected}
    if rng.random() < 0.4:
        selection["where"] = random_where(rng, 2, selected)
    if rng.random() < 0.6:
        selection["period"] = rng.choice(["during", "before", "after", "to_date", "to_date", "to_date"])
    if links:
        for key in ("with", "without"):
            if rng.random() < (0.3 if key == "with" else 0.2):
                found = [_link(rng, kinds) for _ in range(rng.randrange(1, 3))]
                selection[key] = found if len(found) > 1 or rng.random() < 0.2 else found[0]
    return selection


def _link(rng, kinds):
    link = random_selection(rng, kinds, links=False)
    if rng.random() < 0.6:
        pool = ["person", "organisation", "session", "event", "data.contract", "data.offer", "data.application",
                "data.type", "month", "person.sex", "person.zones", "data.score", "active", "kind",
                random_field(rng)]  # fmt: skip
        link["same"] = rng.choice(pool) if rng.random() < 0.7 else rng.sample(pool, 2)
    if rng.random() < 0.6:
        link["when"] = rng.choice(["before", "earlier", "after", "later"])
    if rng.random() < 0.3:
        link["within_days"] = rng.choice([0, 1, 5, 30])
    return link


def random_where(rng, depth, kinds):
    """Conditions on one or two fields, perhaps nested; fields of these kinds most often."""
    where = {}
    for _ in range(rng.choice([1, 1, 2])):
        roll = rng.random()
        if depth and roll < 0.12:
            where[rng.choice(["any", "all"])] = [
                random_where(rng, depth - 1, kinds) for _ in range(rng.randrange(0, 3))
            ]
        elif depth and roll < 0.22:
            where["not"] = random_where(rng, depth - 1, kinds)
        else:
            field = random_field(rng, kinds)
            where[field] = _test(rng, field)
    return where


def random_field(rng, kinds=()):
    """Any field of the language; half of the time, one that facts of these kinds have."""
    own = sorted({f"data.{name}" for kind in kinds for name in SCHEMA.kinds[kind].fields})
    if own and rng.random() < 0.5:
        return rng.choice(own)
    return rng.choice(
        [
            "kind", "source", "person", "organisation", "session", "cohort", "event", "day", "month", "year",
            "days_ago", "length_days", "active", "active", "person.sex", "person.age", "person.level", "person.zones",
            "person.statuses", "person.resources", "person.birth_date", "person.licence_since", "organisation.kind",
            "organisation.zones", "organisation.sector", "session.kind", "session.module", "data.type", "data.state",
            "data.hours", "data.term_months", "data.passed", "data.year", f"data.{rng.choice(DATA_FIELDS)}",
        ]
    )  # fmt: skip


def random_numeric(rng, kinds=()):
    """Any field that can be summed, and some that hold no number."""
    own = sorted({f"data.{name}" for kind in kinds for name, field in SCHEMA.kinds[kind].fields.items()
                  if field.type in ("integer", "number", "money")})  # fmt: skip
    if own and rng.random() < 0.5:
        return rng.choice(own)
    return rng.choice(
        ["data.hours", "data.amount", "data.count", "data.positions", "length_days", "days_ago", "year", "person.age",
         "person.level", "data.term_months", "data.score", "data.type", f"data.{rng.choice(DATA_FIELDS)}"]
    )  # fmt: skip


def _test(rng, field):
    roll = rng.random()
    if roll < 0.12:
        return None
    if roll < 0.2:
        return {"ne": None}
    if roll < 0.35:
        return [_scalar(rng, field) for _ in range(rng.randrange(0, 4))]
    if roll < 0.65:
        names = rng.sample(["gte", "gt", "lte", "lt", "ne"], rng.choice([1, 1, 2]))
        return {name: _scalar(rng, field) for name in names}
    return _scalar(rng, field)


def _scalar(rng, field):
    roll = rng.random()
    if roll < 0.1:
        return {"setting": rng.choice(SETTING_KEYS)}
    if roll < 0.2:
        return rng.choice([1, 0, True, False, "1", "true", 2.5, "2008-02"])
    return _likely(rng, field)


def _likely(rng, field):
    prefix, _, name = field.partition(".")
    if prefix == "data":
        kinds = [kind for kind in SCHEMA.kinds.values() if name in kind.fields]
        value = value_of(rng, rng.choice(kinds).fields[name])
        return rng.choice(value) if isinstance(value, list) and value else (value or 1)
    pools = {
        "kind": list(SCHEMA.kinds)[:12], "source": ["declared", "verified"], "person": ["P0", "P1"],
        "organisation": ["O0", "O1"], "session": ["S0", "S1"], "cohort": ["C0", "C1"], "event": ["E0", "E1"],
        "day": ["2008-01-10", "2008-03-31", "2008-02-29"], "month": ["2008-01", "2008-03"], "year": [2008, 2007],
        "days_ago": [0, 1, 30, 81], "length_days": [0, 1, 30], "active": [True, True, False],
        "person.sex": ["female", "male"], "person.age": [17, 18, 20, 37, 18.5], "person.level": [1, 3, 4],
        "person.zones": ["qpv", "zfu", "action_area"], "person.statuses": ["disability", "employed"],
        "person.resources": ["none", "benefits"], "person.birth_date": ["1990-01-10", "1988-02-29"],
        "person.licence_since": ["1990-01-10", "2000"], "organisation.kind": list(ORGANISATION_KINDS),
        "organisation.zones": ["qpv", "zfu"], "organisation.sector": ["retail"], "session.kind": list(SESSION_KINDS),
        "session.module": ["M1", "M2"],
    }  # fmt: skip
    return rng.choice(pools[field])
