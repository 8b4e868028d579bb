"""The handshake: describe the project to pgtool, wait for the route, hold the run back until it came."""
import os
import sys
from _thread import RLock, get_ident  # By name: before gevent replaces them.

# About the project's apps: answered when they are loaded, or have failed to load.
QUESTIONS = "models", "view", "receivers", "migrations"


class Gate:
    """Guards everything that may reach a database. Safe to use from any thread."""

    def __init__(self, channel, config, rewriter, watch=None):
        self.refused = False
        self._watch = watch
        self._channel = channel
        self._only_settings = config.get("mode") == "settings"
        self._environment = config.get("environment") or ()
        self._rewriter = rewriter
        self._lock = RLock()
        self._asked = None
        self._route = None
        self._question = None
        self._described = {}
        self._describing = None
        self._commanded = False
        os.register_at_fork(after_in_child=self._forked)

    @property
    def deploy_key(self):
        return self._route["deploy_key"]

    @property
    def run_key(self):
        return self._route["run_key"]

    @property
    def migrations(self):
        """How the statements of migrations are bounded, or None where they are not."""
        return self._route and self._route.get("migrations")

    @property
    def holds_back(self):
        """True while the route is asked for and not known, as when pgtool waits for another deploy."""
        return self._asked is not None and self._route is None

    def before_setup(self):
        """Sends the settings; the answer may come while set-up goes on."""
        with self._lock:
            if self._asked is None:
                self._ask_early()
        if self._only_settings and self._asked is not None:
            self.wait()

    def _ask_early(self):
        from django.conf import settings

        settings.INSTALLED_APPS  # Settings that do not load are the project's failure, and end it here.
        try:
            aliases = self._describe(tolerant=False)
        except Exception:
            return  # An engine that needs the apps: after set-up.
        self._ask("settings", aliases)

    def after_setup(self):
        with self._lock:
            if self._asked is None:
                self._ask("setup", self._describe(tolerant=True))
        if self._only_settings:
            self._settle()

    def after_failed_setup(self, error):
        if not isinstance(error, KeyboardInterrupt):
            self._answer(error)

    def before_command(self, command):
        """At the start of every command; the first one after set-up looks at the aliases again."""
        if not _has_settings():
            return
        from django.apps import apps

        with self._lock:
            if self._commanded or (self._asked is not None and not apps.ready):
                self.wait()
                return
            self._commanded = True
            aliases = self._describe(tolerant=True)
            if self._asked is not None:
                self._settle()
            if _comparable(aliases) != _comparable(self._described):
                self._route = None
                self._ask("command", aliases)
            self._settle()
        self._tell_command("command", command)

    def after_command(self, command):
        """A command has ended well. Whoever started this process may hide how it ends."""
        if self._commanded:
            self._tell_plan(command)
            self._tell_command("command_done", command)

    def _tell_plan(self, command):
        executors = sys.modules.get("pgtool_bridge.progress")
        if self._route and self._route.get("tells_plan") and executors and type(command).__module__.endswith(".migrate"):
            from pgtool_bridge import planned_sql

            planned_sql.tell(self._channel, *executors.last_plan)
            if self._route.get("judges_plan") and executors.last_plan[1]:
                self._tell_facts(executors.last_plan[0].connection.alias)

    def _tell_facts(self, alias):
        from pgtool_bridge import migrations

        question = {"alias": alias, "unapplied": True, "connect": True, "all_apps": True}
        self._channel.tell("judged", **migrations.answer(question))

    def _tell_command(self, event, command):
        name = type(command).__module__.rpartition(".")[2]
        self._channel.tell(event, name=name, argv=sys.argv[1:])

    def lets_open(self, alias):
        """Waits for the route. A question that comes instead lets at most the alias connect that it looks at."""
        if self.wait():
            return True
        question = self._question
        looks = question is not None and (question["do"] == "view" or question["do"] == "migrations" and question.get("connect"))
        return bool(looks) and question["alias"] == alias

    def wait(self):
        """True when the route is known and applied, False when a question about the apps has come instead."""
        if self._route is not None:
            return True
        if self._question is not None:
            return False
        if self._describing == get_ident():
            raise RuntimeError("a connection was opened while its parameters were asked for")
        with self._lock:
            if self._asked is None:
                self._ask("setup", self._describe(tolerant=True))
            if self._route is None and self._question is None:
                self._obey(self._asked.wait())
            return self._route is not None

    def _settle(self):
        """Waits, and answers the questions that come before the route."""
        self.wait()
        self._answer()

    def _answer(self, failure=None):
        while self._question is not None:
            from pgtool_bridge import questions

            answer = questions.answer(self._question, failure)
            with self._lock:
                self._asked = self._channel.ask(self._question["do"], **answer)
                self._question = None
            self.wait()

    def _ask(self, stage, aliases):
        from pgtool_bridge import describe

        project = describe.project(self._environment)
        self._described = aliases
        self._asked = self._channel.ask("settings", stage=stage, aliases=list(aliases.values()), **project)

    def _describe(self, tolerant):
        """The aliases as the project has them, whatever was rewritten since."""
        from django.db import connections

        from pgtool_bridge import describe

        self._describing = get_ident()
        try:
            fresh = describe.aliases(tolerant)
        finally:
            self._describing = None
        for name, settings in connections.settings.items():
            if name in self._described and self._rewriter.is_rewritten(name, settings):
                fresh[name] = self._described[name]
        return fresh

    def _describe_elsewhere(self, question):
        from pgtool_bridge import describe

        self._describing = get_ident()
        try:
            return self._channel.ask("described", **describe.password_elsewhere(question["alias"], question["set"]))
        finally:
            self._describing = None

    def _tell_source(self, question):
        from pgtool_bridge import describe

        return self._channel.ask("source", **describe.source(question["files"]))

    def _tell_queries(self, question):
        from pgtool_bridge import queries

        return self._channel.ask("queries", **queries.answer(question))

    def _tell_dependencies(self, question):
        return self._channel.ask("dependencies", **self._watch.answer())

    def _obey(self, reply):
        answers = {"describe": self._describe_elsewhere, "source": self._tell_source, "queries": self._tell_queries,
                   "dependencies": self._tell_dependencies}
        while reply.get("do") in answers:
            reply = answers[reply["do"]](reply).wait()
        if reply.get("do") in QUESTIONS:
            self._question = reply
            return
        if reply.get("do") != "run":
            leave(int(reply.get("status") or 0))
        from django.db import connections

        self._rewriter.add(reply.get("aliases") or {}, connections.settings)
        self._rewriter.strict = bool(reply.get("strict"))
        self._route = reply

    def _forked(self):
        self._lock = RLock()
        self._question = None
        if self._route is None:  # What the parent asked is answered to the parent.
            self._asked, self._described, self._commanded = None, {}, False


def _has_settings():
    """False for the few commands that run without a project, such as startproject."""
    from django.conf import settings

    return settings.configured or "DJANGO_SETTINGS_MODULE" in os.environ


def _comparable(aliases):
    # A password may be a token that is another one each time it is asked for.
    return {name: {key: value for key, value in alias.items() if key != "password"} for name, alias in aliases.items()}


def leave(status):
    """End the process here, with what the project has printed so far."""
    flush()
    os._exit(status)


def flush():
    for stream in (sys.stderr, sys.stdout):
        try:
            stream.flush()
        except Exception:
            pass
