import pytest

from essaim.guide.engine.figures import card_of, count_checks, group_figures
from tests.factories.guide import FILES, FIRST

COMPLETE = FILES[FIRST]


def figures_of(practice):
    return {figure.id: figure for group in group_figures(practice) for figure in group.figures}


@pytest.mark.parametrize("practice", FILES.values(), ids=lambda practice: practice.slug)
def test_each_published_figure_is_shown_once(practice):
    shown = [figure.id for group in group_figures(practice) for figure in group.figures]
    assert sorted(shown) == sorted(indicator.id for indicator in practice.indicators)
    assert sum(count_checks(practice.indicators).values()) == len(practice.indicators)


def test_shares_are_parts_of_the_base():
    shares = {id: figure.share for id, figure in figures_of(COMPLETE).items()}
    assert shares["durable"] == pytest.approx(42.5480769)
    assert shares["durable_rate"] == 43
    assert shares["accompanied"] is None
    assert shares["interviews"] is None
    assert shares["budget"] is None


def test_figures_are_told_with_their_base_and_reason():
    figures = figures_of(COMPLETE)
    assert figures["durable_rate"].base == "177 sur 416"
    assert figures["durable_rate"].why == "Recalculé\u00a0: 42,55\u00a0%."
    assert figures["interviews"].why == "2,54 par jeune."
    assert figures["accompanied"].base == "personnes"
    assert "contract" not in " ".join(figure.why for figure in figures.values())


def test_no_english_reaches_the_reader():
    for practice in FILES.values():
        told = " ".join(figure.why for figure in figures_of(practice).values())
        assert "contract:" not in told, practice.slug


def test_card_tells_the_published_figure_and_the_doubt():
    cards = {slug: card_of(practice) for slug, practice in FILES.items()}
    assert (cards[COMPLETE.slug].value, cards[COMPLETE.slug].words) == (
        "43\u00a0%",
        "en emploi durable, 177 sur 416",
    )
    assert cards[COMPLETE.slug].doubt == "ambiguous"
    assert {card.doubt for card in cards.values()} == {"", "ambiguous", "mismatch"}
