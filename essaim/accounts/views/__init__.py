"""Pages of sign-in, account, members and invitations."""

from essaim.accounts.views.account import account, change_password
from essaim.accounts.views.invitations import invitation
from essaim.accounts.views.members import (
    cancel_invitation,
    change_role,
    end_membership,
    invite,
    organisation,
    resend_invitation,
)
from essaim.accounts.views.passwords import forgotten_password, new_password
from essaim.accounts.views.sessions import csrf_failure, sign_in, sign_out, switch_organisation

__all__ = [
    "account",
    "cancel_invitation",
    "change_password",
    "change_role",
    "csrf_failure",
    "end_membership",
    "forgotten_password",
    "invitation",
    "invite",
    "new_password",
    "organisation",
    "resend_invitation",
    "sign_in",
    "sign_out",
    "switch_organisation",
]
