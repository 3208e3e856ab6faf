"""The writers of the kernel, by subject."""

from essaim.kernel.edit_versions import EditConflict, check_version
from essaim.kernel.operations.form_keys import (
    Claim,
    FormKeyError,
    claim_form_key,
    create_once,
    delete_old_form_keys,
    keep_result_url,
)
from essaim.kernel.operations.links import (
    LinkClosedError,
    answer_link,
    create_answer_link,
    revoke_answer_links,
)
from essaim.kernel.operations.messages import (
    MessageError,
    decide_uncertain_message,
    dispatch_message,
    note_message_outcome,
    prepare_message,
    settle_interrupted_messages,
)

__all__ = [
    "Claim",
    "EditConflict",
    "FormKeyError",
    "LinkClosedError",
    "MessageError",
    "answer_link",
    "check_version",
    "claim_form_key",
    "create_answer_link",
    "create_once",
    "decide_uncertain_message",
    "delete_old_form_keys",
    "dispatch_message",
    "keep_result_url",
    "note_message_outcome",
    "prepare_message",
    "revoke_answer_links",
    "settle_interrupted_messages",
]
