"""Django's settings. What differs between installations comes from the workspace and from variables named OUTTURN_…"""

import os
import secrets
from pathlib import Path

from outturn.workspace import from_environment

from .database import database_settings

HERE = Path(__file__).parent

# The installation

WORKSPACE = from_environment()
DEFINITIONS = WORKSPACE.definitions
DATABASES = {"default": database_settings(os.environ.get("OUTTURN_DATABASE", ""), WORKSPACE)}
DATABASE_ROUTERS = ["outturn.site.trail.travel.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without a workspace, as in tests, the key lives as long as the process.
SECRET_KEY = WORKSPACE.secret_key.read_text("utf-8").strip() if WORKSPACE.secret_key.is_file() else secrets.token_hex()
DEBUG = False
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("OUTTURN_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if host.strip()
]

# The pages

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "outturn.site.accounts",
    "outturn.site.checks",
    "outturn.site.councils",
    "outturn.site.indicators",
    "outturn.site.notices",
    "outturn.site.people",
    "outturn.site.plans",
    "outturn.site.requests",
    "outturn.site.rounds",
    "outturn.site.scorecards",
    "outturn.site.submissions",
    "outturn.site.trail",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "outturn.site.headers.content_security",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "outturn.site.accounts.keeping.keep_what_was_typed",
    "outturn.site.accounts.entering.first_things_first",
    "outturn.site.errors.page_for_wrong_method",
    "outturn.site.trail.travel.time_travel",
]
ROOT_URLCONF = "outturn.site.urls"
WSGI_APPLICATION = "outturn.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "environment": "outturn.site.jinja.environment",
            "context_processors": [
                "outturn.site.checks.marks.marks",
                "outturn.site.people.access.person",
                "outturn.site.requests.beside.asked_here",
                "outturn.site.trail.travel.when",
            ],
        },
    }
]

# Served straight from the package: there is no collecting step to forget.
STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 7 * 24 * 60 * 60  # addresses carry a fingerprint, so a new style sheet has a new address

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

# Files that are sent come straight to the workspace's disk, from where they are moved to their own place

FILE_UPLOAD_HANDLERS = ["outturn.site.submissions.uploads.ToDiskHandler"]
FILE_UPLOAD_TEMP_DIR = WORKSPACE.folder / "uploads"
SILENCED_SYSTEM_CHECKS = ["files.E001"]  # that folder is made when it is first needed

# People and their sessions

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"OPTIONS": {"min_length": 12}}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
] + [{"NAME": "outturn.site.accounts.passwords.DressedUp"}]
# Roles that need a second step to sign in, as in OUTTURN_TWO_FACTOR_FOR="administrator, analyst"
TWO_FACTOR_FOR = {role.strip() for role in os.environ.get("OUTTURN_TWO_FACTOR_FOR", "").split(",") if role.strip()}
OIDC = {  # single sign-on: see docs/how-to/sign-in-with-your-councils-accounts.md
    name: os.environ.get(f"OUTTURN_OIDC_{name.upper()}", "").strip()
    for name in ("issuer", "client_id", "client_secret", "roles", "name")
}
CSRF_FAILURE_VIEW = "outturn.site.errors.form_not_accepted"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day
SESSION_COOKIE_NAME = "outturn_session"
CSRF_COOKIE_NAME = "outturn_csrf"
CSRF_COOKIE_HTTPONLY = True

# OUTTURN_HTTPS=1 says that people reach the site through a proxy that speaks HTTPS. Without it the cookies must also
# travel over plain HTTP, as on localhost.
HTTPS = os.environ.get("OUTTURN_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [
    f"https://{'*' if host.startswith('.') else ''}{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"
]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Standard error only, warnings and worse, and nobody's data: see logs.py

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "outturn.site.logs.PlainFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # a page not found is no news
        "waitress.queue": {"level": "ERROR"},  # nor is a request that waits its turn for a moment
    },
}
