"""Replaces secrets in text that is about to be shown."""
import os
import re
import sys

HIDDEN = "***"
SECRET_NAMES = ("PASSWORD", "PASSWD", "SECRET", "TOKEN", "_KEY", "DATABASE_URL", "_DSN")
USER_INFO = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#'\"@]*:[^\s/'\"]*@")
# A line of source that assigns a secret: it is shown before the assignment has happened, or never will.
ASSIGNED = re.compile(r"((?:PASSWORD|PASSWD|SECRET|TOKEN|_KEY)\w*['\"]?\s*\]?\s*[:=]\s*[rbf]?)(['\"])(?!\2)[^'\"\n]*", re.I)
SHOWN_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"]*@")
URL_PASSWORD = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^:/@]*:(.*)@", re.S)
SHORTEST_ENVIRONMENT_SECRET = 6

_known = set()


def remember(secret):
    if isinstance(secret, str) and secret:
        _known.add(secret)


def text(shown, settings_modules=()):
    """`shown` without any secret that is known by now. `settings_modules`: more namespaces to look into."""
    secrets = set(_known) | _of_environment() | _of_settings(_loaded_settings())
    for namespace in settings_modules:
        secrets |= _of_settings(namespace) | _of_constants(namespace)
    secrets |= {piece for url in SHOWN_URL.findall(shown) for piece in (*_parts(url), *_pieces(url)) if piece}
    shown = ASSIGNED.sub(r"\1\2%s" % HIDDEN, shown)
    shown = USER_INFO.sub(r"\1%s@" % HIDDEN, shown)
    for spelling in sorted({s for secret in secrets for s in _spellings(secret)}, key=len, reverse=True):
        shown = _pattern(spelling).sub(HIDDEN, shown)
    return shown


def _pattern(secret):
    # A password such as `postgres` is also a part of ordinary words; only the whole word is hidden.
    if re.fullmatch(r"[A-Za-z]{1,11}|\w{1,5}", secret):
        return re.compile(r"(?<![\w.])%s(?!\w|\.\w)" % re.escape(secret))
    return re.compile(re.escape(secret))


def _spellings(secret):
    from urllib.parse import quote, quote_plus

    return {secret, quote(secret, ""), quote_plus(secret, ""), repr(secret)[1:-1]}


def _is_secret_name(name):
    return any(part in name.upper() for part in SECRET_NAMES)


def _of_environment():
    return {
        secret
        for name, value in os.environ.items()
        if _is_secret_name(name)
        for secret in _parts(value)
        if len(secret) >= SHORTEST_ENVIRONMENT_SECRET
    } | _url_fragments()


def _parts(value):
    """Of a URL only its password is secret."""
    if "://" not in value:
        return [value]
    found = URL_PASSWORD.match(value)
    return [found.group(1)] if found else []


def _url_fragments():
    """A password that was not quoted in its URL shows up in pieces in the parser's messages."""
    return {
        piece
        for name, value in os.environ.items()
        if _is_secret_name(name) and "://" in value
        for piece in _pieces(value)
    }


def _pieces(url):
    return {
        piece
        for password in _parts(url)
        for piece in re.split(r"[/?#@:\[\]]", password)
        if piece != password and len(piece) >= 3
    }


def _loaded_settings():
    conf = sys.modules.get("django.conf")
    settings = getattr(conf, "settings", None)
    if settings is None or not settings.configured:
        return {}
    return {"DATABASES": getattr(settings, "DATABASES", None)}


def _of_settings(namespace):
    databases = namespace.get("DATABASES")
    secrets = set()
    for alias in databases.values() if isinstance(databases, dict) else ():
        if isinstance(alias, dict):
            options = alias.get("OPTIONS")
            secrets.add(alias.get("PASSWORD"))
            secrets |= {options.get(key) for key in ("password", "sslpassword")} if isinstance(options, dict) else set()
    return {secret for secret in secrets if isinstance(secret, str) and secret}


def _of_constants(namespace):
    return {
        secret
        for name, value in list(namespace.items())
        if name.isupper() and isinstance(value, str) and _is_secret_name(name)
        for secret in _parts(value)
        if len(secret) >= SHORTEST_ENVIRONMENT_SECRET
    }
