"""The grounds themselves: the server's log can tell a pooled run from a direct one, or no other test here means anything."""
import socket
import subprocess

import psycopg
import pytest
from servers import SECRET


def plain_migrate(project):
    return subprocess.run([project.python, "manage.py", "migrate"], cwd=project.dir, env=project.environment, check=True,
                          capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_a_plain_migrate_through_a_pooler_is_seen_as_pooled(bouncer, project, database, mode, driver):
    plain_migrate(project(bouncer(mode), driver))

    assert database.writes() and all(statement.pooled for statement in database.writes())
    assert any("CREATE INDEX CONCURRENTLY" in text for text in database.pooled())


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_a_plain_migrate_on_the_server_is_seen_as_direct(project, database, driver):
    plain_migrate(project(database, driver))

    assert database.writes() and not any(statement.pooled for statement in database.writes())
    assert "public.shop_order" in database.tables()


def test_each_driver_s_environment_has_that_driver(project, database):
    for driver, absent in ("psycopg", None), ("psycopg2", "psycopg"):
        check = f"import {driver}, django, importlib.util as u; assert not {absent!r} or not u.find_spec('{absent}')"
        subprocess.run([project(database, driver).python, "-c", check], check=True)


def test_the_trap_receives_a_password_from_a_client_that_sends_it(password_trap):
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"host=127.0.0.1 port={password_trap.port} user=app dbname=app password={SECRET} connect_timeout=5")

    assert password_trap.passwords == [SECRET]


def test_a_swallowing_host_answers_nothing(swallowing_host):
    with pytest.raises(TimeoutError), socket.create_connection(("127.0.0.1", swallowing_host.port), 0.5) as client:
        client.settimeout(0.5)
        client.sendall(b"\0\0\0\x08\x04\xd2\x16\x2f")
        client.recv(1)


def test_a_gate_holds_a_migration_until_it_is_opened(project, database):
    under_way = project(database)
    for gate in "server", "python":
        with database.closed_gate() as open_gate:
            with subprocess.Popen([under_way.python, "manage.py", "migrate"], cwd=under_way.dir, stdout=subprocess.DEVNULL,
                                  env={**under_way.environment, "GATE": gate}) as process:
                database.wait_at_gate()
                assert "public.shop_order" in database.tables()
                open_gate()
                assert process.wait(30) == 0
        subprocess.run([under_way.python, "manage.py", "migrate", "shop", "zero"], cwd=under_way.dir, check=True,
                       env=under_way.environment, stdout=subprocess.DEVNULL)
