"""A forgotten password: ask for a link, choose a new one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from essaim.accounts.forms import ChosenPasswordForm, ForgottenPasswordForm
from essaim.accounts.models import User
from essaim.accounts.operations import AccountError, reset_password, send_password_link
from essaim.accounts.queries import get_user_by_password_link
from essaim.kernel.access import PUBLIC, access
from essaim.kernel.forms import apply_operation_error


@access(PUBLIC, methods=("GET", "POST"))
@never_cache
def forgotten_password(request: HttpRequest) -> HttpResponse:
    form = ForgottenPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        send_password_link(email=form.cleaned_data["email"], now=timezone.now())
        return render(request, "accounts/password_link_sent.html")
    return render(request, "accounts/forgotten_password.html", {"form": form})


@access(PUBLIC, methods=("GET", "POST"))
@never_cache
@sensitive_post_parameters()
def new_password(request: HttpRequest, user_uuid: UUID, token: str) -> HttpResponse:
    try:
        user = get_user_by_password_link(user_uuid, token)
    except User.DoesNotExist:
        return render(request, "accounts/link_closed.html", {"is_password": True}, status=404)
    form = ChosenPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = form.cleaned_data["new_password"]
        try:
            reset_password(user=user, token=token, new_password=new, now=timezone.now())
        except AccountError as error:
            apply_operation_error(form, error)
        else:
            messages.success(request, "Votre mot de passe est changé. Connectez-vous avec le nouveau.")
            return redirect("accounts:sign_in")
    return render(request, "accounts/new_password.html", {"form": form})
