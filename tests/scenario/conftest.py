"""Real servers, real projects. A cluster lives as long as the run; databases, poolers and projects belong to one test."""
import os

import pytest

import processes
from cached_lint import Counted
from deploys import ADD_NOTE, CUSTOMER, FIRST, Others, Witness, build_shop, plain_migrate
from listeners import Full, PasswordTrap, Silent
from moves import Site
from projects import ARTICLE, PYTHON, Project, article_environment, postgresql
from runs import PGTOOL, Run
from servers import SECRET, Bouncer, Cluster

processes.end_on_signals()


def pytest_sessionfinish():
    """Here and not only at exit: pytest-xdist gives a worker but a few seconds for that."""
    processes.stop_everything()


def pytest_collection_modifyitems(config, items):
    """In a cell of tests/matrix there is one driver: the tests of the other one belong to another cell."""
    only = os.environ.get("PGTOOL_TEST_DRIVER")
    others = [item for item in items if only and hasattr(item, "callspec") and item.callspec.params.get("driver", only) != only]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


@pytest.fixture(scope="session")
def cluster():
    return Cluster(databases=("app",))


@pytest.fixture(scope="session")
def other_cluster():
    return Cluster()


@pytest.fixture(scope="session")
def tls_cluster():
    return Cluster(tls=True)


@pytest.fixture(scope="session")
def replica(cluster):
    return cluster.replica()


@pytest.fixture(scope="session")
def python():
    return str(PYTHON["psycopg"])


@pytest.fixture
def make_database():
    """Makes an empty database of the test's own in a cluster."""
    made = []

    def make(cluster, owner="app", **options):
        made.append(cluster.database(owner, **options))
        return made[-1]

    yield make
    for one in made:
        one.drop()


@pytest.fixture
def database(make_database, cluster):
    """The database that most tests are about, with what the server says of it."""
    return make_database(cluster)


@pytest.fixture
def bouncer(database):
    """Starts a PgBouncer in front of the test's database, or of another one."""
    started = []

    def start(mode="transaction", of=database, **options):
        started.append(Bouncer(of.cluster, [of.name], mode, **options))
        return started[-1]

    yield start
    for one in started:
        one.remove()


@pytest.fixture
def pooler(database, request):
    """The pooler of the test's parameter, in front of the test's database: a class and its mode."""
    kind, mode = request.param
    started = kind.before(database, mode)
    yield started
    started.remove()


@pytest.fixture
def make_project(tmp_path):
    """Writes a project with these DATABASES (a dict, or the text of an assignment)."""
    made = []

    def make(databases, **options):
        folder = tmp_path / f"project{len(made)}"
        made.append(folder)
        return Project.shop(folder, databases, **options)

    return make


@pytest.fixture
def counted(make_project, pgtool):
    """Makes a project that counts how often it is loaded."""

    def make(settings="", **options):
        return Counted(make_project, pgtool, settings, **options)

    return make


@pytest.fixture
def project(make_project, database):
    """A project whose only alias goes through a pooler."""

    def make(pooler, driver="psycopg", **alias):
        return make_project({"default": postgresql(pooler, database.name, **alias)}, driver=driver)

    return make


@pytest.fixture
def checked(project, database, pgtool):
    """What check says of a pooler, by its file, its console and a project behind it."""

    def check(pooler, *arguments, named=True, **alias):
        made = project(pooler, DISABLE_SERVER_SIDE_CURSORS=True, **alias)
        files = ("--pooler-config", pooler.home / "pgbouncer.ini") if named else ()
        return pgtool(made, "check", "--format", "json", *files, *arguments, PGTOOL_DIRECT_URL=database.url(),
                      PGTOOL_CONSOLE_URL=pooler.console()).json

    return check


@pytest.fixture
def article_project(make_project, database):
    """A project that is configured as in the article, by its environment."""

    def make(pooler, **options):
        environment = {**article_environment(pooler, database), **options.pop("environment", {})}
        return make_project(ARTICLE, environment=environment, **options)

    return make


@pytest.fixture(scope="session")
def deploy_cluster(tmp_path_factory):
    """Of the tests of deploys: it tells how long locks were waited for, and has the database in_production to copy."""
    never = 2_000_000_000  # Autovacuum comes to the tables only that ask for it.
    made = Cluster(settings={"max_prepared_transactions": 10, "log_lock_waits": "on", "autovacuum": "on", "autovacuum_naptime": "1s",
                             "autovacuum_vacuum_threshold": never, "autovacuum_analyze_threshold": never,
                             "autovacuum_vacuum_insert_threshold": -1})
    build_shop(made, tmp_path_factory.mktemp("in_production") / "project")
    return made


@pytest.fixture
def production(make_database, deploy_cluster):
    """The database of a shop that is in production."""
    return make_database(deploy_cluster, like="in_production")


@pytest.fixture
def others(database):
    with Others(database) as others:
        yield others


@pytest.fixture
def witness(database):
    return Witness(database)


@pytest.fixture
def shop(bouncer, article_project):
    """Makes the project of the shop in production, before a deploy brings something new. It knows a transaction pool."""

    def make(pooler=None, **options):
        project = article_project(pooler or bouncer(), **options)
        project.add_operations("0005_customer", CUSTOMER)
        return project

    return make


@pytest.fixture
def noted(shop):
    """Makes the project with one migration more: a new column, or what the test wants."""

    def make(*operations, atomic=True, before="", **options):
        project = shop(**options)
        project.add_operations(FIRST, *(operations or [ADD_NOTE]), atomic=atomic, before=before)
        return project

    return make


@pytest.fixture
def granted(database):
    """Gives the deploy's role rights for the rest of the test; roles belong to the whole cluster."""
    given = []

    def grant(*rights):
        for right in rights:
            database.sql(f"grant {right} to app")
            given.append(right)

    yield grant
    for right in given:
        database.sql(f"revoke {right} from app")


@pytest.fixture
def twin(make_database, deploy_cluster):
    """Runs the same project's plain `manage.py migrate` on another copy: the database and the outcome."""

    def run(project, *arguments):
        copy = make_database(deploy_cluster, like="in_production")
        return copy, plain_migrate(project, *arguments, POSTGRES_NAME=copy.name, PG_BOUNCER_HOST="", PG_BOUNCER_PORT="")

    return run


@pytest.fixture
def nowhere(tmp_path):
    """A folder without a project, to run in."""
    return Project.bare(tmp_path / "nowhere")


@pytest.fixture(scope="session")
def move_cluster():
    """Of the tests of schema-move: they write much, want prepared transactions, and restart it."""
    made = Cluster(roles=("app", "owner", "reader", "team"),
                   settings={"max_prepared_transactions": 10, "synchronous_commit": "on", "log_statement": "'ddl'",
                             "autovacuum_naptime": "1s", "wal_level": "logical"})
    made.sql("grant team to app; alter role app createdb", "postgres")
    return made


@pytest.fixture
def make_site(make_database, move_cluster, start_pgtool, nowhere):
    """Makes a database with these tables, and a pooler before it: a Site, whose tables pgtool is to move."""
    made = []

    def make(tables, kind=Bouncer, mode="transaction", **options):
        database = make_database(move_cluster)
        if tables:
            database.sql(tables, "app")
        if kind is Bouncer:
            pooler = Bouncer(move_cluster, [database.name], mode, users=dict.fromkeys(("app", "owner", "reader"), SECRET), **options)
        else:
            pooler = kind(database, mode, **options)
        made.append(pooler)
        return Site(database, pooler, start_pgtool, nowhere)

    yield make
    for pooler in made:
        pooler.remove()


@pytest.fixture
def under_load():
    """Starts a load, of which nothing is left at the end of the test."""
    started = []

    def start(load, *arguments, **options):
        started.append(load(*arguments, **options))
        started[-1].go_on()
        return started[-1]

    yield start
    for load in started:
        load.remove()


@pytest.fixture
def start_pgtool():
    """Starts pgtool in a project's folder and environment; what is left of it at the end of the test is killed."""
    started = []

    def start(project, *arguments, terminal=False, program=PGTOOL, **environment):
        started.append(Run(project, arguments, environment, terminal, program))
        return started[-1]

    yield start
    for run in started:
        run.end()


@pytest.fixture
def pgtool(start_pgtool):
    """Runs pgtool to its end: an Outcome. Secrets must not be in what it prints."""

    def run(project, *arguments, **environment):
        return start_pgtool(project, *arguments, **environment).finish()

    return run


@pytest.fixture(params=[Silent, Full])
def swallowing_host(request):
    host = request.param()
    yield host
    host.close()


@pytest.fixture
def password_trap():
    trap = PasswordTrap()
    yield trap
    trap.close()
