"""Whatever lies about in a repository ends check in a report: in seconds, in bounded memory, and never as a bug."""
import os
import signal
import socket
import time

import pytest
from judged import LOOSE, fires, limited
from projects import postgresql
from waiting import until

LISTENS = "listen-all-addresses"
LARGE = 100 << 20
NAMES = ["pgbouncer.ini", "compose.yaml", "docker-compose.override.yml", ".env", "k8s/pooler.yaml", "userlist.txt", "deploy/pgbouncer.ini"]
COMPOSE = """\
services:
  pooler:
    image: bitnami/pgbouncer:1.24.1
    environment: {PGBOUNCER_PORT: "6432", POSTGRESQL_HOST: db, PGBOUNCER_LISTEN_ADDRESS: "*", PGBOUNCER_POOL_MODE: transaction}
"""


@pytest.fixture
def examined(start_pgtool, nowhere):
    """Runs check on files within limits. Its end must be a report or a usage error, and never a bug or a signal."""

    def run(*arguments, command="check", project=nowhere, **environment):
        outcome = limited(start_pgtool, project, command, "--offline", "--fail-level", "info", *arguments, **environment)
        assert outcome.status in (0, 1, 2, 3), outcome.text[-2000:]
        assert outcome.status != 2 or "pgtool: error: " in outcome.stderr
        assert len(outcome.text) < 200_000
        return outcome

    return run


def sparse(path, size=LARGE, start=b""):
    """As long as that, of zeros."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.write(start)
        file.truncate(size)


def long(path, line, size=LARGE):
    path.parent.mkdir(parents=True, exist_ok=True)
    block = line * (1 + (1 << 20) // len(line))
    with open(path, "w", encoding="utf-8") as file:
        for _ in range(size // len(block) + 1):
            file.write(block)


def fifo(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def listener(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.getcwd()
        os.chdir(path.parent)
        bound.bind(path.name)
        os.chdir(here)


def text(content):
    def make(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return make


def link(target):
    def make(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)

    return make


ODD = {
    "FIFO": fifo, "socket": listener, "folder": lambda path: path.mkdir(parents=True), "device": link("/dev/zero"),
    "endless link": link("pgbouncer.ini"), "dangling link": link("/nonexistent/file"), "empty": text(""),
    "zeros": sparse, "zeros behind a section": lambda path: sparse(path, LARGE, b"[pgbouncer]\nlisten_addr = "),
    "random": text(os.urandom(300_000)), "UTF-16": text(LOOSE.encode("utf-16")), "NUL inside": text(LOOSE.replace("shop", "sh\0op")),
    "one long line": text("[databases]\nshop = host=" + "x" * 900_000), "brackets": text("[" * 500_000), "braces": text("{a: " * 200_000),
    "dashes": text("- " * 400_000), "anchors": text("a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(20_000))),
    "many lines": lambda path: long(path, "x = host=127.0.0.1 password=x\n"), "many keys": text("[databases]\n" + "".join(
        f"d{n} = host=h{n}\n" for n in range(40_000)) + LOOSE), "quotes": text("[databases]\nshop = '" + "''" * 300_000),
    "documents": text("---\n" * 200_000), "tags": text("!!python/object/apply:os.system ['touch hacked']"), "CR": text("\r" * 900_000),
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_file_under_each_name_ends_in_a_report(nowhere, examined, kind):
    for name in NAMES:
        ODD[kind](nowhere.dir / name)

    began = time.monotonic()
    outcome = examined()

    assert time.monotonic() - began < 30, "the processor's time is limited by the kernel; nobody waits for anything either"
    assert outcome.status != 2, outcome.text[:2000]
    assert not (nowhere.dir / "hacked").exists()


@pytest.mark.parametrize("kind", ["FIFO", "folder", "zeros", "random", "device", "many lines", "braces"])
@pytest.mark.parametrize("name", ["named.ini", "named.yaml", "named.env"])
def test_an_odd_file_that_is_named_is_refused_by_name(nowhere, examined, kind, name):
    ODD[kind](nowhere.dir / name)

    outcome = examined("--pooler-config", name)

    assert outcome.status == 2 and name in outcome.stderr, outcome.text


@pytest.mark.parametrize("kind", ["FIFO", "folder", "zeros", "random", "device", "braces", "anchors"])
@pytest.mark.parametrize("option, name", [("--config", "pgtool.yaml"), ("--baseline", "known.json")])
def test_an_odd_file_of_pgtool_s_own_is_refused_by_name(nowhere, examined, kind, option, name):
    ODD[kind](nowhere.dir / name)

    outcome = examined(option, name)

    assert outcome.status == 2 and name in outcome.stderr, outcome.text


@pytest.mark.parametrize("kind", ["FIFO", "folder", "zeros", "random", "endless link", "braces", "many lines"])
def test_what_is_odd_does_not_hide_what_is_not(nowhere, examined, kind):
    ODD[kind](nowhere.dir / "compose.yaml")
    ODD[kind](nowhere.dir / "a/pgbouncer.ini")
    nowhere.write("z/pgbouncer.ini", LOOSE)

    report = examined("--format", "json").json

    fires(LISTENS, report, file="z/pgbouncer.ini")


def test_a_file_that_cannot_be_read_is_said(nowhere, examined):
    """Root reads everything: a file that is too large to be one stands for it."""
    sparse(nowhere.dir / "pgbouncer.ini")

    outcome = examined("--format", "json")

    assert outcome.status != 0 and "pgbouncer.ini" in str(outcome.json["unknown"]) + str(outcome.json["findings"]), outcome.text


def test_anchors_that_explode_are_not_followed(nowhere, examined):
    bomb = "x0: &x0 {PGBOUNCER_A: 1, B: 2}\n" + "".join(
        f"x{n}: &x{n} {{{', '.join(f'k{i}: *x{n - 1}' for i in range(10))}}}\n" for n in range(1, 12))
    merged = "m0: &m0 {PGBOUNCER_A: 1}\n" + "".join(f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 10)}]}}\n" for n in range(1, 12))
    nowhere.write("a/compose.yaml", bomb + COMPOSE.replace("environment: {", "environment: {<<: *x11, "))
    nowhere.write("b/compose.yaml", merged + COMPOSE.replace("environment: {", "environment: {<<: *m11, "))
    nowhere.write("c/compose.yaml", "services: &s\n  pooler: *s\n")
    nowhere.write("d/compose.yaml", "services:\n  a: {extends: {service: b}}\n  b: {extends: {service: a}}\n")
    nowhere.write("e/compose.yaml", "include: [compose.yaml]\n" + COMPOSE)
    nowhere.write("f/compose.yaml", "services:\n  a: {extends: {file: /dev/zero, service: b}, env_file: [/dev/zero, .]}\n")

    examined()


@pytest.mark.parametrize("lines", ["%include pgbouncer.ini", "%include ./././pgbouncer.ini", "%include a.ini", "%include /dev/zero",
                                   "%include /proc/self/mem", "%include .", "%include pipe", "%include " + "x" * 70_000, "%include",
                                   "%include a.ini\n" * 2000], ids=lambda text: text[:30])
def test_includes_that_never_end_do(nowhere, examined, lines):
    nowhere.write("pgbouncer.ini", lines + "\n" + LOOSE)
    nowhere.write("a.ini", "%include pgbouncer.ini\n%include a.ini\n%include pgbouncer.ini\n")
    os.mkfifo(nowhere.dir / "pipe")

    examined()


def test_what_is_no_configuration_is_not_shown(nowhere, examined):
    """A link, an include or an env_file may lead to any file that whoever runs CI can read."""
    secret = nowhere.dir.parent / "secret"
    secret.write_text("root:topsecret-line-1\nkey = topsecret-line-2\n[topsecret-line-3\n- topsecret-line-4: {\n")
    nowhere.write("a/pgbouncer.ini", f"{LOOSE}\n%include {secret}\n")
    nowhere.write("b/compose.yaml", COMPOSE + f"    env_file: [{secret}]\n    extends: {{file: {secret}, service: x}}\n")
    for name in "c/pgbouncer.ini", "d/compose.yaml", "e/k8s.yaml", "e/.env", "c/userlist.txt":
        link(secret)(nowhere.dir / name)

    for form in "text", "json", "sarif":
        assert "topsecret" not in examined("-v", "3", "--format", form).text


def test_a_great_tree_is_not_walked_through(nowhere, examined):
    """Of packages, and links that lead back up."""
    for number in range(3000):
        (nowhere.dir / f"node_modules/p{number}").mkdir(parents=True)
        (nowhere.dir / f"data/d{number % 50}/e{number}").mkdir(parents=True)
    (nowhere.dir / "up").symlink_to(nowhere.dir)
    nowhere.write("node_modules/p1/pgbouncer.ini", LOOSE)
    nowhere.write("pgbouncer.ini", LOOSE)

    report = examined("--format", "json").json

    fires(LISTENS, report)


def test_a_hundred_configurations_are_a_report(nowhere, examined):
    for number in range(100):
        nowhere.write(f"f{number}/pgbouncer.ini", LOOSE.replace("6432", str(6432 + number)))

    report = examined("--format", "json").json

    assert len([finding for finding in report["findings"] if finding["rule"] == LISTENS]) == 100


@pytest.mark.parametrize("command", ["check", "preflight"])
def test_hosts_that_swallow_everything_do_not_hold_it_up_for_ever(make_project, swallowing_host, start_pgtool, command):
    aliases = {name: postgresql(swallowing_host, name) for name in ("default", "a", "b", "c", "d")}
    began = time.monotonic()

    outcome = start_pgtool(make_project(aliases), command, "--connect-timeout", "1", "--format", "json",
                           PGTOOL_CONSOLE_URL=f"postgresql://app@127.0.0.1:{swallowing_host.port}/pgbouncer").finish()

    assert outcome.status == 3 and len(outcome.json["unknown"]) >= len(aliases), outcome.text
    assert time.monotonic() - began < 30


class Nobody:
    port = 6432


@pytest.mark.parametrize("command", ["check", "preflight"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_settings_that_print_megabytes_stop_nothing(make_project, start_pgtool, command, form):
    made = make_project({"default": postgresql(Nobody, "shop", DISABLE_SERVER_SIDE_CURSORS=True)}, settings=(
        "import sys\nfor _ in range(20):\n    print('o' * 99999)\n    print('e' * 99999, file=sys.stderr)\n"))

    outcome = limited(start_pgtool, made, command, "--offline", "--format", form)

    assert outcome.status == 0
    assert "eee" not in outcome.stdout and (form == "text" or outcome.json["status"] == 0)


@pytest.mark.parametrize("command", ["check", "preflight"])
def test_ctrl_c_ends_it_while_the_project_still_starts(make_project, start_pgtool, command):
    made = make_project("import time, pathlib\npathlib.Path('starting').touch()\ntime.sleep(600)\n")
    run = start_pgtool(made, command)
    until((made.dir / "starting").exists, "the settings are imported")

    run.send(signal.SIGINT)

    assert run.finish().status == 130
