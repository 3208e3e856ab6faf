"""What a funder is shown, attacked by linear programming: everything shown is known, people answer as they like."""

from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from essaim.steering.engine.suppression import PUBLIC_THRESHOLD, Table, protect_list, protect_table

counts = st.integers(0, 25)
tables = st.tuples(st.integers(2, 3), st.integers(2, 5)).flatmap(
    lambda size: st.lists(st.lists(counts, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([12, 13], (12, 13)),
        ([12, 4], (None, None)),
        ([20, 17, 3], (20, None, None)),
        ([20, 3, 2], (20, None, None)),
        ([20, 2, 2], (None, None, None)),
        ([20, 17, 0, 0], (20, None, None, None)),
        ([0, 0, 3], (None, None, None)),
    ],
)
def test_a_small_count_takes_another_with_it(values, shown):
    assert protect_list(values) == shown


def test_the_public_is_shown_less():
    assert protect_list([30, 12, 9]) == (30, 12, 9)
    assert protect_list([30, 12, 9], threshold=PUBLIC_THRESHOLD) == (30, None, None)


def test_a_table_under_the_threshold_shows_nothing():
    assert protect_table([[2, 1], [1, 0]]) == Table(None, (None, None), (None, None))


def test_a_table_with_a_hidden_row_shows_its_margins_only():
    shown = protect_table([[12, 9], [2, 1]])
    assert (shown.total, shown.rows, shown.columns, shown.cells) == (24, (None, None), (14, 10), ())


def test_a_small_cell_hides_a_rectangle():
    shown = protect_table([[2, 20, 30], [15, 8, 40]])
    assert shown.cells == ((None, None, 30), (None, None, 40))
    assert shown.columns == (17, 28, 70)


class Attack:
    """People of each possible profile as unknowns, each figure shown as an equation."""

    def __init__(self, size):
        self.size = size
        self.known, self.values, self.hidden = [], [], []

    def see(self, shown, mask):
        row = csr_matrix(np.asarray(mask, dtype=float).reshape(1, self.size))
        if shown is None:
            self.hidden.append(row)
        else:
            self.known.append(row)
            self.values.append(shown)

    def bounds(self, row):
        found = []
        for sign in (1, -1):
            answer = linprog(sign * row.toarray()[0], A_eq=vstack(self.known), b_eq=self.values, method="highs")
            found.append(np.inf if answer.status == 3 else sign * answer.fun)
        return found

    def learns(self, threshold):
        """The hidden counts that the attack bounds under the threshold or determines."""
        found = [self.bounds(row) for row in self.hidden]
        return [(low, high) for low, high in found if high < threshold - 1e-6 or high - low < 1e-6]


def attack_table(cells, shown):
    rows, columns = len(cells), len(cells[0])
    grid = np.arange(rows * columns).reshape(rows, columns)
    attack = Attack(rows * columns)
    everywhere = np.ones(rows * columns)
    if shown.total is not None:
        attack.see(shown.total, everywhere)
    for i in range(rows):
        attack.see(shown.rows[i], np.isin(grid, grid[i]))
    for j in range(columns):
        attack.see(shown.columns[j], np.isin(grid, grid[:, j]))
    for i, row in enumerate(shown.cells):
        for j, cell in enumerate(row):
            attack.see(cell, grid == grid[i, j])
    return attack


@given(cells=tables, threshold=st.sampled_from([5, PUBLIC_THRESHOLD]))
@settings(max_examples=150)
def test_no_hidden_count_of_a_table_can_be_recovered(cells, threshold):
    shown = protect_table(cells, threshold=threshold)
    if shown.total is None:
        return
    figures = [shown.total, *shown.rows, *shown.columns, *(cell for row in shown.cells for cell in row)]
    assert all(figure is None or figure >= threshold for figure in figures)
    assert attack_table(cells, shown).learns(threshold) == []


# Sex, then four other questions, as the funder's tables ask them.
SIZES = (2, 5, 4, 2, 5)
PROFILES = list(product(*map(range, SIZES)))


def drawn_people(rng, number):
    weights = [[rng.choice([0, 1, 3, 8]) + 0.01 for _ in range(size)] for size in SIZES]
    return [tuple(rng.choices(range(len(each)), each)[0] for each in weights) for _ in range(number)]


def shown_tables(people):
    crossed = []
    for rank in range(1, len(SIZES)):
        found = np.zeros((SIZES[0], SIZES[rank]), dtype=int)
        for person in people:
            found[person[0], person[rank]] += 1
        crossed.append(protect_table(found.tolist()))
    return crossed


def shown_as_tables(figures):
    """The tables of ``questions.protected_figures``, in the order of SIZES."""
    tables = [figures["tables"][key] for key in ("age", "level", "qpv", "situation")]
    rows = tuple(figures["sex"])
    return [Table(figures["total"], rows, tuple(each["all"]), each["by_sex"]) for each in tables]


def see_tables(attack, crossed, place, places):
    """Show the tables of one action and period, the ``place``th of ``places``."""

    def mask(test):
        return [rank == place and test(profile) for rank in range(places) for profile in PROFILES]

    attack.see(crossed[0].total, mask(lambda _: True))
    for i in range(SIZES[0]):
        attack.see(crossed[0].rows[i], mask(lambda profile, i=i: profile[0] == i))
    for rank, shown in enumerate(crossed, 1):
        for j, column in enumerate(shown.columns):
            attack.see(column, mask(lambda profile, j=j, rank=rank: profile[rank] == j))
        for i, row in enumerate(shown.cells):
            for j, cell in enumerate(row):
                attack.see(cell, mask(lambda profile, i=i, j=j, rank=rank: (profile[0], profile[rank]) == (i, j)))


@pytest.mark.parametrize("seed", range(6))
def test_four_tables_of_the_same_people_give_nothing_back_together(seed):
    rng = Random(seed)
    attack = Attack(len(PROFILES))
    see_tables(attack, shown_tables(drawn_people(rng, rng.choice([15, 30, 60, 120]))), 0, 1)
    assert attack.hidden
    assert attack.learns(5) == []


def test_the_attack_finds_what_primary_hiding_alone_would_give_back():
    attack = attack_table([[2, 20], [15, 8]], Table(45, (22, 23), (17, 28), ((None, 20), (15, 8))))
    assert attack.learns(5) == [(pytest.approx(2), pytest.approx(2))]
