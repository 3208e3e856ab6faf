"""A production that is misconfigured refuses to start: what is looked at, and the words that say what to
do."""

from typing import Any

import psycopg
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

KEY_LENGTH = 50
KEY_VARIETY = 10
KEYS_OF_EXAMPLES = ("django-insecure", "developpement")
OLDEST_POSTGRES = 150000
EMBEDDED_SOCKET = "/tmp/essaim-"  # noqa: S108

RIGHTS = """
    SELECT rolname, rolsuper, rolbypassrls, rolcreatedb OR rolcreaterole,
           EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace
                   AND relkind IN ('r', 'p') AND pg_has_role(current_user, relowner, 'MEMBER'))
    FROM pg_roles WHERE rolname = current_user
"""


def list_faults() -> list[str]:
    """Return what is wrong with the settings of a production, in French; nothing elsewhere. Reads no
    database."""
    if not settings.PRODUCTION:
        return []
    return [*_faults_of_the_key(), *_faults_of_the_site(), *_faults_of_the_address()]


def list_database_faults() -> list[str]:
    """Return what is wrong with the server and the role of ``DATABASE_URL``; nothing outside production.

    Raises ``django.db.OperationalError`` when the database does not answer.
    """
    if not settings.PRODUCTION:
        return []
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS)
        role, is_superuser, bypasses, creates, owns = cursor.fetchone()
    faults = []
    if connection.pg_version < OLDEST_POSTGRES:  # type: ignore[attr-defined]
        faults.append("Le serveur est trop ancien : PostgreSQL 15 ou plus récent est nécessaire.")
    the_role = f"Le rôle « {role} » de DATABASE_URL"
    if is_superuser:
        return [*faults, f"{the_role} est administrateur du serveur (SUPERUSER)."]
    if bypasses:
        faults.append(f"{the_role} contourne la sécurité des lignes (BYPASSRLS).")
    if creates:
        faults.append(f"{the_role} peut créer des bases ou des rôles.")
    if owns:
        faults.append(f"{the_role} possède les tables : leur propriétaire ne sert qu’à DATABASE_OWNER_URL.")
    return faults


def check_production(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """The system check of Django's `check`: the settings, and the database when it is asked for."""
    faults = list_faults()
    if options.get("databases") and not faults:
        try:
            faults = list_database_faults()
        except (DatabaseError, psycopg.Error) as error:
            faults = [f"La base de données ne répond pas : {error}"]
    return [Error(fault, id="essaim.E001") for fault in faults]


def refuse_misconfigured_production() -> None:
    """Stop a misconfigured production here, with its reasons.

    A database that does not answer is not one of them: requests answer 503 until it is back.
    """
    faults = list_faults()
    if not faults:
        try:
            faults = list_database_faults()
        except DatabaseError:
            return
        finally:
            connection.close()
    if faults:
        lines = "\n".join(f"  - {fault}" for fault in faults)
        raise SystemExit(f"Essaim refuse de démarrer en production :\n{lines}")


def _faults_of_the_key() -> list[str]:
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        key = ""
    advice = f"donnez une suite aléatoire d’au moins {KEY_LENGTH} caractères."
    if not key:
        return [f"SECRET_KEY manque : {advice}"]
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY or key.startswith(KEYS_OF_EXAMPLES):
        return [f"SECRET_KEY est trop faible : {advice}"]
    return []


def _faults_of_the_site() -> list[str]:
    faults = []
    if settings.DEBUG:
        faults.append("DEBUG doit être désactivé.")
    if not settings.ALLOWED_HOSTS:
        faults.append("ALLOWED_HOSTS est vide : donnez le nom du site, par exemple essaim.exemple.fr.")
    if "*" in settings.ALLOWED_HOSTS:
        faults.append("ALLOWED_HOSTS ne peut pas accepter tous les noms (« * »).")
    return faults


def _faults_of_the_address() -> list[str]:
    database = settings.DATABASES["default"]
    host = str(database.get("HOST") or database.get("OPTIONS", {}).get("host", ""))
    if not settings.DATABASE_IS_GIVEN:
        return ["DATABASE_URL manque : la production a son propre serveur PostgreSQL."]
    if host.startswith(EMBEDDED_SOCKET):
        return ["DATABASE_URL désigne le serveur embarqué, réservé à l’essai et au développement."]
    return []
