"""Django's settings. Owns: which apps and middleware there are, secure defaults. Never: reading the environment itself (env)."""

from __future__ import annotations

from pathlib import Path

import liantu
from liantu.web.config import env

# Its folder alone: importing the package would bring all of mathematics into every process.
_REPORT = Path(liantu.__file__).parent / "report"
DEBUG = False
SECRET_KEY = env.key("secret")
# Of the authenticators and of the trail's anchors; like the first, never in the database.
TOTP_KEY, ANCHOR_KEY = env.key("totp"), env.key("anchor")
SECRET_KEY_FALLBACKS = [key for key in env.text("LIANTU_SECRET_FALLBACKS").split(",") if key]
HOME = env.home()
# Plain http is for a trial on this machine; behind TLS the cookies carry the __Host- prefix.
SECURE = env.switch("LIANTU_TLS", default=False)
ALLOWED_HOSTS = [host for host in env.text("LIANTU_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in env.text("LIANTU_ORIGINS").split(",") if origin]

APPS = ("kit", "audit", "accounts", "clock", "notices", "jobs", "registry", "work", "chain", "desk", "papers", "manage", "api", "config")
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    *(f"liantu.web.{app}" for app in APPS),
]
MIDDLEWARE = [
    "liantu.web.config.middleware.guard",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "liantu.web.api.bearer.bearer",
    "liantu.web.config.middleware.speak",
    "liantu.web.config.middleware.Rights",
]
ROOT_URLCONF = "liantu.web.config.urls"
WSGI_APPLICATION = "liantu.web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [_REPORT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"environment": "liantu.web.config.jinja.environment"},
    },
]

DATABASES = {"default": env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = env.text("LIANTU_TIME_ZONE", "Asia/Shanghai")
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]

AUTH_USER_MODEL = "accounts.Person"
LOGIN_URL = "accounts:login"
AUTHENTICATION_BACKENDS = ["liantu.web.accounts.backend.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# How strict it is: `dengbao` is what an assessment by GB/T 22239 (等保) at level 3 asks of signing in.
_IS_STRICT = env.choice("LIANTU_PROFILE", ("usual", "dengbao")) == "dengbao"
# Who needs an authenticator: everybody at once, or those who administer, some days after they were given that role.
AUTHENTICATOR_FOR_ALL, AUTHENTICATOR_GRACE_DAYS = _IS_STRICT, 7
PASSWORD_SHORTEST, PASSWORD_CLASSES = (12, 3) if _IS_STRICT else (10, 1)
PASSWORD_DAYS = 90 if _IS_STRICT else None
TOKENS_MAY_MANAGE = not _IS_STRICT

SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_ENGINE = "liantu.web.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_AGE = (15 if _IS_STRICT else 30) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_FAILURE_VIEW = "liantu.web.kit.pages.csrf_failed"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
# Behind a proxy of ours its word is taken for the address of the browser and for TLS; else nobody's is.
PROXY = env.switch("LIANTU_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_PERMISSIONS = 0o600
UPLOAD_LIMIT = 20 * 1024 * 1024

STATIC_URL = "static/"
STATICFILES_DIRS = [("report", _REPORT / folder) for folder in ("assets", "look")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 31_536_000  # every address carries the digest of its file

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "liantu.web.kit.logs.JsonLines"}},
    "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["err"], "level": env.text("LIANTU_LOG", "WARNING").upper()},
    "loggers": {"django": {"handlers": [], "propagate": True}, "django.server": {"handlers": [], "propagate": True}},
}
