"""Engines that compute the password when they connect: what they compute for the direct host counts there."""
import hashlib
import hmac
import itertools

import pytest
from projects import SHOP
from runs import assert_no_secret

_numbers = itertools.count(1)


def sign(host, port, user):
    """As styles/signed_tokens does."""
    return hmac.new(b"key of the account", f"{host}:{port}/{user}".encode(), hashlib.sha256).hexdigest()


@pytest.fixture
def owned(cluster, make_database):
    """Makes a database with an owner of its own, who has this password."""

    def make(password):
        role = f"signer{next(_numbers)}"
        cluster.sql(f"create role {role} login", "postgres")
        database = make_database(cluster, role)
        set_password(database, role, password(role))
        return database, role

    return make


def set_password(database, role, password):
    database.sql(f"alter role {role} password '{password}'")


class TestTokensThatAreSignedForOneHost:
    @pytest.fixture
    def signed(self, owned, cluster, bouncer, make_project):
        database, role = owned(lambda role: sign("localhost", cluster.port, role))
        inside = sign("localhost", cluster.port, role)
        pooler = bouncer(of=database, line=f"user={role} password={inside}", users={role: "not known yet"})
        outside = sign("127.0.0.1", pooler.port, role)
        pooler.set_secrets({role: outside})
        project = make_project("from config.databases import *\n")
        project.lay_over("signed_tokens", database=database.name, pooler=pooler.port, user=role)
        return project, database, role, (inside, outside)

    def test_each_session_uses_the_token_of_its_own_host(self, signed, pgtool):
        project, database, role, tokens = signed

        outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=f"postgresql://localhost:{database.port}")

        assert outcome.status == 0, outcome.text
        database.assert_written_directly_only()
        assert database.applied() == SHOP
        assert "could not be compared" not in outcome.text
        for token in tokens:
            assert_no_secret(outcome.text, token)

    def test_the_token_is_not_written_into_the_settings(self, signed, pgtool):
        project, database, _, _ = signed
        project.add_migration("0005_look", '''\
def run(apps, schema_editor):
    print("PASSWORD IS", repr(schema_editor.connection.settings_dict["PASSWORD"]))''')

        outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=f"postgresql://localhost:{database.port}")

        assert outcome.status == 0, outcome.text
        assert "PASSWORD IS ''" in outcome.stdout

    def test_detect_finds_the_direct_endpoint_too(self, signed, pgtool):
        project, database, _, tokens = signed

        outcome = pgtool(project, "detect", "--format", "json", PGTOOL_DIRECT_URL=f"postgresql://localhost:{database.port}")

        assert outcome.status == 0, outcome.text
        assert outcome.json["detect"]["direct_proved"]
        database.assert_untouched()
        for token in tokens:
            assert_no_secret(outcome.text, token)

    def test_a_password_in_the_direct_url_is_used_as_it_is(self, signed, pgtool):
        project, database, role, _ = signed
        set_password(database, role, "of the url")

        outcome = pgtool(project, "detect", "--direct-url", f"postgresql://{role}:of%20the%20url@localhost:{database.port}")

        assert "itself is at localhost" in outcome.text, outcome.text  # the pooler cannot log in there any more
        assert "localhost" not in (project.dir / "signed.txt").read_text()

    def test_an_engine_that_cannot_sign_for_the_host_is_quoted(self, signed, pgtool):
        project, database, _, _ = signed
        engine = project.dir / "tokens/base.py"
        engine.write_text(engine.read_text() + "\n\ndef sign(host, port, user):\n    return {'127.0.0.1': 'x'}[host]\n")

        outcome = pgtool(project, "migrate", "--direct", PGTOOL_DIRECT_URL=f"postgresql://localhost:{database.port}")

        assert outcome.status in (1, 3), outcome.text
        assert "KeyError: 'localhost'" in outcome.stderr
        database.assert_untouched()


class TestAPasswordThatIsRotated:
    FIRST, SECOND = "first-Secret-of-vault", "second-Secret-of-vault"

    @pytest.fixture
    def vault(self, owned, bouncer, make_project):
        database, role = owned(lambda role: self.FIRST)
        pooler = bouncer(of=database, users={role: self.FIRST})
        project = make_project("from config.databases import *\n",
                               environment={"POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": str(database.port)})
        project.lay_over("vault_file", database=database.name, pooler=pooler.port, user=role, secret=self.FIRST)
        return project, database, role

    def test_a_connection_after_the_rotation_takes_the_new_one(self, vault, start_pgtool):
        project, database, role = vault
        project.add_migration("0005_again", '''\
def run(apps, schema_editor):
    with schema_editor.connection.copy().cursor() as cursor:
        cursor.execute("select 'after the rotation'")''')

        with database.closed_gate() as open_gate:
            run = start_pgtool(project, "migrate", "--direct", GATE="server")
            database.wait_at_gate()
            set_password(database, role, self.SECOND)
            (project.dir / "vault/secret.txt").write_text(self.SECOND)
            open_gate()
            outcome = run.finish()

        assert outcome.status == 0, outcome.text
        database.assert_written_directly_only()
        assert "select 'after the rotation'" in database.direct()
        for secret in self.FIRST, self.SECOND:
            assert_no_secret(outcome.text, secret)
