"""One settings file: embedded defaults that just work, overridden by environment variables (listed in `docs/reference`)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from inmind import environment, installation, postgresql, sqlite

BASE_DIR = Path(__file__).parents[2]
PACKAGE_DIR = Path(__file__).parent
INSTALLATION = installation.load(installation.home())
LIKENESS_DOUBTFUL = environment.read("INMIND_LIKENESS_DOUBTFUL")
LIKENESS_SAME = environment.read("INMIND_LIKENESS_SAME")
SHEET_DAYS = environment.read("INMIND_SHEET_DAYS")
CATALOG_DIR = environment.read("INMIND_CATALOG_DIR")
INSTRUMENTS_ON = environment.read("INMIND_INSTRUMENTS_ON")

DEBUG = environment.read("INMIND_DEBUG")
# Without keys nobody can sign in and nothing clinical can be read; commands that need neither still run.
try:
    SECRET_KEY = INSTALLATION.key("pages").hex()
except environment.BadSetting:
    SECRET_KEY = secrets.token_hex(32)

# Served to this machine alone unless a public address is named; then only by TLS.
PUBLIC_ADDRESS = environment.read("INMIND_ADDRESS")
_public = urlsplit(PUBLIC_ADDRESS)
ALLOWED_HOSTS = [_public.hostname] if _public.hostname else ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS] if PUBLIC_ADDRESS else []
ON_LOOPBACK = not PUBLIC_ADDRESS
PORT = environment.read("INMIND_PORT")
# How letters begin their links. On this machine alone by its name: browsers make passkeys for a name, never for a number.
SITE = PUBLIC_ADDRESS or f"http://localhost:{PORT}"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not ON_LOOPBACK
SECURE_HSTS_SECONDS = 0 if ON_LOOPBACK else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not ON_LOOPBACK
# A proxy of ours says whether the browser came by TLS, and from which address, so that limits do not count all as one.
BEHIND_PROXY = environment.read("INMIND_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0  # whose word on the visitor's address counts
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # ends with the browser: nothing of a visit stays on a library’s computer
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "inmind.access.sessions"
SESSION_COOKIE_NAME = "inmind_session"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = environment.read("INMIND_IDLE_SECONDS")
AWAY_HOURS, AWAY_FAMILIES = environment.read("INMIND_AWAY_HOURS"), environment.read("INMIND_AWAY_FAMILIES")
X_FRAME_OPTIONS = "DENY"

AUTH_USER_MODEL = "access.Account"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    *(f"inmind.{room}" for room in INSTALLATION.rooms),
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "inmind.access.middleware.plain_words",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "inmind.access.middleware.actor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "inmind.urls"
WSGI_APPLICATION = "inmind.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "inmind.access.context.house",
            ],
        },
    }
]
FORM_RENDERER = "inmind.foundation.controls.Controls"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"


POOL = environment.read("INMIND_POOL")


def _database(address: Mapping[str, str] | None) -> dict[str, object]:
    """A PostgreSQL database from its address, or the embedded one."""
    if address is None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": INSTALLATION.home / "inmind.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": sqlite.pragmas(environment.read("INMIND_SQLITE_SYNC")),
            },
            "CONN_MAX_AGE": 600,
            # A file, also under test: a memory database has no journal, and the suite must see what a clinic sees.
            "TEST": {"NAME": environment.read("INMIND_TEST_DATABASE") or INSTALLATION.home / "test.sqlite3"},
        }
    rest = dict(address)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{ours: rest.pop(theirs, "") for ours, theirs in names.items()},
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0,  # the pool keeps connections
        "OPTIONS": {
            "connect_timeout": postgresql.WAIT,
            **rest,
            "options": postgresql.pinned(rest.get("options", "")),
            # Each connection keeps the plans of what it asks again and again: a tenth less time for each page.
            "server_side_binding": True,
            "prepare_threshold": 3,
            "pool": {"min_size": 1, "max_size": POOL, "timeout": 10},
        },
    }


DATABASES = {"default": _database(environment.read("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, so that limits hold across workers; with room enough that a flood of names cannot push them out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "inmind_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
CSRF_FAILURE_VIEW = "inmind.access.middleware.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/today/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "inmind.access.adapters.allauth.SignIn"
MFA_ADAPTER = "inmind.access.adapters.allauth.SecondFactor"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up: accounts come by invitation
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # mail addresses belong to persons
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "inmind.access.forms.SignInForm", "reauthenticate": "inmind.access.forms.PasswordAgainForm"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * environment.read("INMIND_PROVE_AGAIN_MINUTES")
EMERGENCY_HOURS = environment.read("INMIND_EMERGENCY_HOURS")
FILE_MEGABYTES = environment.read("INMIND_FILE_MB")
RELEASE_HOURS = environment.read("INMIND_RELEASE_HOURS")
LISTING_DAYS = environment.read("INMIND_LISTING_DAYS")
LISTING_GRACE_DAYS = environment.read("INMIND_LISTING_GRACE_DAYS")
ASKED_DAYS, ASKED_KEEP_DAYS = environment.read("INMIND_ASKED_DAYS"), environment.read("INMIND_ASKED_KEEP_DAYS")
SEAT_OFFER_HOURS, SEAT_PAY_DAYS = environment.read("INMIND_SEAT_OFFER_HOURS"), environment.read("INMIND_SEAT_PAY_DAYS")
EMBED_AT = environment.read("INMIND_EMBED_AT")
DAYS_AHEAD = (
    500  # ours: a first call, a place or a session is not named for a later day; further ones are typing errors
)
FOLLOW_UP_DAYS = (7, 30, 60)  # ours: how long after it was sent somebody looks after a referral that is not connected
# Ours, and shown as ours: among a service's first six sessions a call is worth it when two of the last three did not come about.
SESSIONS_AT_FIRST, SESSIONS_LOOKED_AT, SESSIONS_MISSED = 6, 3, 2
GAP_DAYS = 28  # ours: a stretch without a session that took place is named when it is longer
LINK_DAYS = environment.read("INMIND_LINK_DAYS")
OFFICE_LINK_DAYS = environment.read("INMIND_OFFICE_LINK_DAYS")
CHECK_IN_DAYS = environment.read("INMIND_CHECK_IN_DAYS")
LINK_IDLE_SECONDS = 60 * environment.read("INMIND_LINK_IDLE_MINUTES")
AGE_OF_MAJORITY = environment.read("INMIND_AGE_OF_MAJORITY")  # None: not known
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reauthenticate": "10/m/user"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = INSTALLATION.name
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {"authenticate": "inmind.access.forms.CodeForm", "reauthenticate": "inmind.access.forms.CodeAgainForm"}

LANGUAGES = [(code, installation.LANGUAGES[code]) for code in INSTALLATION.languages]
LANGUAGE_CODE = LANGUAGES[0][0]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
FORMAT_MODULE_PATH = ["inmind.foundation.formats"]
LANGUAGE_COOKIE_NAME = "inmind_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = INSTALLATION.zone

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE_DIR / "foundation" / "static"  # all of it is ours and lies in one place: nothing to collect
WHITENOISE_USE_FINDERS = True  # but for what a room brings itself, which an installation without it does not serve
WHITENOISE_MAX_AGE = 3600

from csp.constants import NONE, SELF  # noqa: E402  (after Django's own settings stand)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Letters leave by SMTP when a server is named, otherwise they wait as files in the installation's `outbox` folder.
_smtp = environment.read("INMIND_SMTP_URL")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if _smtp.hostname else "inmind.messages.adapters.outbox.EmailBackend"
)
EMAIL_FILE_PATH = INSTALLATION.home / "outbox"
EMAIL_HOST, EMAIL_PORT = _smtp.hostname or "", _smtp.port or 587
EMAIL_HOST_USER = unquote(_smtp.username or "")
EMAIL_HOST_PASSWORD = environment.read("INMIND_SMTP_PASSWORD_FILE") or unquote(_smtp.password or "")
EMAIL_USE_TLS = _smtp.scheme == "smtp+tls"
EMAIL_USE_SSL = _smtp.scheme == "smtps"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.read("INMIND_MAIL_FROM")
NEUTRAL_SENDER = environment.read("INMIND_NEUTRAL_SENDER")
TEXT_GATEWAY = environment.read("INMIND_TEXT_GATEWAY")
TEXT_TOKEN = environment.read("INMIND_TEXT_TOKEN_FILE") or environment.read("INMIND_TEXT_TOKEN")
CARD_KEY = environment.read("INMIND_CARD_KEY_FILE")
CARD_NOTICE_SECRET = environment.read("INMIND_CARD_NOTICE_FILE")

DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000  # a field of a million characters still comes back in its form, cut and marked
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]  # never in clear in a folder
FILE_UPLOAD_MAX_MEMORY_SIZE = 25_000_000  # the largest sheet, with room for its form
TEST_RUNNER = "django.test.runner.DiscoverRunner"


def _shortly(record: logging.LogRecord) -> bool:
    """A request that Django itself refuses leaves one line with its kind: what it sent is the sender's, and no fault is ours."""
    record.msg, record.args = "a request was refused: %s", (record.name.rpartition(".")[2],)
    record.exc_info = record.exc_text = None
    return True


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"shortly": {"()": lambda: _shortly}},
    "handlers": {
        "screen": {"class": "logging.StreamHandler", "formatter": "line"},
        "short": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["shortly"]},
    },
    "root": {"handlers": ["screen"], "level": "WARNING"},
    # Django would log the address of each refused page, and an address can carry a link's secret. The pool would log
    # each try to reach a database; the last one is said by whoever asked.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"handlers": ["short"], "propagate": False},
        "gunicorn.http.wsgi": {"level": "ERROR"},  # it warns of each HEAD, whose body it drops as it should
        "psycopg.pool": {"level": "ERROR"},
    },
}
