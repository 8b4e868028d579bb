"""Points an alias of settings.DATABASES at its direct endpoint."""

# What is replaced together, and what is left alone when the project has changed it meanwhile: a
# test database, a shard or a replica that was made from a copy of the alias's settings.
UNITS = (("HOST", "PORT"), ("NAME",), ("USER", "PASSWORD"))
ENDPOINT_OPTIONS = ("host", "port", "hostaddr")
# Django's own alias for the server without a database of the project.
NO_DATABASE = "__no_db__"


class Rewriter:
    def __init__(self):
        self.strict = False
        self._orders = {}
        self._before = {}
        self._after = {}

    def order(self, alias, vendor=None):
        """What becomes of an alias. Project code can invent aliases at any time: those nobody examined."""
        if alias not in self._orders and self.strict and vendor == "postgresql" and alias != NO_DATABASE:
            return {"action": "deny", "reason": "alias '%s' was not examined before the run, so it is not proved direct" % alias}
        return self._orders.get(alias) or {"action": "leave"}

    def add(self, orders, databases):
        """Follow these orders from now on, and apply them to the aliases' shared dicts."""
        self._orders.update(orders)
        for alias, settings in databases.items():
            if alias in orders:
                if self.is_rewritten(alias, settings):
                    settings.update(self._before[alias])
                else:
                    self._before[alias] = _snapshot(settings)
                self.apply(settings, alias)
                self._after[alias] = _snapshot(settings)

    def apply(self, settings, alias):
        """Rewrite in place; doing it again changes nothing."""
        order = self.order(alias)
        if order["action"] != "direct":
            return
        before, target = self._before.get(alias, {}), order.get("set") or {}
        for unit in UNITS:
            key = unit[0]
            if settings.get(key) in (before.get(key), target.get(key)) or alias not in self._before:
                settings.update({key: target[key] for key in unit if key in target})
        settings["OPTIONS"] = options(settings.get("OPTIONS") or {}, order)

    def is_rewritten(self, alias, settings):
        """True while an alias's settings are what rewriting made of them."""
        return alias in self._after and self._after[alias] == _snapshot(settings)


def options(given, order):
    """OPTIONS as the order wants them. A new dict: projects let several aliases share one. A pool would open
    sessions in threads of its own, which nobody proves."""
    dropped = {*ENDPOINT_OPTIONS, "pool", *order.get("options_drop", ())}
    kept = {key: value for key, value in given.items() if key not in dropped}
    kept.update(order.get("options_set") or {})
    return kept


def _snapshot(settings):
    keys = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    return dict({key: settings.get(key) for key in keys}, OPTIONS=dict(settings.get("OPTIONS") or {}))
