"""The screens of the directory, by page family."""

from essaim.directory.views.organisation import edit_organisation, show_organisation
from essaim.directory.views.territories import (
    add_places,
    create_territory,
    list_territories,
    remove_places,
    rename_territory,
    show_territory,
)
from essaim.directory.views.zones import list_zones

__all__ = [
    "add_places",
    "create_territory",
    "edit_organisation",
    "list_territories",
    "list_zones",
    "remove_places",
    "rename_territory",
    "show_organisation",
    "show_territory",
]
