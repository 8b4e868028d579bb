"""Passwords stand in every place that check reads. None of them is in anything that it prints or writes."""
import base64
import json
from urllib.parse import quote

import pytest
from judged import LOOSE, fires, rights_of, slugs
from processes import free_port
from projects import postgresql
from servers import SECRET

FORMS = ["text", "json", "sarif", "junit", "github", "gitlab"]
PLACES = """
settings_password settings_options_passfile settings_options_sslpassword settings_options_text settings_url settings_broken_alias
environment_variable environment_url dotenv_url dotenv_password dotenv_broken_line dotenv_comment
ini_password ini_connect_query ini_auth_query ini_auth_user_query ini_ldap ini_misspelt_key ini_wrong_section ini_comment ini_tail
ini_duplicate ini_quoted ini_user_line ini_bad_number ini_include_name userlist_plain userlist_md5 userlist_broken
compose_password compose_url compose_list compose_unknown_variable compose_command compose_label compose_comment compose_default
compose_env_file compose_secret_file compose_ini secret_data secret_text manifest_value manifest_args manifest_annotation configmap_ini
yaml_url yaml_comment console_url direct_url pooled_url hba_file
""".split()
PLANTED = {place: f"Pw.{number:02}-{place.replace('_', '-')}/x" for number, place in enumerate(PLACES)}
for place in "compose_url", "settings_url", "environment_url", "dotenv_url", "yaml_url", "console_url", "direct_url", "pooled_url":
    PLANTED[place] = quote(PLANTED[place], safe="")
P = PLANTED

INI = f"""\
# the old password was {P["ini_comment"]}
%include {P["ini_include_name"].replace("/", "-")}.ini
[databases]
shop = host=127.0.0.1 port=5432 dbname=shop user=owner password={P["ini_password"]} connect_query='select {P["ini_connect_query"]}'
twice = host=127.0.0.1 password={P["ini_duplicate"]}
twice = host=127.0.0.1 password='{P["ini_quoted"]}' auth_query='select {P["ini_auth_query"]}'
old = host=127.0.0.1 passwrod={P["ini_misspelt_key"]} nonsense
password = {P["ini_wrong_section"]}

[pgbouncer]
listen_addr = *
listen_port = 6432
auth_type = plain
auth_file = userlist.txt
auth_query = select usename, passwd from lookup($1) where token = '{P["ini_auth_user_query"]}'
auth_ldap_options = ldapbindpasswd={P["ini_ldap"]}
auth_hba_file = hba.conf
admin_users = ops {P["ini_tail"]} ; why
server_lifetime = 0
default_pool_size = {P["ini_bad_number"]}
passwrod = {P["ini_misspelt_key"]}
password = {P["ini_wrong_section"]}
pool_mode = transaction

[users]
app = pool_mode=transaction password={P["ini_user_line"]}
"""
COMPOSE = f"""\
# {P["compose_comment"]}
services:
  pooler:
    image: bitnami/pgbouncer:1.24.1
    command: ["--password", "{P["compose_command"]}"]
    labels: {{owner: "{P["compose_label"]}"}}
    env_file: [pooler.env]
    environment:
      PGBOUNCER_PORT: "6432"
      PGBOUNCER_AUTH_TYPE: md5
      PGBOUNCER_LISTEN_ADDRESS: "*"
      POSTGRESQL_HOST: db
      POSTGRESQL_PASSWORD: "{P["compose_password"]}"
      PGBOUNCER_PASSWROD: "{P["compose_unknown_variable"]}"
      PGBOUNCER_DEFAULT_POOL_SIZE: "{P["compose_default"]}"
      PGBOUNCER_POOL_MODE: "${{NOT_SET:-{P["compose_default"]}}}"
  second:
    image: edoburu/pgbouncer:1.25.2
    environment: ["DATABASE_URL=postgres://app:{P["compose_url"]}@db/shop", "LISTEN_PORT=5439", "DB_PASSWORD={P["compose_list"]}"]
  own:
    image: edoburu/pgbouncer
    configs: [pooler]
secrets:
  word: {{file: word.txt}}
configs:
  pooler:
    content: |
      [databases]
      x = host=db password={P["compose_ini"]} nonsense
"""
MANIFESTS = f"""\
apiVersion: v1
kind: Secret
metadata: {{name: pooler, annotations: {{note: "{P["manifest_annotation"]}"}}}}
data: {{password: {base64.b64encode(P["secret_data"].encode()).decode()}}}
stringData: {{url: "{P["secret_text"]}"}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: pooler-ini}}
data:
  pgbouncer.ini: |
    [databases]
    shop = host=db password={P["configmap_ini"]} nonsense
    [pgbouncer]
    listen_addr = *
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: pgbouncer}}
spec:
  template:
    spec:
      containers:
        - name: pgbouncer
          image: bitnami/pgbouncer:1.24.1
          args: ["--password={P["manifest_args"]}"]
          env:
            - {{name: POSTGRESQL_PASSWORD, value: "{P["manifest_value"]}"}}
            - {{name: PGBOUNCER_LISTEN_ADDRESS, value: "*"}}
            - {{name: POSTGRESQL_HOST, value: db}}
            - {{name: POSTGRESQL_USERNAME, valueFrom: {{secretKeyRef: {{name: pooler, key: password}}}}}}
"""
DOTENV = f"""\
# {P["dotenv_comment"]}
DATABASE_URL=postgres://app:{P["dotenv_url"]}@127.0.0.1:6432/shop
POSTGRES_PASSWORD="{P["dotenv_password"]}"
'{P["dotenv_broken_line"]}
PGBOUNCER_LISTEN_ADDRESS=*
"""
SETTINGS = f"""
DATABASES["default"]["PASSWORD"] = {P["settings_password"]!r}
DATABASES["default"]["OPTIONS"] = {{"passfile": "/x/" + {P["settings_options_passfile"].replace("/", "-")!r},
    "sslpassword": {P["settings_options_sslpassword"]!r}, "options": "-c search_path=shop -c shop.token={P["settings_options_text"]}"}}
DATABASES["url"] = {{**DATABASES["default"], "NAME": "postgresql://app:{P["settings_url"]}@127.0.0.1:6432/shop"}}
DATABASES["broken"] = {{**DATABASES["default"], "OPTIONS": {{"passwrod": {P["settings_broken_alias"]!r}, "sslmode": "x"}}}}
"""
YAML = f"""\
# {P["yaml_comment"]}
databases: {{url: {{direct: "postgresql://app:{P["yaml_url"]}@127.0.0.1:6439/shop"}}}}
"""
ENVIRONMENT = {"POSTGRES_PASSWORD": P["environment_variable"], "DATABASE_URL": f"postgres://app:{P['environment_url']}@127.0.0.1:6432/shop"}
URLS = {"PGTOOL_CONSOLE_URL": f"postgresql://ops:{P['console_url']}@127.0.0.1:6432/pgbouncer",
        "PGTOOL_DIRECT_URL": f"postgresql://app:{P['direct_url']}@127.0.0.1:6438/shop"}


def kept_back(text, where):
    """No planted word is in the text, however it may be written."""
    found = {f"{place} as {kind}" for place, word in PLANTED.items() for kind, written in {
        "it is": word, "in a URL": quote(word, safe=""), "base64": base64.b64encode(word.encode()).decode(),
        "its middle": word[3:-2] if "%" not in word else word[3:-4]}.items() if written in text}
    assert found == set(), where


@pytest.fixture
def planted(make_project):
    made = make_project({"default": postgresql(Nobody, "shop")}, settings=SETTINGS, environment=ENVIRONMENT)
    files = {"pgbouncer.ini": INI, "compose.yaml": COMPOSE, "pooler.env": f"POSTGRESQL_DATABASE={P['compose_env_file']}\nxx\n",
             "word.txt": P["compose_secret_file"], "k8s/pooler.yaml": MANIFESTS, ".env": DOTENV, "pgtool.yaml": YAML,
             "userlist.txt": f'"app" "{P["userlist_plain"]}"\n"old" "md5{P["userlist_md5"]}"\nbroken "{P["userlist_broken"]}\n',
             "hba.conf": f"host all all 127.0.0.1/32 md5 # {P['hba_file']}\n"}
    for name, text in files.items():
        made.write(name, text)
    return made


class Nobody:
    port = 6432


@pytest.fixture
def hushed(start_pgtool):
    """Runs pgtool; what was planted is in none of its streams."""

    def run(project, *arguments, **environment):
        outcome = start_pgtool(project, *arguments, **{**URLS, **environment}).finish()
        kept_back(outcome.text, arguments)
        assert outcome.status != 70
        return outcome

    return run


def test_the_words_are_where_they_were_planted(planted):
    """Else nothing would be proved."""
    everything = "".join(path.read_text() for path in planted.dir.rglob("*") if path.is_file() and path.parent.name != "home")
    everything += str(planted.environment) + str(URLS)

    assert [place for place, word in PLANTED.items() if place not in ("secret_data", "pooled_url", "ini_include_name",
                                                                      "settings_options_passfile") and word not in everything] == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", ["check", "preflight"])
def test_no_form_tells_one(planted, hushed, command, form):
    for words in ["-v", "0"], ["-v", "3", "--fail-level", "info"]:
        outcome = hushed(planted, command, "--offline", "--format", form, *words)
        assert outcome.status != 0 or form not in ("text", "json"), "something is to be said of this"


@pytest.mark.parametrize("verbosity", "0123")
def test_no_verbosity_tells_one(planted, hushed, verbosity):
    hushed(planted, "check", "--offline", "-v", verbosity)


@pytest.mark.parametrize("name", ["pgbouncer.ini", "compose.yaml", "k8s/pooler.yaml", "pooler.env", ".env"])
def test_no_file_that_is_named_tells_one(planted, nowhere, hushed, name):
    for project in planted, nowhere:
        hushed(project, "check", "--offline", "--pooler-config", planted.dir / name, "--format", "json", "-v", "3")


@pytest.mark.parametrize("command", ["check", "preflight"])
def test_what_is_down_tells_none(planted, hushed, command):
    """Each connect fails, and libpq has a word on it."""
    port = str(free_port())
    for name in "config/settings.py", "pgbouncer.ini", "compose.yaml", ".env":
        path = planted.dir / name
        path.write_text(path.read_text().replace("6432", port))

    for form in "text", "json":
        outcome = hushed(planted, command, "-v", "3", "--format", form)
        assert outcome.status in (1, 3)


def test_what_is_live_tells_none(planted, bouncer, database, hushed):
    pooler = bouncer(line=f"user=owner password={SECRET}")
    url = f"postgresql://app:{P['pooled_url']}@127.0.0.1:{pooler.port}/{database.name}"

    for form in "text", "json":
        hushed(planted, "check", "-v", "3", "--format", form, "--pooled-url", url)
        hushed(planted, "check", "-v", "3", "--format", form, PGTOOL_CONSOLE_URL=pooler.console(), PGTOOL_DIRECT_URL=database.url())


@pytest.mark.parametrize("option", ["--console-url", "--direct-url", "--pooled-url"])
@pytest.mark.parametrize("url", ["postgresql://app:{}@127.0.0.1:port/shop", "mysql://app:{}@h/x", "postgresql://app:{}@[::1/shop",
                                 "host=127.0.0.1 password={} nonsense=1", "password='{}", "{}"])
def test_a_url_that_cannot_be_read_is_not_repeated(nowhere, hushed, option, url):
    place = option[2:].replace("-", "_")

    outcome = hushed(nowhere, "check", option, url.format(P[place]), "-v", "3")

    assert outcome.status in (1, 2, 3)


@pytest.mark.parametrize("text", [
    "databases: {{default: {{direct: 'postgresql://app:{}@127.0.0.1:port/shop'}}}}\n", "databases: {{default: {{direct: {}: x}}}}\n",
    "databases: {{default: {{password: '{}'}}}}\n", "databases: {{default: {{direct: [{}]}}}}\n"])
def test_a_bad_pgtool_yaml_does_not_repeat_what_may_be_one(planted, hushed, text):
    planted.write("pgtool.yaml", text.format(P["yaml_url"]))

    assert hushed(planted, "check", "--offline").status in (1, 2, 3)


def test_no_file_that_is_written_tells_one(planted, hushed):
    for form in FORMS:
        hushed(planted, "check", "--offline", "--format", form, "--output", f"report.{form}")
    hushed(planted, "check", "--offline", "--baseline", "known.json", "--update-baseline")

    assert json.loads((planted.dir / "known.json").read_text())["findings"]
    for path in *planted.dir.glob("report.*"), planted.dir / "known.json":
        kept_back(path.read_text(), path.name)


def test_fix_shows_and_copies_none_to_others(planted, hushed):
    """Neither beside what is changed, nor by rights that are wider than before."""
    for name in "pgbouncer.ini", ".env", "pooler.env":
        (planted.dir / name).chmod(0o600)
    before = {name: rights_of(planted.dir / name) for name in ("pgbouncer.ini", ".env", "pooler.env")}

    hushed(planted, "check", "--offline", "--fail-level", "info", "--fix")
    hushed(planted, "check", "--offline", "--fail-level", "info", "--fix", "--yes", "-v", "3")

    assert {name: rights_of(planted.dir / name) for name in before} == before
    copies = list(planted.dir.rglob("*.orig*"))
    assert copies and {rights_of(copy) for copy in copies} == set(before.values())


def test_a_setting_of_the_alias_is_named_without_what_it_may_hold(planted, hushed):
    report = hushed(planted, "check", "--offline", "--format", "json").json

    assert "server-side-cursors" in slugs(report)
    assert fires("listen-all-addresses", report, file="pgbouncer.ini")


def test_a_line_that_is_none_is_not_repeated(nowhere, hushed):
    for number, line in enumerate([P["ini_wrong_section"], f"[{P['ini_wrong_section']}", f"[{P['ini_wrong_section']}]", f"= {P['ini_wrong_section']}",
                                   f"shop {P['ini_wrong_section']}", f"%includ {P['ini_wrong_section']}"]):
        nowhere.write(f"f{number}/pgbouncer.ini", f"{line}\n{LOOSE}{line}\n")

    for form in FORMS:
        hushed(nowhere, "check", "--offline", "--format", form, "-v", "3")
