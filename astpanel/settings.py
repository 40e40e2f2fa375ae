"""All settings, in one file. Values that differ per installation come from the environment (see .env.example)."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from astpanel import env

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where things are kept ------------------------------------------------------------------------------------------
VAR_DIR = Path(env.text("ASTPANEL_VAR", str(BASE_DIR / "var"))).resolve()  # database, spool, generated secrets
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- Security -------------------------------------------------------------------------------------------------------
DEBUG = env.flag("ASTPANEL_DEBUG", default=False)
SECRET_KEY = env.secret("ASTPANEL_SECRET_KEY", VAR_DIR / "secret_key")
FIELD_KEYS = env.keys("ASTPANEL_FIELD_KEYS", VAR_DIR / "field_keys")  # Fernet keys, newest first
ALLOWED_HOSTS = env.names("ASTPANEL_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.origins("ASTPANEL_ORIGINS")
HTTPS = env.flag("ASTPANEL_HTTPS", default=False)  # behind a TLS proxy
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True  # no script of ours reads a cookie
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
_HOST = "__Host-" if HTTPS else ""  # such a cookie is set over TLS by this very host only, not by a neighbour's name
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST}sessionid", f"{_HOST}csrftoken"
SESSION_COOKIE_AGE = env.number("ASTPANEL_SESSION_DAYS", 7, low=1, high=90) * 86_400  # since the log-in
PASSWORD_RESET_TIMEOUT = 3 * 86_400  # seconds that a one-time link to set a password is good for
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^metrics$"]  # asked from inside, past the proxy
SECURE_HSTS_SECONDS = env.number("ASTPANEL_HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env.flag("ASTPANEL_HSTS_SUBDOMAINS", default=True)
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # the browsers' preload list is for the owner of the domain to ask for
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000  # a profile's list of users, a PBX's list of numbers
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
AUTH_USER_MODEL = "accounts.PanelUser"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "astpanel.audit_request.client_address"
AXES_USERNAME_CALLABLE = "astpanel.accounts.log_in.attempted_name"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "panel"
LOGOUT_REDIRECT_URL = "login"

# --- Applications ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "daphne",
    "astpanel.apps.AstpanelAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "django_q",
    "csp",
    "axes",
    "auditlog",
    "import_export",
    "ninja",
    "astpanel.apps.AstpanelConfig",
    "astpanel.jobs.apps.JobsConfig",
    "astpanel.accounts.apps.AccountsConfig",
    "astpanel.api.apps.ApiConfig",
    "crm.apps.CrmConfig",
    "telephony.apps.TelephonyConfig",
    "supervisor.apps.SupervisorConfig",
    "astpanel.setup.apps.SetupConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "astpanel.audit_request.AuditRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "astpanel.urls"
ASGI_APPLICATION = "astpanel.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database, layer, workers ---------------------------------------------------------------------------------------
DATABASES = {"default": env.database("ASTPANEL_DATABASE", f"sqlite:///{VAR_DIR}/astpanel.sqlite3")}
REDIS_URL = env.redis("ASTPANEL_REDIS")  # empty: one process group, in-memory layer
CHANNEL_LAYERS = {
    "default": (
        {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}
    )
}
RECONCILE_SECONDS = env.number("ASTPANEL_RECONCILE", 45, low=1, high=600)  # the gateway compares with the PBX's lists
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    ),
    "workers": (  # where the worker process leaves its heartbeat for the web process to see
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "workers"}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": VAR_DIR / "heartbeats"}
    ),
}
Q_CLUSTER = {
    "name": "astpanel",
    "orm": "default",
    "cache": "workers",
    "workers": env.number("ASTPANEL_WORKERS", 2, low=1, high=64),
    "timeout": 600,
    "retry": 700,  # must exceed timeout, else a running task is started twice
    "poll": 0.5,
    "catch_up": False,
    "label": "django-q",
}

# --- The system that keeps the customers: how long one request may last, in seconds ---------------------------------
SOURCE_SILENCE = env.number("ASTPANEL_SOURCE_SILENCE", 60, low=1, high=600)  # without a byte, while it works
SOURCE_ANSWER = env.number("ASTPANEL_SOURCE_ANSWER", 180, low=1, high=600)  # for a whole answer

# --- Language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.time_zone("ASTPANEL_TIME_ZONE", "Europe/Moscow")
USE_I18N = USE_TZ = True

# --- Static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static-build" / "collected"
STATICFILES_DIRS = [BASE_DIR / "static-build" / "assets"]  # the browser libraries that `make assets` bundles
for _folder in (STATIC_ROOT, *STATICFILES_DIRS):
    _folder.mkdir(parents=True, exist_ok=True)  # both are made, not committed; their absence is a warning
WHITENOISE_USE_FINDERS = True

# --- Logging --------------------------------------------------------------------------------------------------------
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s"}},
    "filters": {"without_keys": {"()": "astpanel.logged_paths.WithoutKeys"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_keys"]}},
    "root": {"handlers": ["console"], "level": env.choice("ASTPANEL_LOG_LEVEL", "INFO", LEVELS)},
    "loggers": {"axes": {"level": "WARNING"}, "daphne.server": {"level": "WARNING"}},
}

# --- Licences: whose signatures count, name:base64 of the Ed25519 public key (docs/licensing.md) ----------------------
LICENSE_KEYS = env.names("ASTPANEL_LICENSE_KEYS", "vendor-1:JLu4l+cVjWsyZqxIUdqwWFpIUEt4/sJfzhFvZwTgnyg=")

METRICS_TOKEN = env.text("ASTPANEL_METRICS_TOKEN", "")  # bearer token of /metrics; empty: the page does not exist

# --- Demo -----------------------------------------------------------------------------------------------------------
DEMO = env.flag("ASTPANEL_DEMO", default=False)  # `make run` sets it: log-in page shows the demo accounts
