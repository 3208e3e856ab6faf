"""My account: names, organisations, password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from essaim.accounts.forms import NamesForm, PasswordChangeForm
from essaim.accounts.operations import AccountError, rename_user
from essaim.accounts.operations import change_password as change_password_of
from essaim.accounts.permissions import SIGNED_IN, AccountRequest
from essaim.kernel.access import access
from essaim.kernel.forms import apply_operation_error


@access(SIGNED_IN, methods=("GET", "POST"))
def account(request: AccountRequest) -> HttpResponse:
    user = request.user
    names = {"first_name": user.first_name, "last_name": user.last_name}
    form = NamesForm(request.POST or None, initial=names)
    if request.method == "POST" and form.is_valid():
        rename_user(user=user, **form.cleaned_data, now=timezone.now())
        messages.success(request, "Votre nom est enregistré.")
        return redirect("accounts:account")
    return render(request, "accounts/account.html", {"form": form})


@access(SIGNED_IN, methods=("GET", "POST"))
@sensitive_post_parameters()
def change_password(request: AccountRequest) -> HttpResponse:
    form = PasswordChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = {key: form.cleaned_data[key] for key in ("current_password", "new_password")}
        try:
            user = change_password_of(user=request.user, **typed, now=timezone.now())
        except AccountError as error:
            apply_operation_error(form, error)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, "Votre mot de passe est changé. Vos autres appareils sont déconnectés.")
            return redirect("accounts:account")
    return render(request, "accounts/change_password.html", {"form": form})
