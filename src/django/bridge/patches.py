"""Where the bridge takes hold of Django: set-up, commands, connections, migrations."""
import functools


def table(channel, guard, rewriter):
    """Names of modules, and what is done to each right after it was executed."""
    doors = []

    def connections(module):
        from pgtool_bridge import connect

        doors.append(connect.Doorkeeper(channel, guard, rewriter))
        connect.patch(doors[-1], rewriter, module)

    def migrations(module):
        from pgtool_bridge import progress

        progress.patch(channel, module, functools.partial(_before_first, channel, guard, doors, module))

    return {
        "django": functools.partial(_setup, guard),
        "django.core.management.base": functools.partial(_commands, guard),
        "django.db.backends.base.base": connections,
        "django.db.backends.postgresql.client": _client,
        "django.db.migrations.executor": migrations,
    }


def _before_first(channel, guard, doors, module, executor, plan):
    """Called when there is something to apply: runs that find nothing are spared the compilation. pgtool looks at the
    database meanwhile, and may end the run."""
    from pgtool_bridge import progress

    planned = progress.described(plan)
    if not guard.migrations or not doors:
        channel.tell("plan", migrations=planned)
        return
    looked_at = channel.ask("plan", migrations=planned, alias=executor.connection.alias,
                            prepares=_prepares(executor.connection.connection),
                            engine=executor.connection.settings_dict.get("ENGINE"))
    from pgtool_bridge import retries, timeouts

    timeouts.activate(channel, doors[-1])
    retries.patch(channel, module, bool(guard.migrations.get("record")))
    retries.plan = plan
    if looked_at.wait().get("end"):
        timeouts.end_run()


def _prepares(connection):
    from pgtool_bridge import prove

    return getattr(prove.driver_connection(connection), "prepare_threshold", None) is not None


def _setup(guard, module):
    original = module.setup

    @functools.wraps(original)
    def setup(*args, **kwargs):
        guard.before_setup()
        try:
            result = original(*args, **kwargs)
        except BaseException as error:
            guard.after_failed_setup(error)
            raise
        guard.after_setup()
        return result

    module.setup = setup


def _commands(guard, module):
    original = module.BaseCommand.execute

    @functools.wraps(original)
    def execute(self, *args, **options):
        guard.before_command(self)
        try:
            result = original(self, *args, **options)
        except SystemExit as leaving:
            if not leaving.code:
                guard.after_command(self)
            raise
        guard.after_command(self)
        return result

    module.BaseCommand.execute = execute


def _client(module):
    """psql, which dbshell starts, goes to the address that was proved, not to what the name says by then."""
    original = module.DatabaseClient.settings_to_cmd_args_env.__func__

    def settings_to_cmd_args_env(cls, settings_dict, parameters):
        arguments, environment = original(cls, settings_dict, parameters)
        address = (settings_dict.get("OPTIONS") or {}).get("hostaddr")
        return arguments, {**(environment or {}), "PGHOSTADDR": address} if address else environment

    module.DatabaseClient.settings_to_cmd_args_env = classmethod(functools.wraps(original)(settings_to_cmd_args_env))
