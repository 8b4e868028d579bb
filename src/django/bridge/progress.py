"""Tells pgtool which migrations will run, and each step of them."""
import functools
import time

from pgtool_bridge import limits

# The innermost migration that is being applied, for the message about a failure.
current = []
# The executor that last made a plan, and the plan.
last_plan = None, ()


def patch(channel, module, before_first):
    """`before_first` is called with the executor and its plan before migrations are applied."""
    executor = module.MigrationExecutor
    migrate, plans = executor.migrate, executor.migration_plan
    depth = [0]

    @functools.wraps(migrate)
    def observed(self, targets, plan=None, *args, **kwargs):
        if depth[0] == 0:
            full = self.migration_plan(targets) if plan is None else plan
            if full:
                before_first(self, full)
            else:
                channel.tell("plan", migrations=[])
        depth[0] += 1
        callback = self.progress_callback
        self.progress_callback = Progress(channel, self.connection.alias, callback)
        try:
            return migrate(self, targets, plan, *args, **kwargs)
        finally:
            self.progress_callback = callback
            depth[0] -= 1

    @functools.wraps(plans)
    def planned(self, *args, **kwargs):
        global last_plan
        result = plans(self, *args, **kwargs)
        last_plan = self, result
        return result

    executor.migrate, executor.migration_plan = observed, planned
    _tell_conflicts(channel, module.MigrationLoader)


def _tell_conflicts(channel, loader):
    detect = loader.detect_conflicts

    @functools.wraps(detect)
    def told(self, *args, **kwargs):
        conflicts = detect(self, *args, **kwargs)
        if conflicts:
            channel.tell("conflicts", apps={app: sorted(names) for app, names in conflicts.items()})
        return conflicts

    loader.detect_conflicts = told


def described(plan):
    """For the message `plan`."""
    return [
        {"app": migration.app_label, "name": migration.name, "atomic": bool(migration.atomic), "backwards": bool(backwards)}
        for migration, backwards in plan
    ]


class Progress:
    """A progress callback that reports, and then does what the project's own does."""

    def __init__(self, channel, alias, callback):
        self._channel = channel
        self._alias = alias
        self._callback = callback
        self._started = {}

    def __call__(self, action, migration=None, fake=False):
        step, _, phase = action.rpartition("_")
        seconds = None
        if phase == "start" and step in self._started and self._is_current(migration):
            return  # It is tried again.
        if phase == "start":
            self._started[step] = time.monotonic()
        elif step in self._started:
            seconds = round(time.monotonic() - self._started.pop(step), 6)
        self._note(phase, migration)
        self._channel.tell(
            "progress",
            action=action,
            app=getattr(migration, "app_label", None),
            name=getattr(migration, "name", None),
            atomic=getattr(migration, "atomic", None),
            fake=bool(fake),
            seconds=seconds,
            wrote=False if limits.Current.session is not None else None,
            alias=self._alias,
        )
        if self._callback:
            self._callback(action, migration, fake)

    def _is_current(self, migration):
        return bool(current) and current[-1] == _key(self._alias, migration)

    def _note(self, phase, migration):
        if migration is None:
            return
        if phase == "start":
            current.append(_key(self._alias, migration))
        elif current:
            current.pop()


def _key(alias, migration):
    return alias, "%s.%s" % (migration.app_label, migration.name)
