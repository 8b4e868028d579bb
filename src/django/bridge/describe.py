"""What the project's settings say, and what each alias hands to libpq; opens no connection."""
import os
import sys

from pgtool_bridge import redact, rewrite


def project(environment_names):
    import django
    from django.conf import settings

    return {
        "argv": sys.argv[1:],
        "python": "%d.%d.%d" % sys.version_info[:3],
        "django": django.get_version(),
        "settings_module": getattr(settings, "SETTINGS_MODULE", None) or os.environ.get("DJANGO_SETTINGS_MODULE"),
        "configuration": os.environ.get("DJANGO_CONFIGURATION"),
        "base_dir": _text(getattr(settings, "BASE_DIR", None)),
        "source_dirs": _source_dirs(settings),
        "environment": environment(environment_names),
        "installed_apps": [_dotted(app) for app in settings.INSTALLED_APPS],
        "middleware": [_dotted(name) for name in getattr(settings, "MIDDLEWARE", None) or ()],
        "routers": [_dotted(router) for router in settings.DATABASE_ROUTERS],
        "use_tz": bool(settings.USE_TZ),
        "time_zone": _text(settings.TIME_ZONE),
        "silenced_checks": [_text(check) for check in getattr(settings, "SILENCED_SYSTEM_CHECKS", None) or ()],
    }


def source(files):
    """Where the settings stand, what these files of the project do, and what its packages are told."""
    from django.conf import settings

    from pgtool_bridge import places

    told = {"places": {}, "settings_file": None, "uses": [], "unread": [], "package_settings": {}, "error": None}
    try:
        module = getattr(settings, "SETTINGS_MODULE", None) or os.environ.get("DJANGO_SETTINGS_MODULE") or ""
        found = places.find(module, settings.DATABASES)
        told.update(places=found["places"], settings_file=found["file"], package_settings=package_settings(settings))
        if files:  # Most runs are spared the compilation.
            from pgtool_bridge import source as sources

            told["uses"], told["unread"] = sources.uses(files)
    except Exception as error:  # Advice: whatever the project's settings are made of.
        told["error"] = explain(error)
    return told


def package_settings(settings):
    """What decides whether a package needs a session of its own, as words; no secret is among them."""
    found = {"PROCRASTINATE_DATABASE_ALIAS": _text(getattr(settings, "PROCRASTINATE_DATABASE_ALIAS", None))}
    worker = getattr(settings, "PROCRASTINATE_WORKER_DEFAULTS", None) or {}
    found["PROCRASTINATE_WORKER_DEFAULTS.no_listen"] = _text(worker.get("listen_notify", True) is False)
    tenants = getattr(settings, "RLS_TENANTS", None) or {}
    found["RLS_TENANTS.USE_LOCAL_SET"] = _text(bool(tenants.get("USE_LOCAL_SET")))
    for layer in (getattr(settings, "CHANNEL_LAYERS", None) or {}).values():
        if str(layer.get("BACKEND", "")).startswith("channels_postgres."):
            config = layer.get("CONFIG") or {}
            found["CHANNEL_LAYERS.channels_postgres"] = "%s:%s" % (config.get("HOST") or "", config.get("PORT") or "5432")
    return {name: value for name, value in found.items() if value is not None}


def _source_dirs(settings):
    """Folders that hold the project's own source, as far as what runs here shows it."""
    script = os.path.abspath(sys.argv[0])
    folders = [os.path.dirname(script)] if os.path.basename(script) == "manage.py" else []
    name = getattr(settings, "SETTINGS_MODULE", None) or os.environ.get("DJANGO_SETTINGS_MODULE") or ""
    file = getattr(sys.modules.get(name), "__file__", None)
    if file:
        depth = name.count(".") + (os.path.basename(file) == "__init__.py")
        package = os.path.dirname(os.path.abspath(file))
        for _ in range(depth - 1):
            package = os.path.dirname(package)
        # An installed project stands beside all its packages.
        installed = os.path.basename(os.path.dirname(package)) in ("site-packages", "dist-packages")
        folders.append(package if installed or not depth else os.path.dirname(package))
    return folders


def environment(names):
    """The variables that were asked for, and those that libpq itself reads."""
    wanted = set(names)
    return {name: value for name, value in os.environ.items() if name in wanted or _is_libpq(name)}


def _is_libpq(name):
    return name.startswith("PG") and not name.startswith("PGTOOL_")


def aliases(tolerant=False):
    """One description for each alias. Not tolerant: an engine that does not load raises."""
    from django.db import connections

    return {name: _alias(connections, name, tolerant) for name in connections}


def _alias(connections, name, tolerant):
    settings = connections.settings[name]
    redact.remember(settings.get("PASSWORD"))
    options = settings.get("OPTIONS") or {}
    description = {
        "name": name,
        "engine": str(settings.get("ENGINE", "")),
        "vendor": "unknown",
        "parameters": {},
        "password": None,
        "password_computed": False,
        "settings": {key: _text(settings.get(key)) for key in ("NAME", "USER", "HOST", "PORT")},
        "disable_server_side_cursors": bool(settings.get("DISABLE_SERVER_SIDE_CURSORS")),
        "conn_max_age": _integer(settings.get("CONN_MAX_AGE", 0)),
        "conn_health_checks": bool(settings.get("CONN_HEALTH_CHECKS")),
        "prepare_threshold": _integer(options.get("prepare_threshold")),
        "time_zone": None,
        "atomic_requests": bool(settings.get("ATOMIC_REQUESTS")),
        "pool": bool(options.get("pool")),
        "server_side_binding": bool(options.get("server_side_binding")),
        "assume_role": _text(options.get("assume_role")),
        "error": None,
    }
    try:
        # Not connections[name]: that would leave a connection object behind for this thread.
        wrapper = connections.create_connection(name)
        description["vendor"] = wrapper.vendor
    except Exception as error:
        if not tolerant:
            raise
        description["error"] = explain(error)
        return description
    if wrapper.vendor == "postgresql":
        description["time_zone"] = _text(getattr(wrapper, "timezone_name", None))
        _add_parameters(description, wrapper)
    return description


def _add_parameters(description, wrapper):
    try:
        parameters, password = libpq_parameters(wrapper.get_connection_params(), wrapper.Database)
    except Exception as error:
        description["error"] = explain(error)
    else:
        redact.remember(password)
        options = wrapper.settings_dict.get("OPTIONS") or {}
        written = _text(wrapper.settings_dict.get("PASSWORD")), _text(options.get("password"))
        description.update(parameters=parameters, password=password, password_computed=bool(password) and password not in written)


def password_elsewhere(name, place):
    """What an engine that computes its password would send to another place: a token may be signed for each host."""
    from django.db import connections

    wrapper = connections.create_connection(name)
    options = rewrite.options(wrapper.settings_dict.get("OPTIONS") or {}, {})
    wrapper.settings_dict = {**wrapper.settings_dict, **place, "OPTIONS": options}
    try:
        _, password = libpq_parameters(wrapper.get_connection_params(), wrapper.Database)
    except Exception as error:
        return {"password": None, "error": explain(error)}
    redact.remember(password)
    return {"password": password, "error": None}


def libpq_parameters(given, driver):
    """(keywords with values as text, password) of what a driver would be called with."""
    parameters = {}
    for keyword, value in given.items():
        keyword = "dbname" if keyword == "database" else keyword
        if value is not None and _is_known(driver, keyword):
            parameters[keyword] = _text(value)
    return parameters, parameters.pop("password", None)


def _is_known(driver, keyword):
    """Drivers and engines have parameters of their own (row_factory, MAX_CONNS): the driver's libpq tells which."""
    conninfo, extensions = getattr(driver, "conninfo", None), getattr(driver, "extensions", None)
    parse = getattr(conninfo, "conninfo_to_dict", None) or getattr(extensions, "parse_dsn", None)
    try:
        return parse is None or bool(parse("%s=x" % keyword))
    except driver.Error:
        return False


def _text(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    return os.fsdecode(value) if isinstance(value, os.PathLike) else str(value)


def _integer(value):
    try:
        return None if value is None else int(value)
    except (TypeError, ValueError, OverflowError):
        return 0


def _dotted(value):
    if isinstance(value, str):
        return value
    kind = value if isinstance(value, type) else type(value)
    return "%s.%s" % (kind.__module__, kind.__qualname__)


def explain(error):
    return redact.text("%s: %s" % (type(error).__name__, error))
