"""`essaim accounts`: the first organisation and its manager, since nobody registers alone; the operators."""

import argparse
import json

from essaim.cli.errors import CommandError

HELP = "Crée une organisation et invite sa première personne responsable ; nomme les exploitants."
NEEDS_DATABASE = True


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="un seul document JSON sur la sortie standard")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = actions.add_parser(
        "create-organisation", help="crée l’organisation et invite sa première personne responsable"
    )
    create.add_argument("--name", required=True, help="nom de l’organisation")
    create.add_argument("--kind", required=True, help="type d’organisation, par exemple mission_locale")
    create.add_argument("--siret", default="", help="14 chiffres")
    create.add_argument("--email", required=True, help="adresse de la première personne responsable")
    invite = actions.add_parser("invite-manager", help="invite, ou réinvite, la première personne responsable")
    invite.add_argument("organisation", help="référence de l’organisation")
    invite.add_argument("--email", required=True)
    operator = actions.add_parser("operator", help="donne ou retire le droit d’exploitant à un compte")
    operator.add_argument("email")
    operator.add_argument("--remove", action="store_true")


def run(options: argparse.Namespace) -> int:
    from essaim.kernel.errors import OperationError

    actions = {
        "create-organisation": create_organisation,
        "invite-manager": invite_manager,
        "operator": set_operator,
    }
    try:
        document = actions[options.action](options)
    except OperationError as refusal:
        error = {"field": refusal.field, "message": refusal.message}
        raise CommandError(refusal.message, document={"errors": [error]}) from refusal
    if options.json:
        print(json.dumps(document, ensure_ascii=False))
    else:
        print("\n".join(f"{key} : {value}" for key, value in document.items()))
    return 0


def create_organisation(options: argparse.Namespace) -> dict[str, object]:
    from django.db import transaction
    from django.utils import timezone

    from essaim.accounts.operations import invite_first_manager
    from essaim.directory import operations as directory

    now = timezone.now()
    with transaction.atomic():
        organisation = directory.create_organisation(
            name=options.name, kind=options.kind, siret=options.siret, by=None, now=now
        )
        sent = invite_first_manager(organisation=organisation, email=options.email, now=now)
    return {"organisation": organisation.ref, "invitation": sent.link}


def invite_manager(options: argparse.Namespace) -> dict[str, object]:
    from django.utils import timezone

    from essaim.accounts.operations import invite_first_manager
    from essaim.directory.models import Organisation

    organisation = Organisation.objects.filter(ref=options.organisation, origin="local").first()
    if organisation is None:
        raise CommandError("Aucune organisation de cette instance n’a cette référence.")
    sent = invite_first_manager(organisation=organisation, email=options.email, now=timezone.now())
    return {"organisation": organisation.ref, "invitation": sent.link}


def set_operator(options: argparse.Namespace) -> dict[str, object]:
    from django.utils import timezone

    from essaim.accounts import operations

    user = operations.set_operator(email=options.email, is_operator=not options.remove, now=timezone.now())
    return {"compte": str(user.uuid), "exploitant": user.is_operator}
