"""The SQL of a plan: all of it in this process, as sqlmigrate would print it one by one."""

MOST = 20000  # letters of one migration's SQL; what is longer is a load of data.


def tell(channel, executor, plan):
    """One message for each migration. What cannot be had without running it is said."""
    from pgtool_bridge import effects, redact

    if not plan:
        return
    state = executor._create_project_state(with_applied_migrations=True)
    effects.tell(channel, executor.connection.alias, state, plan)
    for migration, backwards in plan:
        message = {"name": "%s.%s" % (migration.app_label, migration.name), "atomic": bool(migration.atomic),
                   "backwards": bool(backwards), "sql": [], "error": None}
        before = state.clone()
        try:
            state, message["sql"] = _collected(executor, state, migration, backwards)
        except Exception as error:
            message["error"] = redact.text("%s: %s" % (type(error).__name__, str(error).split("\n")[0]))
            state = before if backwards else migration.mutate_state(before, preserve=False)
        channel.tell("planned", alias=executor.connection.alias, **message)


def _collected(executor, state, migration, backwards):
    with executor.connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        if backwards:
            before = executor.loader.project_state((migration.app_label, migration.name), at_end=False)
            migration.unapply(before, editor, collect_sql=True)
        else:
            state = migration.apply(state, editor, collect_sql=True)
    return state, _short([text for text in editor.collected_sql if text.strip()])


def _short(texts):
    kept, letters = [], 0
    for text in texts:
        letters += len(text)
        if letters > MOST:
            return [*kept, "-- and %d more" % (len(texts) - len(kept))]
        kept.append(text)
    return kept
