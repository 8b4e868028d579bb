#include "base/error.hpp"
#include "ini_reading.hpp"
#include "pooler/config/bouncer_keys.hpp"

using namespace pgtool;
using namespace pgtool::ini_reading;

TEST_CASE("an entry of [databases] becomes an endpoint, a mode and settings") {
  const auto config = with_databases("shop = host=db.internal port=5433 dbname=shop_live user=app "
                                     "password=hushhush pool_mode=Transaction auth_user=boss\n");
  const auto shop = database(config, "shop");

  CHECK(shop.server.host() == "db.internal");
  CHECK(shop.server.port() == "5433");
  CHECK(shop.server.database() == "shop_live");
  CHECK(shop.server.user() == "app");
  CHECK(shop.server.password.reveal() == "hushhush");
  CHECK(shop.server.origin == "conf/pgbouncer.ini");
  CHECK(shop.mode == "transaction");
  CHECK(shop.settings == PoolerSettings{{"auth_user", "boss"}});
  CHECK(shop.line == 4);
  CHECK(problems(config).empty());
}

TEST_CASE("what an entry leaves out is not set") {
  const auto config = with_databases("shop =\n* = host=db\n");

  CHECK(database(config, "shop").server.parameters.empty());
  CHECK(database(config, "anything").server.parameters.size() == 1);
  CHECK(problems(config).empty());
}

TEST_CASE("host lists and sockets stay as they are written") {
  const auto config = with_databases("list = host=a,b,c port=6000\nsocket = host=/run/pg\n");

  CHECK(database(config, "list").server.host() == "a,b,c");
  CHECK(database(config, "socket").server.is_socket());
}

TEST_CASE("a quoted value holds spaces and doubled quotes") {
  const auto config = with_databases("a = host = 'x''y'  dbname =' a b ' port= 7 "
                                     "connect_query='set x = ''y'''\n");
  const auto a = database(config, "a");

  CHECK(a.server.host() == "x'y");
  CHECK(a.server.database() == " a b ");
  CHECK(a.server.port() == "7");
  CHECK(a.settings.at("connect_query") == "set x = 'y'");
}

TEST_CASE("only a space parts the words of an entry") {
  CHECK(database(with_databases("a = host=x\tport=7\n"), "a").server.host() == "x\tport=7");
  CHECK(database(with_databases("a = host= port=5\n"), "a").server.host() == "port=5");
  CHECK(database(with_databases("a = host=x\\ y\n"), "a").server.host() == "x\\");
}

TEST_CASE("the letter behind a closing quote is dropped, as PgBouncer does") {
  CHECK(complains(with_databases("a = host='x'port=7\n"), "unknown key 'ort'"));
}

TEST_CASE("an empty or unclosed value is a problem of its line") {
  for (const char* entry : {"a = host=''", "a = host='x", "a = host", "a = =x"}) {
    const auto config = with_databases(entry);

    CHECK(complains(config, "conf/pgbouncer.ini:4: expected key=value"));
    CHECK(config.databases.size() == 1);
  }
}

TEST_CASE("a name may be quoted, and holds any letter then") {
  CHECK(database(with_databases("'a b=c' = host=x\n"), "a b=c").server.host() == "x");
  CHECK(complains(with_databases("'a = host=x\n"), "expected key = value"));
  CHECK(complains(with_databases("\"a\" = host=x\n"), "expected key = value"));
}

TEST_CASE("comments are lines of their own") {
  const auto config = parse("; one\n  # two\n[pgbouncer] ; behind a bracket\n"
                            "listen_port = 6000 ; no comment\nserver_lifetime = 5 # neither\n");

  CHECK(config.settings.at("server_lifetime") == "5 # neither");
  CHECK(complains(config, "listen_port is no number"));
}

TEST_CASE("a mode with a comment behind it is told from a typing error") {
  CHECK(complains(parse("[pgbouncer]\npool_mode = session ; x\n"), "a line of its own"));
  CHECK_FALSE(complains(parse("[pgbouncer]\npool_mode = sesion\n"), "a line of its own"));
  CHECK(parse("[pgbouncer]\npool_mode = sesion\n").mode.empty());
}

TEST_CASE("the modes of users, databases and the whole are found in their order") {
  const auto config = parse("[pgbouncer]\npool_mode = TRANSACTION\n[databases]\n"
                            "a = pool_mode=statement\n*=\n[users]\nu = pool_mode=Session\n");

  CHECK(config.mode_for("b", "x") == "transaction");
  CHECK(config.mode_for("a", "x") == "statement");
  CHECK(config.mode_for("a", "u") == "session");
}

TEST_CASE("an entry may follow its section's bracket on the same line") {
  CHECK(database(parse("[databases] a = host=x\n"), "a").server.host() == "x");
}

TEST_CASE("line ends of Windows, a missing last one and odd blanks make no difference") {
  const auto config = parse("[databases]\r\na = host=x\r\nb =\r\n\v\fc\t=\thost=y \v\r\nd=host=z");

  CHECK(database(config, "a").server.host() == "x");
  CHECK(database(config, "b").server.parameters.empty());
  CHECK(database(config, "c").server.host() == "y");
  CHECK(database(config, "d").server.host() == "z");
  CHECK(database(config, "d").line == 5);
}

TEST_CASE("a byte order mark is told and read over") {
  const auto config = parse("\xEF\xBB\xBF" + main_section);

  CHECK(complains(config, ":1: a byte order mark"));
  CHECK(hosts(config) == "*:6432 /tmp:6432 ");
}

TEST_CASE("nothing is read behind a NUL byte") {
  const std::string text("a = host=x\0y\nb = host=z\n", 24);
  const auto config = with_databases(text);

  CHECK(database(config, "a").server.host() == "x");
  CHECK(config.databases.size() == 1);
  CHECK(complains(config, ":4: a NUL byte"));
}

TEST_CASE("a line of a hundred thousand letters is read") {
  const std::string host(100000, 'x');

  CHECK(database(with_databases("a = host=" + host + "\n"), "a").server.host() == host);
}

TEST_CASE("what is no line of the grammar is a problem, and the next line is read") {
  const auto config = with_databases("nonsense\n[open\n%includes x\n%include\na = host=x\n");

  CHECK(config.problems.size() == 4);
  CHECK(database(config, "a").line == 8);
}

TEST_CASE("sections and keys are case-sensitive") {
  CHECK(complains(parse("[Databases]\na =\n"), "unknown section 'Databases'"));
  CHECK(complains(parse("[pgbouncer]\nPOOL_MODE = session\n"), "unknown key 'POOL_MODE'"));
  CHECK(parse("[Databases]\na =\n").databases.empty());
}

TEST_CASE("an unknown key is a problem that knows what was meant") {
  CHECK(complains(parse("[pgbouncer]\npoolmode = session\n"), "did you mean pool_mode?"));
  CHECK(complains(with_databases("a = dbnam=x\n"), "unknown key 'dbnam'; did you mean dbname?"));
  CHECK(complains(with_databases("a = sslmode=require host=x\n"), "unknown key 'sslmode'"));
  CHECK(complains(parse("[users]\nu = pool_mod=session\n"), "did you mean pool_mode?"));
  CHECK(complains(parse("[peers]\n1 = hots=x\n"), "did you mean host?"));
}

TEST_CASE("a key of a section that is none is not judged") {
  CHECK(complains(parse("a = b\n" + main_section), "before the first section"));
  CHECK(parse("[other]\nx = y\n" + main_section).problems.size() == 1);
}

TEST_CASE("the console's own name is no database") {
  CHECK(with_databases("pgbouncer = host=x\n").databases.empty());
  CHECK(complains(with_databases("pgbouncer = host=x\n"), "console"));
}

TEST_CASE("ports are read as C reads numbers") {
  CHECK(database(with_databases("a = port=5432abc\n"), "a").server.port() == "5432");
  CHECK(complains(with_databases("a = port=0\n"), "the port is no number"));
  CHECK(complains(with_databases("a = port=99999\n"), "the port is no number"));
  CHECK(hosts(parse("[pgbouncer]\nlisten_port = 0x17df\nlisten_addr=a\n")) == "a:6111 /tmp:6111 ");
}

TEST_CASE("a pooler listens where its settings say, else where PgBouncer does") {
  CHECK(hosts(parse("[pgbouncer]\n")) == "/tmp:6432 ");
  CHECK(hosts(parse("[pgbouncer]\nlisten_addr = 10.0.0.1, ::1 ,,*\nunix_socket_dir = /run/pb\n")) ==
        "10.0.0.1:6432 ::1:6432 *:6432 /run/pb:6432 ");
  CHECK(hosts(parse("[pgbouncer]\nunix_socket_dir =\n")).empty());
}

TEST_CASE("without a [pgbouncer] section it is said, and nothing listens") {
  const auto config = parse("[databases]\na =\n");

  CHECK(complains(config, "no [pgbouncer] section"));
  CHECK(config.listens.empty());
  CHECK(config.databases.size() == 1);
}

TEST_CASE("the last of two equal settings counts") {
  CHECK(parse("[pgbouncer]\npidfile = a\npidfile = b\n").settings.at("pidfile") == "b");
  CHECK(database(with_databases("a = host=x host=y\n"), "a").server.host() == "y");
}

TEST_CASE("a second entry of a database replaces the first but for its user") {
  const auto config = with_databases("a = host=one port=1 dbname=x user=u password=hushhush "
                                     "pool_mode=statement\nb =\na = host=two\n");
  const auto a = database(config, "a");

  CHECK(a.server.host() == "two");
  CHECK(a.server.get("port").empty());
  CHECK(a.server.database().empty());
  CHECK(a.mode.empty());
  CHECK(a.server.user() == "u");
  CHECK(a.server.password.reveal() == "hushhush");
  CHECK(a.line == 6);
  CHECK(config.databases.size() == 2);
  CHECK(complains(config, ":6: this database stands in line 4"));
}

TEST_CASE("a second entry of a user or of the fallback replaces the first") {
  const auto config = parse("[databases]\n* = host=a user=u\n* = host=b\n[users]\n"
                            "u = pool_mode=session max_user_connections=3\n"
                            "u = max_user_connections=4\n");

  CHECK(database(config, "z").server.user().empty());
  CHECK(config.users.at("u") == PoolerSettings{{"max_user_connections", "4"}});
}

TEST_CASE("a second [pgbouncer] section sets back what the first one set") {
  const auto config = parse("[pgbouncer]\npool_mode = transaction\nlisten_port = 6000\n"
                            "auth_user = boss\n[pgbouncer]\nverbose = 1\n");

  CHECK(config.mode.empty());
  CHECK(config.settings == PoolerSettings{{"auth_user", "boss"}, {"verbose", "1"}});
  CHECK(complains(config, ":5: a second [pgbouncer] section"));
}

TEST_CASE("a password without a user is not used by PgBouncer, nor by pgtool") {
  const auto config = with_databases("a = host=x password=hushhush\n");

  CHECK(database(config, "a").server.password.empty());
  CHECK(complains(config, "no password here without a user"));
}

TEST_CASE("no part of a password stands in a message or a setting") {
  for (const char* entry :
       {"a = user=u password=hush hush", "a = user=u password='hush", "password=hush=hush",
        "a = user=u password=hush hush=1 port=0", "db_password=hush=hush", "a = pasword=x hush=1",
        "a = pasword=hush", "password = hush", "a = user=u password=x 'hush'=hush",
        "a = user=u password=x hush hush=hush", "[users]\npassword=hush=hush",
        "[peers]\npassword=hush=hush"}) {
    CAPTURE(entry);
    const auto config = with_databases(entry);

    CHECK_FALSE(config.problems.empty());
    CHECK_FALSE(complains(config, "hush"));
    for (const auto& known : config.databases) {
      CHECK(known.settings.empty());
    }
  }
}

TEST_CASE("a URL in a word's place is no server, and is not repeated") {
  for (const char* entry : {"a = host=postgres://u:hush@db", "a = host=u:hush@db",
                            "a = host=db dbname=postgres://u:hush@db/shop"}) {
    CAPTURE(entry);
    const auto config = with_databases(entry);

    CHECK(config.find("a") == nullptr);
    CHECK(complains(config, "a URL, or a part of one"));
    CHECK_FALSE(complains(config, "hush"));
  }
}

TEST_CASE("a setting that holds a password is not kept") {
  const auto config = parse("[pgbouncer]\nauth_ldap_options = ldapbindpasswd=hushhush\n");

  CHECK(config.settings.empty());
  CHECK(problems(config).empty());
}

TEST_CASE("a file of nonsense is read in no time, with a bounded number of problems") {
  std::string text = "[pgbouncer]\n";
  for (int line = 0; line < 200000; ++line) {
    text += "nonsense\nlog_connection = 1\n";
  }
  const auto config = parse(text);

  CHECK(config.problems.size() == 101);
  CHECK(config.problems.back().message == "more problems follow from here");
}

TEST_CASE("a file that cannot be read is an error of usage that names it") {
  try {
    read_bouncer_ini("/nonexistent/pgbouncer.ini");
    FAIL("read what is not there");
  } catch (const Error& error) {
    CHECK(error.kind() == Failure::usage);
    CHECK(std::string(error.what()).find("/nonexistent/pgbouncer.ini") != std::string::npos);
  }
}

TEST_CASE("a key tells the version that brought it") {
  const auto* key = find_bouncer_key(BouncerSection::pgbouncer, "max_prepared_statements");
  REQUIRE(key != nullptr);

  CHECK(key->since == "1.21");
  CHECK(find_bouncer_key(BouncerSection::databases, "max_prepared_statements") == nullptr);
}
