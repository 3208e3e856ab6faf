"""Sign in, sign out, choose the organisation one acts for."""

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from essaim.accounts.forms import SignInForm
from essaim.accounts.permissions import MEMBER, SIGNED_IN, AccountRequest
from essaim.kernel.access import PUBLIC, access
from essaim.kernel.context import url_of

WRONG = "Adresse ou mot de passe incorrect. Vérifiez les deux, ou demandez un nouveau mot de passe."
TOO_MANY = "Trop d’essais à cette adresse depuis votre poste. Attendez cinq minutes, puis recommencez."


@access(PUBLIC, methods=("GET", "POST"))
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: AccountRequest) -> HttpResponse:
    if request.method == "GET" and request.user.is_authenticated:
        return next_page(request, request.GET.get("next", ""))
    form = SignInForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    status = 200
    if request.method == "POST" and form.is_valid():
        credentials = {"email": form.cleaned_data["email"], "password": form.cleaned_data["password"]}
        user = authenticate(request, **credentials)
        if user is not None:
            login(request, user)
            return next_page(request, form.cleaned_data["next"])
        is_locked = getattr(request, "axes_locked_out", False)
        form.add_error(None, TOO_MANY if is_locked else WRONG)
        status = 429 if is_locked else 200
    return render(request, "accounts/sign_in.html", {"form": form}, status=status)


@access(SIGNED_IN, methods=("POST",))
def sign_out(request: AccountRequest) -> HttpResponse:
    logout(request)
    messages.success(request, "Vous êtes déconnecté·e.")
    return redirect("accounts:sign_in")


@access(MEMBER, methods=("POST",))
def switch_organisation(request: AccountRequest) -> HttpResponse:
    chosen = [each for each in request.memberships if str(each.pk) == request.POST.get("membership")]
    if not chosen:
        raise Http404("not one of her open memberships")
    request.session["organisation"] = chosen[0].organisation_id
    messages.success(request, f"Vous agissez maintenant pour {chosen[0].organisation}.")
    return next_page(request, request.POST.get("next", ""))


def csrf_failure(request: AccountRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose key is missing or too old: nothing was done, and what to do."""
    return render(request, "accounts/csrf_failure.html", status=403)


def next_page(request: AccountRequest, asked: str) -> HttpResponse:
    """Lead to the page asked for if it is one of ours, else to the home page: never to another site."""
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(asked if is_ours else url_of("web:home") or "/")
