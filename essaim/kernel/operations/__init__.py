"""The writers of the kernel, by subject."""

from essaim.kernel.edit_versions import EditConflict, check_version
from essaim.kernel.operations.form_keys import (
    Claim,
    FormKeyRefused,
    claim_form_key,
    create_once,
    delete_old_form_keys,
    keep_result_url,
)

__all__ = [
    "Claim",
    "EditConflict",
    "FormKeyRefused",
    "check_version",
    "claim_form_key",
    "create_once",
    "delete_old_form_keys",
    "keep_result_url",
]
