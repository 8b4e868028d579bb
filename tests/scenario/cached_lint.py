"""A project that counts how often it is loaded, and what lint says of it with and without what it has kept."""
import os

from projects import NOWHERE

VIEWS = """\
from django.db import connection


def look(request):
    with connection.cursor() as cursor:
        cursor.execute("set role app")
"""
INDEX = "migrations.AddIndex('order', models.Index(fields=['paid'], name='order_paid'))"
COUNTS = """
with open(os.path.join(os.path.dirname(__file__), "../home/loads"), "a") as counted:
    counted.write("x")
"""


class Counted:
    """`settings` is more text of the settings module; `make` writes the project."""

    def __init__(self, make, pgtool, settings="", **options):
        self.project = make(NOWHERE, settings=COUNTS + settings, **options)
        self.project.write("shop/views.py", VIEWS)
        self.project.add_operations("0005_index", INDEX)
        self.dir, self.environment = self.project.dir, self.project.environment
        self.folder = self.dir / "home/.cache/pgtool/lint"
        self._pgtool = pgtool

    def loads(self):
        path = self.dir / "home/loads"
        return path.stat().st_size if path.exists() else 0

    def lint(self, *arguments, **environment):
        """The outcome, and whether the project was loaded for it."""
        before = self.loads()
        outcome = self._pgtool(self.project, "lint", "-v", "2", *arguments, **environment)
        return outcome, self.loads() > before

    def warm(self, *arguments, **environment):
        """Runs it until it is not loaded any more; the outcome of the run that loaded it."""
        first, loaded = self.lint(*arguments, **environment)
        again, loaded_again = self.lint(*arguments, **environment)
        assert loaded and not loaded_again, first.stderr + again.stderr
        assert (again.status, again.stdout) == (first.status, first.stdout)
        return first

    def assert_loads(self, *arguments, **environment):
        """What has changed counts at once: it says what a run says that has kept nothing."""
        outcome, loaded = self.lint(*arguments, **environment)
        assert loaded, outcome.stderr
        anew, _ = self.lint("--no-cache", *arguments, **environment)
        assert (outcome.status, outcome.stdout) == (anew.status, anew.stdout)
        return outcome

    def assert_kept(self, *arguments, **environment):
        outcome, loaded = self.lint(*arguments, **environment)
        assert not loaded, outcome.stderr
        anew, _ = self.lint("--no-cache", *arguments, **environment)
        assert (outcome.status, outcome.stdout) == (anew.status, anew.stdout)
        return outcome

    def entries(self):
        return sorted(self.folder.glob("[!.]*")) if self.folder.exists() else []

    def rewrite(self, name, old, new):
        """With the same size and the same time where the words are as long."""
        path = self.dir / name
        before, text = path.stat(), path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
