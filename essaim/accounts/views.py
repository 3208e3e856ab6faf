from django.http import HttpRequest, HttpResponse

from essaim.kernel.access import PUBLIC, access


@access(PUBLIC, methods=("GET", "POST"))
def sign_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
