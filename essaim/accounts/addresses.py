"""Where a request comes from, for the throttling of sign-in."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

NO_ADDRESS = "127.0.0.1"  # a local socket, a test without network


def client_address(request: HttpRequest) -> str:
    """The address of the client, through as many of our own proxies as ``TRUSTED_PROXIES`` says.

    What a client writes itself in ``X-Forwarded-For`` stands to the left of what our proxies add, and is not
    read.
    """
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    proxies: int = settings.TRUSTED_PROXIES
    candidates = [hops[-proxies]] if proxies and len(hops) >= proxies else []
    for candidate in [*candidates, request.META.get("REMOTE_ADDR") or ""]:
        try:
            return str(ip_address(candidate))
        except ValueError:
            continue
    return NO_ADDRESS
