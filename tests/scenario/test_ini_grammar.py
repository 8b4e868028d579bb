"""The reader of pgbouncer.ini against PgBouncer itself: the same odd files are given to both."""
import subprocess
from pathlib import Path

import psycopg
import pytest

from processes import Server, as_servant, free_port, new_home, own, program, remove_home
from runs import PGTOOL

LINES = Path(PGTOOL).parent / "tests/pgtool_ini_lines"
MAIN = "[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = PORT\nunix_socket_dir = HOME\nauth_type = any\nadmin_users = boss\n"
# SHOW CONFIG tells these in other words, or has a value that stands in no file.
SPELT_OTHERWISE = ("conffile", "listen_port", "pool_mode", "unix_socket_mode", "user", "verbose")
pytestmark = pytest.mark.skipif(not LINES.exists(), reason="the tests' C++ programs are not built beside pgtool")

# File name → text; "pgbouncer.ini" is the one that is read.
READ = {
    "spaces and quotes": "a = host = 'x''y'  dbname =' a b ' port= 7 connect_query='set x = ''y'''\nb =\nc=host=x'y port=5432abc\n",
    "only a space parts words": "a = host=x\tport=7\nb = host= port=5\nc = host=x\\ port=6\n",
    "lists and sockets": "a = host=h1,h2,h3 port=6000\nb = host=/run/x,/run/y\nc = host=@abstract\n",
    "twice in an entry": "a = host=x host=y dbname=d dbname=e pool_mode=statement pool_mode=Session\n",
    "a database twice": "a = host=one port=1 dbname=x user=u password=p pool_mode=statement\na = host=two\n",
    "its user replaced": "a = host=one user=u password=p\na = user=v\n",
    "Windows": "a = host=x\r\nb =\r\n",
    "odd white space": "\v\fa\t=\thost=x \v\n; comment\n   # comment\n[databases] ; comment\n[databases] b = host=y\n",
    "no last line end": "a = host=x",
    "NUL": "a = host=x\0y\nb = host=z\n",
    "a long line": "a = host=" + "x" * 100000 + "\nb=\n",
    "settings twice": "[pgbouncer]\n" + MAIN[12:] + "default_pool_size = 7\ndefault_pool_size = 8\npool_mode = TRANSACTION\n",
    "a second main section": "a =\n[pgbouncer]\nauth_user = u\nserver_lifetime = 5\n" + MAIN,
    "no inline comment": MAIN + "job_name = a ; b\nserver_check_query = select 1 # c\n",
    "numbers of C": MAIN.replace("PORT", "0xPORTx"),
    "include": {"pgbouncer.ini": "%include \t a b.ini \nc = host=after\n", "a b.ini": "a = host=x\n[users]\n[databases]\nb = host=y"},
    "nested include": {"pgbouncer.ini": "%include sub/a.ini\n", "sub/a.ini": "%include b.ini\n", "b.ini": "b = host=first\n"},
    "included main section": {"pgbouncer.ini": "[pgbouncer]\nmax_client_conn = 7\n%include main.ini\n", "main.ini": MAIN},
}
REFUSED = {
    "inline comment": "[pgbouncer]\npool_mode = session ; x\n",
    "quoted mode": "[pgbouncer]\npool_mode = 'session'\n",
    "number with more": "[pgbouncer]\nlisten_port = 6432 x\n",
    "no key": "nonsense\n",
    "double quotes": '"a" = host=x\n',
    "open section": "[open\n",
    "unknown section": "[other]\n",
    "case of a section": "[Databases]\n",
    "spaces in a section": "[ databases ]\n",
    "case of a key": "[pgbouncer]\nPOOL_MODE = session\n",
    "unknown key": "[pgbouncer]\npoolmode = session\n",
    "unknown key of a database": "a = sslmode=require\n",
    "unknown key of a user": "[users]\nu = pool_mod=session\n",
    "empty quotes": "a = host=''\n",
    "open quotes": "a = host='x\n",
    "no value": "a = host\n",
    "glued words": "a = host='x'port=7\n",
    "port 0": "a = port=0\n",
    "mode of a database": "a = pool_mode=none\n",
    "the console's name": "pgbouncer = host=x\n",
    "missing include": "%include none.ini\n",
    "quoted include": {"pgbouncer.ini": "%include 'a.ini'\n", "a.ini": ""},
    "bare include": "%include\n",
    "include of itself": "%include pgbouncer.ini\n",
    "byte order mark": "BOM",
    "before a section": "BEFORE",
}


@pytest.fixture
def home():
    home = new_home("ini")
    yield home
    remove_home(home)


def write(home, files):
    """The files, after a main section with a port of its own and the beginning of [databases]."""
    port = free_port()
    files = files if isinstance(files, dict) else {"pgbouncer.ini": files}
    for name, text in files.items():
        if name == "pgbouncer.ini":
            start = MAIN + "[databases]\n"
            text = {"BOM": "\ufeff" + start, "BEFORE": "a = b\n" + start}.get(text, start + text)
        path = home / name
        path.parent.mkdir(exist_ok=True)
        text = text.replace("0xPORTx", hex(port)).replace("PORT", str(port)).replace("HOME", str(home))
        path.write_bytes(text.encode())
        own(path.parent)
        own(path)
    return port


def told(home):
    """What pgtool reads, by kind."""
    output = subprocess.run([LINES, home / "pgbouncer.ini"], stdout=subprocess.PIPE, check=True).stdout.decode()
    rows = [line.split("|") for line in output.split("\n") if line]
    return {kind: [row[1:] for row in rows if row[0] == kind] for kind in ("database", "setting", "listens", "problem")}


def columns(port, command, *names):
    """Columns of a SHOW command by name."""
    with psycopg.connect(f"host=127.0.0.1 port={port} user=boss dbname=pgbouncer", autocommit=True) as connection:
        result = connection.pgconn.exec_(command.encode())
        places = [result.fname(column).decode() for column in range(result.nfields)]
        return [[(result.get_value(row, places.index(name)) or b"").decode() for name in names] for row in range(result.ntuples)]


@pytest.mark.parametrize("files", READ.values(), ids=READ)
def test_both_read_the_same(home, files):
    port = write(home, files)
    server = Server([program("pgbouncer"), home / "pgbouncer.ini"], home, port)
    databases = columns(port, "show databases", "name", "host", "port", "database", "force_user", "pool_mode")
    config = columns(port, "show config", "key", "value", "default")
    server.stop()

    ours = told(home)
    settings = dict(ours["setting"])
    assert sorted(ours["database"]) == sorted(row for row in databases if row[0] != "pgbouncer")
    assert ours["listens"] == [["127.0.0.1", str(port)], [str(home), str(port)]]
    for key, value, default in config:
        if key not in SPELT_OTHERWISE:
            assert (key, settings.get(key, default)) == (key, value)
    assert settings.get("pool_mode", "session") == dict(row[:2] for row in config)["pool_mode"]


@pytest.mark.parametrize("files", REFUSED.values(), ids=REFUSED)
def test_what_ends_pgbouncer_is_a_problem(home, files):
    write(home, files)
    process = subprocess.run(as_servant(program("pgbouncer"), home / "pgbouncer.ini"), cwd=home, stdin=subprocess.DEVNULL,
                             capture_output=True, timeout=30)

    assert process.returncode != 0
    assert told(home)["problem"]
