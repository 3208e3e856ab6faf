import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from essaim.kernel.access import PUBLIC, access


def show(request):
    """Show it."""
    return HttpResponse("vu")


def test_view_keeps_its_name_and_its_rule():
    view = access(PUBLIC)(show)
    assert (view.__name__, view.access_rule, view.methods) == ("show", PUBLIC, ("GET",))


@pytest.mark.parametrize(
    ("declared", "method", "status"),
    [
        (("GET",), "GET", 200),
        (("GET",), "HEAD", 200),
        (("GET",), "POST", 405),
        (("POST",), "POST", 200),
        (("POST",), "GET", 405),
        (("POST",), "HEAD", 405),
        (("GET", "POST"), "POST", 200),
        (("GET", "POST"), "DELETE", 405),
    ],
)
def test_undeclared_method_is_refused(declared, method, status):
    view = access(PUBLIC, methods=declared)(show)
    assert view(RequestFactory().generic(method, "/")).status_code == status
