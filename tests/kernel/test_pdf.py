import re
import zlib

import pytest
import typst

from essaim.kernel.pdf import render_pdf

DATA = {
    "title": "Bilan du club emploi",
    "organisation": "Mission locale des Trois-Rives",
    "printed": "23 novembre 2026",
    "terms": [["Territoire", "cœur de ville"]],
    "sections": [
        {
            "title": "Indicateurs",
            "tables": [
                {
                    "caption": "Valeurs",
                    "columns": ["Indicateur", "Valeur"],
                    "rows": [["Entrées", "12"]],
                    "numeric": [1],
                }
            ],
        }
    ],
    "notes": ["#panic() $ *gras* « guillemets »"],
}


def streams(document):
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL):
        try:
            yield zlib.decompress(found.group(1))
        except zlib.error:
            continue


def test_report_is_a_tagged_french_document():
    document = render_pdf("kernel/report", DATA)
    assert document.startswith(b"%PDF-1.")
    whole = document + b"".join(streams(document))
    assert b"pdfuaid" in whole
    assert b"/MarkInfo" in whole and b"/StructTreeRoot" in whole
    assert b"/Lang" in whole and b"fr-FR" in whole
    assert b"Bilan du club emploi" in whole or "Bilan".encode("utf-16-be") in whole


def test_same_data_give_the_same_text_whatever_the_markup_in_it():
    hostile = DATA | {"notes": ['#import "/kernel/pdf.py"', "= titre", "$x$", "\\", "@ref", "<label>"]}
    assert render_pdf("kernel/report", hostile).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["kernel/absent", "kernel/../pdf", "/etc/passwd", "report", "kernel/report.typ"])
def test_only_templates_of_the_apps_are_read(name):
    with pytest.raises(FileNotFoundError):
        render_pdf(name, {})


def test_missing_data_are_a_fault_of_the_program():
    with pytest.raises(typst.TypstError):
        render_pdf("kernel/report", {})
