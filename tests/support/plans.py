"""What a question really reads, from its executed plan."""

import json

from django.db import connection, transaction

from essaim.steering.queries.execution import PLANNER_SETTINGS, asked, compiled, indicators_of


def executed_plan(action, **dates):
    """Run the bilan of an action under EXPLAIN ANALYZE and return every node of its plan."""
    statement = compiled(indicators_of(action), as_known=False)[1]
    dates = {"since": None, "until": None, "on": None, "known_on": None} | dates
    question = statement.ask([asked(action, **dates)])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLANNER_SETTINGS)
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + question.text, question.params)
        [[found]] = cursor.fetchall()
        transaction.set_rollback(True)
    found = json.loads(found) if isinstance(found, str) else found
    return list(_nodes(found[0]["Plan"]))


def rows_read(nodes):
    """Rows met by the nodes that read (tables, indexes, common tables), those they set aside included, × loops."""
    return sum(
        _met(node) for node in nodes if node["Node Type"].endswith("Scan") and node["Node Type"] != "Subquery Scan"
    )


def rows_moved(nodes):
    """The same for every node of the plan, joins, windows and sorts included."""
    return sum(_met(node) for node in nodes)


def _met(node):
    aside = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
    return (node["Actual Rows"] + aside) * node["Actual Loops"]


def _nodes(node):
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)
