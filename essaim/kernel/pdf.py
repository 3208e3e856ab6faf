"""PDF documents by typst: templates are files of the apps, data only ever comes in as JSON."""

import json
import re
from pathlib import Path
from typing import Any

import typst
from django.core.serializers.json import DjangoJSONEncoder

PACKAGE = Path(__file__).resolve().parent.parent
_NAME = re.compile(r"[a-z_]+/[a-z0-9_]+")


def render_pdf(template_name: str, data: dict[str, Any]) -> bytes:
    """Return a tagged, accessible PDF (PDF/UA-1) of ``essaim/<app>/documents/<name>.typ``.

    ``template_name`` is "<app>/<name>", as "kernel/report". The template reads
    ``json(bytes(sys.inputs.data))``: text from users can never become markup. It imports the house template,
    ``/kernel/documents/house.typ``, which gives the page, its header and footer and the tables. Dates and
    amounts come already written in French. Raises FileNotFoundError for an unknown template, typst.TypstError
    when the template is faulty.
    """
    if not _NAME.fullmatch(template_name):
        raise FileNotFoundError(template_name)
    app, name = template_name.split("/")
    path = PACKAGE / app / "documents" / f"{name}.typ"
    if not path.is_file():
        raise FileNotFoundError(template_name)
    document = typst.compile(
        str(path),
        root=str(PACKAGE),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    return bytes(document)
