import pytest

from essaim.journal.engine.schema import load_schema
from essaim.journal.engine.sentences import KIND_LABELS, sentence_for

SAMPLES = {
    "ref": "K1", "text": "SECRET", "date": "2008-03-02", "boolean": True, "integer": 6, "number": 3.5, "money": 1234.5,
}  # fmt: skip


def sample(field):
    if field.type == "enum":
        return sorted(field.values)
    if field.type == "enum_list":
        return [sorted(field.values)]
    return [SAMPLES[field.type]]


@pytest.mark.parametrize("kind", load_schema().kinds.values(), ids=lambda kind: kind.key)
def test_every_kind_and_code_has_french_words_and_no_free_text(kind):
    first = {name: sample(field)[0] for name, field in kind.fields.items()}
    required = {name: value for name, value in first.items() if name in kind.required}
    for name, field in kind.fields.items():
        for value in sample(field):
            words = sentence_for(kind.key, first | {name: value})
            assert "SECRET" not in words
            assert "_" not in words
            assert words[:1] == words[:1].upper()
    assert sentence_for(kind.key, required)
    assert sentence_for(kind.key, {"void": True}) == f"Annulation : {KIND_LABELS[kind.key].lower()}"


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("contract_signed", {"type": "cdi", "starts": "2008-03-02"}, "Contrat signé : CDI, à partir du 02/03/2008"),
        (
            "contract_signed",
            {"type": "cdd", "term_months": 6, "starts": "2008-03-02"},
            "Contrat signé : CDD de 6 mois, à partir du 02/03/2008",
        ),
        ("headcount_recorded", {"count": 1200}, "1\u202f200 passages comptés"),
        ("hours_worked", {"hours": 3.5, "mode": "geiq"}, "3,5 h travaillées, en GEIQ"),
        (
            "budget_line_recorded",
            {"amount": 9000, "nature": "planned", "category": "general", "year": 2009},
            "Budget prévu pour 2009 : 9\u202f000\u00a0€ (ensemble)",
        ),
        ("enrolment_opened", {}, "Entrée dans l’action"),
        ("directory.org_approached", {}, "Structure approchée"),
    ],
)
def test_sentences(kind, data, words):
    assert sentence_for(kind, data, label="Structure approchée") == words
