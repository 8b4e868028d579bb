"""What a project prints is what its own manage.py would have printed: nothing lost, nothing moved, no byte changed."""
import re

import pytest
from projects import SHOP
from runs import PGTOOL, Run

# One database and one port for each run, so that the project itself is the same.
SETTINGS = """\
import atexit
import sys
import threading

DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": os.environ["SHOP_PORT"],
                         "NAME": os.environ["SHOP_NAME"], "USER": "app", "PASSWORD": os.environ["SHOP_SECRET"]}}


def make_noise(where):
    print(where, "out")
    print(where, "err", file=sys.stderr)
    sys.stdout.write(f"{where} out without a newline|")
    sys.stderr.write(f"{where} err without a newline|")
    sys.stdout.flush()
    os.write(1, f"{where} raw ".encode() + b"\\xff\\xfe\\x00\\x1b[1m\\r\\x80 out")
    os.write(2, f"{where} raw ".encode() + b"\\xc3\\x28\\x07\\xed\\xa0\\x80 err")
    os.system(f"echo '{where} shell out'; echo '{where} shell err' >&2; printf '%s' '{where} no end'")
    thread = threading.Thread(target=lambda: (print(where, "thread out"), print(where, "thread err", file=sys.stderr)))
    thread.start()
    thread.join()
    sys.stdout.flush()


make_noise("settings")
atexit.register(make_noise, "exit")
"""
MIGRATION = """\
def run(apps, schema_editor):
    from config.settings import make_noise
    make_noise("migration")
    if os.environ.get("SHOP_FAILS"):
        raise ValueError("the shelf is empty \\udcff")
"""
# pgtool's own words, coloured on a terminal. The verdict is the last of all.
OWN_LINE = re.compile(rb"(?:\x1b\[[0-9;]*m)*pgtool: (?:\x1b\[[0-9;]*m)*(?:migrating|error|hint)[^\n]*\n|hint: [^\n]*\n")
VERDICT = re.compile(rb"(?:\x1b\[[0-9;]*m)*(?:done|stopped|nothing was applied)(?:\x1b\[[0-9;]*m)*: .*\Z", re.S)
STREAMS = {"two pipes": {}, "one pipe": {"merged": True}, "one terminal": {"terminal": True}}


def without_our_words(printed):
    return VERDICT.sub(b"", OWN_LINE.sub(b"", printed))


@pytest.fixture
def noisy(make_project):
    project = make_project(SETTINGS, environment={"SHOP_SECRET": "s3cr3t-W0rd-of-app"})
    project.add_migration("0005_noise", "import os\n\n\n" + MIGRATION)
    return project


@pytest.fixture
def run_both(noisy, bouncer, database, make_database, cluster):
    """Runs the project with its manage.py and with pgtool: two ended Runs."""
    started, twin = [], make_database(cluster)

    def start(arguments, program, port, name, streams, more):
        run = Run(noisy, arguments, {"SHOP_PORT": str(port), "SHOP_NAME": name, **more}, program=program, **streams)
        started.append(run)
        run.finish()
        return run

    def run(django, ours, streams, our_streams=None, **more):
        plain = start(["manage.py", "migrate", *django], str(noisy.python), twin.port, twin.name, streams, more)
        more["PGTOOL_DIRECT_URL"] = database.url()
        our_streams = streams if our_streams is None else our_streams
        return plain, start(["migrate", "--direct", *ours], PGTOOL, bouncer().port, database.name, our_streams, more)

    yield run
    for one in started:
        one.end()


@pytest.mark.parametrize("streams", STREAMS)
@pytest.mark.parametrize("django, ours", [(["-v", "1"], ["-v", "1"]), (["-v", "0"], ["-q"])], ids=["usual", "quiet"])
def test_every_byte_comes_in_its_place(run_both, database, django, ours, streams):
    plain, bridged = run_both(django, ours, STREAMS[streams])

    assert (plain.process.returncode, bridged.process.returncode) == (0, 0), bridged.output() + bridged.output("stderr")
    assert b"exit shell out" in plain.bytes() and plain.bytes().count(b"\xff\xfe\x00") == 3
    assert without_our_words(bridged.bytes()) == plain.bytes()
    assert without_our_words(bridged.bytes("stderr")) == plain.bytes("stderr")
    assert database.applied()[:4] == SHOP
    database.assert_written_directly_only()


@pytest.mark.parametrize("streams", STREAMS)
def test_a_failure_is_printed_as_python_prints_it(run_both, streams):
    plain, bridged = run_both([], [], STREAMS[streams], SHOP_FAILS="yes")

    assert (plain.process.returncode, bridged.process.returncode) == (1, 4), bridged.output() + bridged.output("stderr")
    assert b"the shelf is empty" in plain.bytes() + plain.bytes("stderr")
    # Where the traceback does not end Django's "Applying …" on stdout, the verdict does.
    assert without_our_words(bridged.bytes()) == plain.bytes() + (b"\n" if streams == "two pipes" else b"")
    assert without_our_words(bridged.bytes("stderr")) == plain.bytes("stderr")


def test_with_json_all_of_it_goes_to_stderr_as_into_one_pipe(run_both, noisy):
    noisy.environment["PYTHONUNBUFFERED"] = "1"

    plain, bridged = run_both([], ["--format", "json"], {"merged": True}, {})

    assert (plain.process.returncode, bridged.process.returncode) == (0, 0)
    assert bridged.finish().json["status"] == 0
    assert without_our_words(bridged.bytes("stderr")) == plain.bytes()
