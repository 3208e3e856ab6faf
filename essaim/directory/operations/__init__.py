"""The writers of the directory, by subject."""

from essaim.directory.engine.declared import DeclaredOrganisation
from essaim.directory.operations.organisations import (
    OrganisationError,
    create_organisation,
    declare_organisations,
    update_organisation,
)
from essaim.directory.operations.points import import_addresses
from essaim.directory.operations.reference import (
    import_communes,
    import_zones,
    load_invented_territory,
    load_reference_communes,
)
from essaim.directory.operations.reports import ImportReport
from essaim.directory.operations.territories import (
    TerritoryError,
    create_territory,
    extend_territory,
    reduce_territory,
    rename_territory,
)

__all__ = [
    "DeclaredOrganisation",
    "ImportReport",
    "OrganisationError",
    "TerritoryError",
    "create_organisation",
    "create_territory",
    "declare_organisations",
    "extend_territory",
    "import_addresses",
    "import_communes",
    "import_zones",
    "load_invented_territory",
    "load_reference_communes",
    "reduce_territory",
    "rename_territory",
    "update_organisation",
]
