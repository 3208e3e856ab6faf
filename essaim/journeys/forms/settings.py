"""One setting of a running action."""

from collections.abc import Mapping
from typing import Any

from essaim.kernel.contract import Setting
from essaim.kernel.forms import EditForm
from essaim.kernel.setting_fields import field_of, value_of


class SettingForm(EditForm):
    """One setting of a running action."""

    def __init__(self, *args: Any, setting: Setting, choice_labels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.setting = setting
        self.fields[setting.key] = field_of(setting, choice_labels)

    @property
    def value(self) -> Any:
        """The value to store."""
        return value_of(self.setting, self.cleaned_data[self.setting.key])
