"""Where the bridge takes hold of Django: set-up, commands, connections, migrations."""
import functools


def table(channel, guard, rewriter):
    """Names of modules, and what is done to each right after it was executed."""

    def connections(module):
        from pgtool_bridge import connect

        connect.patch(channel, guard, rewriter, module)

    def migrations(module):
        from pgtool_bridge import progress

        progress.patch(channel, module)

    return {
        "django": functools.partial(_setup, guard),
        "django.core.management.base": functools.partial(_commands, guard),
        "django.db.backends.base.base": connections,
        "django.db.migrations.executor": migrations,
    }


def _setup(guard, module):
    original = module.setup

    @functools.wraps(original)
    def setup(*args, **kwargs):
        guard.before_setup()
        result = original(*args, **kwargs)
        guard.after_setup()
        return result

    module.setup = setup


def _commands(guard, module):
    original = module.BaseCommand.execute

    @functools.wraps(original)
    def execute(self, *args, **options):
        guard.before_command(self)
        return original(self, *args, **options)

    module.BaseCommand.execute = execute
