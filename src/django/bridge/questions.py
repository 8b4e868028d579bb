"""Answers pgtool's questions about the project's apps."""
from pgtool_bridge import describe, models


def answer(question, failure):
    """`failure` is what kept the apps from loading."""
    if failure is not None:
        return {"error": "the apps do not load: %s" % describe.explain(failure)}
    alias = question.get("alias")
    try:
        if question["do"] == "receivers":
            from pgtool_bridge import source

            return {"uses": source.connected(), "error": None}
        if question["do"] == "migrations":
            from pgtool_bridge import migrations

            return migrations.answer(question)
        if question["do"] == "models":
            return {"tables": models.tables(alias), "hooks": models.hooks(alias), "error": None}
        from pgtool_bridge import view

        return view.look(alias, models.tables(alias))
    except Exception as error:
        return {"error": describe.explain(error)}
