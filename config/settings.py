"""One settings file; everything that differs between machines comes from the environment."""

from datetime import timedelta
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("ESSAIM_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
PRODUCTION = env.bool("ESSAIM_PRODUCTION", default=False)
DEBUG = False

SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else "developpement-seulement-jamais-en-production")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "essaim.web",
    "essaim.steering",
    "essaim.employers",
    "essaim.journeys",
    "essaim.journal",
    "essaim.guide",
    "essaim.people",
    "essaim.accounts",
    "essaim.directory",
    "essaim.kernel",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_include_bootstrap",
    "js_lib_bootstrap_icons",
    "django_htmx",
    "axes",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "essaim.accounts.middleware.SessionLimitsMiddleware",
    "essaim.accounts.middleware.CurrentMembershipMiddleware",
    "essaim.accounts.middleware.ReadAuditMiddleware",
    "essaim.accounts.middleware.DefaultDenyMiddleware",
    "essaim.accounts.middleware.ReadOnlyMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "essaim.kernel.context.shell",
            ],
            "builtins": [
                "django.templatetags.static",
                "essaim.kernel.templatetags.ui",
                "essaim.kernel.templatetags.formats",
            ],
        },
    }
]

# The web and the worker connect as a role that owns nothing; only migrations use the owner (see `essaim.cli`).
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres:///essaim")}
DATABASES["default"].update(
    {
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
    }
)

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "web:home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

SESSION_IDLE_LIMIT = timedelta(hours=2)
SESSION_ABSOLUTE_LIMIT = timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE_LIMIT.total_seconds())

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Without EMAIL_URL, messages become files of the outbox (see `essaim.kernel.messages`), except in production.
OUTBOX_DIR = DATA_DIR / "outbox"
MESSAGE_TRANSPORTS = (
    {} if PRODUCTION else dict.fromkeys(("email", "sms", "letter"), "essaim.kernel.messages.file_sink.deliver")
)
if EMAIL_URL := env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    MESSAGE_TRANSPORTS["email"] = "essaim.kernel.messages.smtp.deliver"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="essaim@localhost")
EMAIL_TIMEOUT = 30

SILENCED_SYSTEM_CHECKS: list[str] = []
