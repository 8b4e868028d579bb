"""Where lint keeps answers: nothing that is damaged, another's, half written or secret is used or left there."""
import os
import shutil
import signal
import subprocess
import threading
import time

import pytest

from runs import PGTOOL
from servers import SECRET


def _truncated(path):
    path.write_bytes(path.read_bytes()[:-100])


def _one_bit(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _emptied(path):
    path.write_bytes(b"")


def _other_text(path):
    path.write_text("pgtool lint 1 0000000000000000\n5\nhello{}")


def _writable(path):
    path.chmod(0o666)


def _folder(path):
    path.unlink()
    path.mkdir()


def _pipe(path):
    path.unlink()
    os.mkfifo(path)


def _link(path):
    moved = path.with_name("moved")
    path.rename(moved)
    path.symlink_to(moved)


@pytest.mark.parametrize("damage", [_truncated, _one_bit, _emptied, _other_text, _writable, _folder, _pipe, _link],
                         ids=lambda damage: damage.__name__[1:])
def test_what_is_damaged_or_not_ours_is_not_used(counted, damage):
    made = counted()
    made.warm()

    damage(made.entries()[0])

    made.assert_loads()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("whose", ["file", "folder", "home"])
def test_what_belongs_to_somebody_else_is_not_used(counted, whose):
    made = counted()
    made.warm()

    os.chown({"file": made.entries()[0], "folder": made.folder, "home": made.dir / "home"}[whose], 65534, 65534)

    made.assert_loads()
    if whose != "file":
        assert "belongs to somebody else" in made.assert_loads().stderr


def test_the_files_are_for_their_owner_alone(counted):
    made = counted()
    made.warm()

    assert {path.stat().st_mode & 0o777 for path in (made.folder, made.folder.parent)} == {0o700}
    assert made.entries()[0].stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", ["/proc/nowhere", "/dev/null", "relative"])
def test_without_a_place_to_keep_it_lint_works(counted, place):
    made = counted()

    for _ in range(2):
        outcome, loaded = made.lint(XDG_CACHE_HOME=place, HOME="")
        assert loaded and outcome.status == 1 and "order_paid" in outcome.stdout
    assert not (made.dir / "relative").exists()


def test_the_cache_folder_of_the_user_is_respected(counted, tmp_path):
    made = counted()
    made.warm(XDG_CACHE_HOME=str(tmp_path / "kept"))

    assert len(list((tmp_path / "kept/pgtool/lint").iterdir())) == 1 and made.entries() == []


def test_it_does_not_grow_for_ever(counted):
    made = counted()
    made.warm()
    kept = made.entries()[0]
    for number in range(80):
        old = made.folder / f"{number:016x}-{0:016x}"
        old.write_text("")
        os.utime(old, (1000 + number, 1000 + number))
    left = made.folder / ".new-1-of-a-run-that-was-killed"
    left.write_text("")
    os.utime(left, (1000, 1000))

    made.lint("--all-apps")

    assert len(made.entries()) == 64 and kept in made.entries() and not left.exists()
    made.assert_kept()


def test_runs_at_the_same_time_do_each_other_no_harm(counted):
    made = counted()
    outcomes = []
    runs = [threading.Thread(target=lambda: outcomes.append(made.lint()[0])) for _ in range(6)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()

    assert len({(outcome.status, outcome.stdout) for outcome in outcomes}) == 1 and outcomes[0].status == 1
    made.assert_kept()
    assert len(list(made.folder.iterdir())) == 1


def test_a_run_that_is_killed_leaves_nothing_that_is_believed(counted, start_pgtool):
    made = counted()
    expected, _ = made.lint("--no-cache")
    began = time.monotonic()
    made.lint("--no-cache")
    whole = time.monotonic() - began

    for part in range(12):
        run = start_pgtool(made.project, "lint", "-v", "2", SHOP_NAME=str(part))
        time.sleep(whole * (0.75 + part * 0.04))
        run.send(signal.SIGKILL)
        run.wait()
        outcome, _ = made.lint(SHOP_NAME=str(part))
        assert (outcome.status, outcome.stdout) == (expected.status, expected.stdout)


def test_an_interrupted_run_keeps_nothing(counted, start_pgtool):
    made = counted("import time\ntime.sleep(float(os.environ.get('SLOW', 0)))\n")
    run = start_pgtool(made.project, "lint", SLOW="30")
    while not made.loads():
        time.sleep(0.02)
    run.send(signal.SIGINT)

    assert run.finish().status == 130
    assert made.entries() == []
    made.warm()


def test_a_link_to_a_project_is_another_one_when_it_leads_elsewhere(counted):
    one, other = counted(), counted()
    other.rewrite("shop/migrations/0005_index.py", "order_paid", "order_pale")
    shutil.copytree(one.dir / "home", other.dir / "home", dirs_exist_ok=True)
    link = one.dir.parent / "current"
    link.symlink_to(one.dir.name)
    one.warm("--project", link)

    link.unlink()
    link.symlink_to(other.dir.name)

    outcome, _ = one.lint("--project", link)
    assert "order_pale" in outcome.stdout and "order_paid" not in outcome.stdout


def test_no_password_is_kept(counted):
    made = counted(f"SECRET_KEY = {SECRET!r}\nDATABASES['default']['PASSWORD'] = {SECRET!r}\nimport secretfile\n",
                   environment={"DATABASE_URL": f"postgresql://app:{SECRET}@127.0.0.1:1/nowhere", "API_TOKEN": SECRET})
    made.project.write("secretfile.py", f"TOKEN = {SECRET!r}\n")
    made.warm()

    for path in made.folder.iterdir():
        assert SECRET.encode() not in path.read_bytes()


@pytest.mark.parametrize("where", ["alias", "variable"])
def test_sql_that_holds_a_password_is_not_kept(counted, where):
    settings = {"alias": f"DATABASES['default']['PASSWORD'] = {SECRET!r}\n", "variable": ""}[where]
    made = counted(settings, environment={"READER_PASSWORD": SECRET} if where == "variable" else {})
    source = {"alias": "settings.DATABASES['default']['PASSWORD']", "variable": "os.environ['READER_PASSWORD']"}[where]
    made.project.add_operations("0006_role", f"migrations.RunSQL('alter role reader password ' + repr({source}))",
                                before="import os\nfrom django.conf import settings")
    path = made.dir / "home/out.json"

    for _ in range(2):
        before = made.loads()
        subprocess.run([PGTOOL, "lint", "--output", path], cwd=made.dir, env=made.environment, check=False)
        assert made.loads() > before
    assert made.entries() == []
