"""Settings that are allowed, though few people write them, and settings that do not load."""
import time

import pytest
from projects import SHOP, postgresql
from servers import SECRET

PARTS = '"ENGINE": "django.db.backends.postgresql", "NAME": "{database}", "USER": "app", "PASSWORD": "{secret}"'
SHAPES = {
    "an integer as port": 'DATABASES = {{"default": {{PARTS, "HOST": "127.0.0.1", "PORT": {port}}}}}',
    "a path as host": 'import pathlib\nDATABASES = {{"default": {{PARTS, "HOST": pathlib.Path("{home}"), "PORT": "{port}"}}}}',
    "host None, libpq's variables": 'DATABASES = {{"default": {{PARTS, "HOST": None, "PORT": None}}}}',
    "host empty, libpq's variables": 'DATABASES = {{"default": {{PARTS, "HOST": "", "PORT": ""}}}}',
    "no host, libpq's variables": 'DATABASES = {{"default": {{PARTS}}}}',
    "a dict of a class of its own": '''\
class Databases(dict):
    def __missing__(self, alias):
        raise KeyError(f"never heard of {{alias}}")


DATABASES = Databases(default=Databases({{PARTS, "HOST": "127.0.0.1", "PORT": "{port}"}}))''',
    "a lazy object": '''\
from django.utils.functional import SimpleLazyObject
DATABASES = SimpleLazyObject(lambda: {{"default": {{PARTS, "HOST": "127.0.0.1", "PORT": "{port}"}}}})''',
    "a lazy password": '''\
from django.utils.functional import lazystr
DATABASES = {{"default": {{PARTS, "HOST": "127.0.0.1", "PORT": "{port}", "PASSWORD": lazystr("{secret}")}}}}''',
}


def text_of(shape, pooler, database):
    return SHAPES[shape].replace("PARTS", PARTS).format(database=database.name, secret=SECRET, port=pooler.port, home=pooler.home)


@pytest.mark.parametrize("shape", SHAPES)
def test_it_goes_direct(bouncer, make_project, database, pgtool, shape):
    pooler = bouncer()
    environment = {"PGHOST": "127.0.0.1", "PGPORT": str(pooler.port)} if "libpq" in shape else {}
    project = make_project(text_of(shape, pooler, database) + "\n", environment=environment)

    outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert "around the pooler at" in outcome.stderr and str(pooler.port) in outcome.stderr
    assert "could not be compared" not in outcome.text
    assert database.applied() == SHOP
    database.assert_written_directly_only()


def test_a_pool_of_the_driver_goes_direct(bouncer, make_project, database, pgtool):
    pooled = postgresql(bouncer(), database.name, OPTIONS={"pool": True})
    project = make_project({"default": pooled}, driver="styles")

    outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP
    database.assert_written_directly_only()
    database.wait_until_left()


BROKEN = {"no name": {"NAME": ""}, "options None": {"OPTIONS": None}, "no engine": {"ENGINE": "no.such.engine"}}


@pytest.mark.parametrize("what", BROKEN)
def test_an_alias_that_django_itself_refuses_ends_it_with_django_s_words(bouncer, make_project, database, pgtool, what):
    project = make_project({"default": {**postgresql(bouncer(), database.name), **BROKEN[what]}})

    outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 3, outcome.text
    assert {"no name": "supply the NAME", "options None": "NoneType", "no engine": "no.such.engine"}[what] in outcome.stderr
    database.assert_untouched()


@pytest.mark.parametrize("what", ["no name", "options None"])
def test_a_broken_alias_that_nobody_uses_is_not_in_the_way(bouncer, make_project, database, pgtool, what):
    pooled = postgresql(bouncer(), database.name)
    project = make_project({"default": pooled, "unused": {**pooled, **BROKEN[what]}})

    outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

    assert outcome.status == 0, outcome.text
    assert database.applied() == SHOP
    database.assert_written_directly_only()


class TestSettingsThatDoMoreThanSet:
    def make(self, make_project, pooler, database, code):
        project = make_project({"default": postgresql(pooler, database.name)})
        settings = project.dir / "config/settings.py"
        settings.write_text(settings.read_text() + code)
        return project

    def test_slow_ones_are_waited_for(self, bouncer, make_project, database, pgtool):
        project = self.make(make_project, bouncer(), database, "\nimport time\ntime.sleep(3)\n")

        began = time.monotonic()
        outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())

        assert outcome.status == 0, outcome.text
        assert time.monotonic() - began > 3
        database.assert_written_directly_only()

    @pytest.mark.parametrize("command", [["migrate", "--direct"], ["detect"]])
    def test_an_exit_is_told_with_its_status(self, bouncer, make_project, database, pgtool, command):
        project = self.make(make_project, bouncer(), database, "\nimport sys\nprint('no licence')\nsys.exit(3)\n")

        outcome = pgtool(project, *command, PGTOOL_DIRECT_URL=database.url())

        assert outcome.status == 3, outcome.text
        assert "ended with status 3 before Django told its settings" in outcome.stderr
        assert "no licence" in outcome.text
        assert [s.text for s in database.statements() if s.user != "postgres"] == []

    @pytest.mark.parametrize("code", [
        'raise RuntimeError("cannot log in with " + DATABASES["default"]["PASSWORD"])',
        'raise RuntimeError(f"postgresql://app:{DATABASES[\'default\'][\'PASSWORD\']}@db/shop does not answer")',
        'import sys\nsys.exit("no database for " + DATABASES["default"]["PASSWORD"])',
        'try:\n    raise KeyError(DATABASES["default"]["PASSWORD"])\nexcept KeyError:\n    raise ValueError(DATABASES)',
    ])
    def test_a_secret_in_what_they_raise_is_not_shown(self, bouncer, make_project, database, pgtool, code):
        project = self.make(make_project, bouncer(), database, f"\n{code}\n")

        outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=database.url())  # looks for the secret

        assert outcome.status == 3, outcome.text
        assert "***" in outcome.stderr
        assert [s.text for s in database.statements() if s.user != "postgres"] == []
