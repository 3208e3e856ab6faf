"""The product's routes, and views that misbehave, for the tests of the middleware."""

from django.http import HttpResponse
from django.urls import path

from config.urls import urlpatterns as product_urls
from essaim.accounts.permissions import MEMBER, SIGNED_IN, WORKS_WITH_PEOPLE, note_read
from essaim.kernel.access import PUBLIC, access
from tests.factories.accounts import UserFactory


def without_rule(request):
    return HttpResponse("secret")


@access(PUBLIC)
def public_page(request):
    return HttpResponse("pour tous")


@access(SIGNED_IN)
def signed_in_page(request):
    return HttpResponse("pour les personnes connectées")


@access(MEMBER)
def member_page(request):
    return HttpResponse(request.membership.organisation.ref)


@access(WORKS_WITH_PEOPLE)
def file_page(request, code):
    note_read(request, "person", code)
    return HttpResponse("dossier")


@access(PUBLIC, methods=("GET", "POST"))
def writing_page(request):
    UserFactory(email="ecrit@exemple.fr")
    return HttpResponse("écrit")


urlpatterns = [
    path("sans-regle/", without_rule),
    path("publique/", public_page),
    path("connectee/", signed_in_page),
    path("membre/", member_page),
    path("dossier/<str:code>/", file_page),
    path("ecrit/", writing_page),
    *product_urls,
]
