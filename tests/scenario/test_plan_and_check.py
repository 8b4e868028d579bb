"""--plan and --check say what would be done, and change nothing."""
import pytest


def test_plan_lists_and_changes_nothing(bouncer, article_project, database, pgtool):
    outcome = pgtool(article_project(bouncer()), "migrate", "--direct", "--plan")

    assert outcome.status == 0, outcome.text
    assert "shop.0002_index" in outcome.stdout
    database.assert_untouched()


def test_check_says_no_while_something_is_unapplied(bouncer, article_project, database, pgtool):
    outcome = pgtool(article_project(bouncer()), "migrate", "--direct", "--check")

    assert outcome.status == 1, outcome.text
    database.assert_untouched()


def test_check_says_yes_when_all_is_applied(bouncer, article_project, database, pgtool):
    article = article_project(bouncer())
    assert pgtool(article, "migrate", "--direct").status == 0
    recorded = database.recorded()

    outcome = pgtool(article, "migrate", "--direct", "--check")

    assert (outcome.status, database.recorded()) == (0, recorded), outcome.text


@pytest.mark.parametrize("option", ["--plan", "--check"])
def test_they_do_not_wait_for_another_deploy(bouncer, article_project, database, start_pgtool, pgtool, option):
    article = article_project(bouncer())
    with database.closed_gate():
        start_pgtool(article, "migrate", "--direct", GATE="server")
        database.wait_at_gate()
        writes = len(database.writes())

        outcome = pgtool(article, "migrate", "--direct", option)

        assert outcome.status == {"--plan": 0, "--check": 1}[option], outcome.text
        assert len(database.writes()) == writes
