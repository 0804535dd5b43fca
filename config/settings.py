"""Settings of the machine. Figures of the law live in ``rules`` modules; texts in ``vie_privee``."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from config import env, exploitant
from palier.core import embedded_postgres

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("PALIER_DATA", BASE_DIR / "var")
MODE = env.text("PALIER_MODE", "developpement")  # developpement, demo, test, production
DEBUG = env.flag("PALIER_DEBUG", MODE == "developpement")
PRODUCTION = MODE == "production"

if not os.environ.get("DATABASE_URL") and not PRODUCTION:
    os.environ.update(embedded_postgres.environment(embedded_postgres.start(DATA_DIR)))


def _database(url: str, **options: object) -> dict[str, object]:
    """Return Django's dictionary for a postgresql:// url."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {**query, **options},
    }


# Migrations run as the owner of the tables; everything else as the application's role.
_ROLE_URL = {
    "app": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "exploitant": "DATABASE_EXPLOITANT_URL",
}
DB_ROLE = env.text("PALIER_DB_ROLE", "app")
_URL = env.text(_ROLE_URL[DB_ROLE])
_THREADS = env.integer("PALIER_THREADS", 4, minimum=1)
# Pages run the same prepared statements again and again: one plan each serves every reader, and row policies make
# planning dearer than running; compiling a plan to machine code never pays for a page.
_POOL: dict[str, object] = (
    {
        "pool": {"min_size": 1, "max_size": _THREADS + 2, "timeout": 10},
        "options": "-c plan_cache_mode=force_generic_plan -c jit=off",
    }
    if env.flag("PALIER_POOL", False)
    else {}
)
DATABASES = {
    "default": _database(_URL, **_POOL),
    # Counters of attempts outlive the request's transaction: same database, another connection. A power cut may cost
    # the last half second of them, which is worth no wait at each sign-in.
    "compteur": {
        **_database(_URL, options="-c synchronous_commit=off"),
        "TEST": {"MIRROR": "default"},
        "CONN_MAX_AGE": None,
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = env.text("PALIER_SECRET_KEY", None if PRODUCTION else "developpement-seulement-" + "x" * 40)
# Wraps the data key of each agence (vault): 32 bytes in hexadecimal. Losing it loses every file.
VAULT_KEY = env.text("PALIER_VAULT_KEY", None if PRODUCTION else "d0" * 32)
PASSWORD_PEPPER = env.text("PALIER_PEPPER", None if PRODUCTION else "developpement-poivre")
# Signs the certificates of erasure, encrypts the common part of the backups: 32 bytes in hexadecimal. Without them, keys
# derived from the vault's.
CERTIFICAT_KEY = env.text("PALIER_CERTIFICAT_KEY", "")
SAUVEGARDE_KEY = env.text("PALIER_SAUVEGARDE_KEY", "")
# The only copy of the agences' keys beside the database, and the list of what must not come back: never in a backup.
TROUSSEAU_DIR = env.folder("PALIER_TROUSSEAU", DATA_DIR / "trousseau")
SITE_URL = env.text("PALIER_URL", None if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.words("PALIER_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver,[::1]")
SECURE = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Number of proxies in front of us: X-Forwarded-For is believed only as far as this.
PROXY_COUNT = env.integer("PALIER_PROXIES", 0)
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "palier.core",
    "palier.accounts",
    "palier.agences",
    "palier.patrimoine",
    "palier.acces",
    "palier.comptabilite",
    "palier.assemblees",
    "palier.ged",
    "palier.courrier",
    "palier.vie_privee",
    "palier.retours",
    "palier.echanges",
    "palier.api",
    "palier.screens",
]
MIDDLEWARE = [
    "palier.core.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "palier.api.seuil.Seuil",
    "palier.core.middleware.RequestShape",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "palier.core.middleware.Language",
    "palier.core.uploads.BodyLimit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "palier.core.middleware.Door",
    "allauth.account.middleware.AccountMiddleware",
    "palier.accounts.middleware.SessionLife",
    "palier.vie_privee.middleware.TextesLegaux",
    "palier.vie_privee.temoins.middleware.Temoins",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

_TEMPLATE_DIRS = sorted(BASE_DIR.glob("palier/**/templates"))
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": _TEMPLATE_DIRS,
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "config.jinja.Environments",
            "context_processors": ["config.jinja.page_forms"],
            "auto_reload": DEBUG,
        },
    },
    {  # allauth's own templates, for what we do not override
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["palier.accounts.backend.Backend"]
PASSWORD_HASHERS = ["palier.accounts.hashers.PepperedArgon2"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "palier.accounts.passwords.PasswordRule"}]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/accueil"

ACCOUNT_ADAPTER = "palier.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session goes on, every other one ends (adapter)
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_RATE_LIMITS = {
    "login": False,  # accounts.limites counts sign-ins in one statement, and gives successes back
    "login_failed": False,
    "reset_password": "20/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "confirm_email": "1/30s/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
USERSESSIONS_TRACK_ACTIVITY = False
PASSWORD_RESET_TIMEOUT = 30 * 60

# One hour idle, twenty-four at most (security.md 1.3); the server decides, the cookie ends with the browser.
SESSION_COOKIE_AGE = 24 * 3600  # from the sign-in, however used (accounts/middleware.py)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = 3600
_HOST_PREFIX = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{_HOST_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{_HOST_PREFIX}csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
ERROR_PAGES = "palier.screens.shared.erreurs"
CSRF_FAILURE_VIEW = "palier.screens.shared.erreurs.csrf"
LANGUAGE_COOKIE_NAME = "langue"
SECURE_CONTENT_TYPE_NOSNIFF = True

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"},
    "memoire": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "palier"},
}
SESSION_ENGINE = "palier.accounts.session_store"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("PALIER_STATIC", DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "palier" / "screens" / "shared" / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "coffre"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if env.text("PALIER_S3_BUCKET", ""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.text("PALIER_S3_BUCKET"),
            "endpoint_url": env.text("PALIER_S3_ENDPOINT", "") or None,
            "region_name": env.text("PALIER_S3_REGION", "") or None,
        },
    }
WHITENOISE_USE_FINDERS = DEBUG or MODE == "test"
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# Webhooks go to public https addresses only; the demo and the tests may call this very machine.
API_CROCHETS_LOCAUX = env.flag("PALIER_CROCHETS_LOCAUX", MODE in {"demo", "test"})
UPLOAD_MAX_BYTES = 25 * 1024 * 1024  # of a screen that names no other setting
IMPORT_MAX_BYTES = env.integer("PALIER_IMPORT_MAX", 2 * 1024**3)
# Watched folders: their root (none in production unless it is said), seconds of quiet before a file is taken, days
# during which its original stays in traites/ (0: it goes as soon as its import has ended).
DEPOTS_DIR: Path | None = (
    None
    if PRODUCTION and not env.text("PALIER_DEPOTS", "")
    else env.folder("PALIER_DEPOTS", DATA_DIR / "depots")
)
DEPOTS_DELAI = env.integer("PALIER_DEPOTS_DELAI", 10)
DEPOTS_JOURS = env.integer("PALIER_DEPOTS_JOURS", 0)

EMAIL_HOST = env.text("PALIER_SMTP_HOST", "127.0.0.1")
EMAIL_PORT = env.integer("PALIER_SMTP_PORT", 2525)
EMAIL_HOST_USER = env.text("PALIER_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("PALIER_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.flag("PALIER_SMTP_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("PALIER_FROM", "Palier <ne-pas-repondre@palier.example>")

# A finished job is erased: what it carried (an address, a link, a code) has no reason to stay.
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}
# Fills the {fields} of the legal texts.
EXPLOITANT = exploitant.read(os.environ, production=PRODUCTION)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"()": "palier.core.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["console"], "level": env.text("PALIER_LOG", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["fields.W342"]
