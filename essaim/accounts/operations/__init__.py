"""Writes of the accounts: users and passwords, members, invitations, read audit."""

from essaim.accounts.operations.audit import forget_old_traces, record_reads
from essaim.accounts.operations.invitations import (
    InvitationClosedError,
    InvitationError,
    SentInvitation,
    accept_invitation,
    cancel_invitation,
    invite_first_manager,
    invite_member,
    register_invited,
    resend_invitation,
)
from essaim.accounts.operations.members import (
    MembershipError,
    change_role,
    create_first_manager,
    end_membership,
    require_manager,
)
from essaim.accounts.operations.users import (
    AccountError,
    change_password,
    create_user,
    rename_user,
    reset_password,
    send_password_link,
    set_operator,
)

__all__ = [
    "AccountError",
    "InvitationClosedError",
    "InvitationError",
    "MembershipError",
    "SentInvitation",
    "accept_invitation",
    "cancel_invitation",
    "change_password",
    "change_role",
    "create_first_manager",
    "create_user",
    "end_membership",
    "forget_old_traces",
    "invite_first_manager",
    "invite_member",
    "record_reads",
    "register_invited",
    "rename_user",
    "require_manager",
    "resend_invitation",
    "reset_password",
    "send_password_link",
    "set_operator",
]
