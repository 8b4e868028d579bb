"""What bounds the statements of one connection: what was asked for, else what the project has, else pgtool's default."""

LOCK, STATEMENT = "lock_timeout", "statement_timeout"
MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000, "min": 60000, "h": 3600000, "d": 86400000}


def milliseconds(setting):
    """A time as current_setting() writes it: 0, 2s, 1500ms."""
    digits = setting.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(int(digits) * MILLISECONDS[setting[len(digits) :].strip() or "ms"])


class Current:
    """The migration that is being applied, in whatever thread its statements are sent."""

    app = name = session = None
    whole = True  # It is committed or undone as one.
    told = False  # pgtool knows that it is about to write.
    wrote = False  # A statement that may have written has succeeded.
    begun = False  # Its transaction has sent something.
    timed_out = False  # A statement did not get its lock, and was not tried again.
    escaped = None  # How something got out of its transaction that no rollback takes back.
    serial = 0

    @classmethod
    def begin(cls, app, name, session, whole):
        """`whole`: it is committed or undone as one. Returns what end() needs: one may apply others."""
        outer = {key: getattr(cls, key) for key in ("app", "name", "session", "whole", "told", "wrote", "begun", "timed_out", "escaped")}
        cls.app, cls.name, cls.session = app, name, session
        cls.wrote = cls.told = cls.begun = cls.timed_out = False
        cls.escaped = None
        cls.whole = whole
        cls.serial += 1
        return outer

    @classmethod
    def end(cls, outer):
        """What is told of a failure later is that of the innermost."""
        for key in ("app", "name", "session", "whole") if outer["name"] is None else outer:
            setattr(cls, key, outer[key])


class Limits:
    """Of one session, in milliseconds; 0 is none."""

    def __init__(self, terms, lock_timeout, statement_timeout):
        self.terms = terms
        self.found_lock, self.found_statement = milliseconds(lock_timeout), milliseconds(statement_timeout)

    def of(self, app):
        """(lock, statement) for the migrations of an app, or for what runs outside of any."""
        asked = {**self.terms, **self.terms["apps"].get(app, {})}
        lock, statement = asked.get("lock"), asked.get("statement")
        if lock is None:
            lock = self.found_lock or asked["default_lock"]
        return lock, self.found_statement if statement is None else statement

    def baseline(self, app):
        """The settings of a session that was just opened, as (name, value), without those that it has."""
        lock, statement = self.of(app)
        pairs = ((LOCK, lock, self.found_lock), (STATEMENT, statement, self.found_statement))
        return [(name, "%dms" % value) for name, value, found in pairs if value != found]
