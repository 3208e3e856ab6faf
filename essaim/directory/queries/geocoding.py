"""The address service outside: one question, one point or none."""

import json
from decimal import Decimal
from http.client import HTTPException
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import structlog
from django.conf import settings

from essaim.directory.engine.geocoding import read_point

TIMEOUT = 5  # seconds
LONGEST_ANSWER = 1 << 20
_log = structlog.get_logger(__name__)


def ask_address_service(
    *, address: str, postcode: str = "", commune_code: str = "", commune_name: str = ""
) -> tuple[Decimal, Decimal] | None:
    """Ask the service of ``GEOCODER_URL`` (format of the Base Adresse Nationale) where an address is.

    None when no service is set, when it does not answer well within ``TIMEOUT`` seconds, or when it is not sure.
    Called from a task or a POST, never while a page is read; the address goes to that service and to no log.
    """
    root = settings.GEOCODER_URL.rstrip("/")
    if not root or urlsplit(root).scheme not in {"http", "https"}:
        return None
    asked = {"q": f"{address} {commune_name}".strip(), "limit": "3"}
    asked |= {"postcode": postcode} if postcode else {}
    request = Request(f"{root}/search/?{urlencode(asked)}", headers={"Accept": "application/json"})  # noqa: S310
    try:
        with urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310 - http(s) only, checked above
            answer = json.loads(response.read(LONGEST_ANSWER))
    except (URLError, HTTPException, OSError, ValueError) as failure:
        _log.warning("address_service_failed", kind=type(failure).__name__)
        return None
    return read_point(answer, commune_code=commune_code)
