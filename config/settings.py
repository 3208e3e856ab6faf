"""One settings file; everything that differs between machines comes from the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
import structlog
from csp.constants import NONE, SELF

from essaim.accounts.logs import hide_personal_data

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("ESSAIM_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
PRODUCTION = env.bool("ESSAIM_PRODUCTION", default=False)
DEBUG = False

DEVELOPMENT_KEY = "developpement-seulement-jamais-en-production"
DEVELOPMENT_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else DEVELOPMENT_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else DEVELOPMENT_HOSTS)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "essaim.rehearsal",
    "essaim.web",
    "essaim.privacy",
    "essaim.steering",
    "essaim.employers",
    "essaim.agenda",
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
    "django_include_bootstrap",
    "django_htmx",
    "axes",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "essaim.accounts.middleware.PermissionsPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
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
                "essaim.kernel.templatetags.charts",
                "essaim.kernel.templatetags.formats",
            ],
        },
    }
]

# The web and the worker connect as a role that owns nothing; only migrations use the owner (`essaim.cli`).
DATABASE_IS_GIVEN = bool(env.str("DATABASE_URL", default=""))
APP_ROLE = env.str("ESSAIM_APP_ROLE", default="essaim_app")
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres:///essaim")}
DATABASES["default"].update(
    {
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        # Behind PgBouncer in transaction mode, a cursor does not outlive its transaction.
        "DISABLE_SERVER_SIDE_CURSORS": env.bool("ESSAIM_PGBOUNCER", default=False),
    }
)
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# The web keeps connections, commands do not. Short waits: while the database is away a request answers 503
# soon, and a pool that stopped trying tries again at the next request.
if POOL_SIZE := env.int("ESSAIM_POOL_SIZE", default=0):
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": POOL_SIZE,
        "timeout": 3,
        "reconnect_timeout": 2,
    }

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "web:home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "essaim.accounts.passwords.LengthOrPassphraseValidator"},
    {"NAME": "essaim.accounts.passwords.CommonPasswordListValidator"},
    {"NAME": "essaim.accounts.passwords.OwnNameValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

SESSION_IDLE_LIMIT = timedelta(hours=2)
SESSION_ABSOLUTE_LIMIT = timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE_LIMIT.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "essaim.accounts.views.csrf_failure"

# Five failures per account *and* address, then a short wait: guessing is slow, and nobody locks out someone else.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "essaim.accounts.addresses.client_address"
AXES_SENSITIVE_PARAMETERS = ["username", "email", "ip_address", "next"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Links of messages start with it: never with the Host header of whoever caused the message.
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip("/")
# An address service in the format of the Base Adresse Nationale; without one, addresses are placed by the points
# imported here, or not at all.
GEOCODER_URL = env.str("GEOCODER_URL", default="")
# How many of our own proxies add to X-Forwarded-For in front of the web.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), "
    "payment=(), usb=(), browsing-topics=()"
)

# The attendance of a large forum: three fields a person.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# The gallery of components, for those who make pages.
ESSAIM_GALLERY = env.bool("ESSAIM_GALLERY", default=not PRODUCTION)

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "jpg", "jpeg", "webp", "woff2", "gz", "br", "zip")

# Without EMAIL_URL, messages become files of the outbox (see `essaim.kernel.messages`), except in production.
OUTBOX_DIR = DATA_DIR / "outbox"
FILE_SINK = "essaim.kernel.messages.file_sink.deliver"
MESSAGE_TRANSPORTS = {} if PRODUCTION else dict.fromkeys(("email", "sms", "letter"), FILE_SINK)
if EMAIL_URL := env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
    MESSAGE_TRANSPORTS["email"] = "essaim.kernel.messages.smtp.deliver"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="essaim@localhost")
EMAIL_TIMEOUT = 30

# In production a proxy ends TLS in front of the web, and says so by this header.
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

# Logs hold ids and codes, never a name, a token or a note. One JSON object a line in production.
LOG_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    hide_personal_data,
]
structlog.configure(
    processors=[*LOG_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False)
            if PRODUCTION
            else structlog.dev.ConsoleRenderer(colors=False),
            "foreign_pre_chain": LOG_PROCESSORS,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "procrastinate": {"level": env.str("LOG_LEVEL", default="WARNING")},
    },
}

# W021 asks for the browsers' preload list: a decision of the owner of the domain name, not of this software.
# axes.W002 asks for its middleware, which answers lock-outs: the sign-in page does it itself.
SILENCED_SYSTEM_CHECKS = ["security.W021", "axes.W002"]
