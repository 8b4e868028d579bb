#include "sql/statement_locks.hpp"

#include "sql/placeholders.hpp"

#include <doctest/doctest.h>

// The modes themselves are compared with a real server in tests/scenario/test_statement_locks.py.

using namespace pgtool;

namespace {

std::string locks_of(const std::string& sql) {
  std::string text;
  for (const auto& lock : statement_locks(sql).locks) {
    const auto& relation = lock.relation;
    text += (text.empty() ? "" : ", ") + (relation.schema.empty() ? "" : relation.schema + ".") +
            relation.name + " " + std::string(lock_mode_name(lock.mode));
  }
  return text;
}

} // namespace

TEST_CASE("conflicts are those of the documented table") {
  CHECK(conflicts(LockMode::access_share, LockMode::access_exclusive));
  CHECK_FALSE(conflicts(LockMode::access_share, LockMode::exclusive));
  CHECK(conflicts(LockMode::row_exclusive, LockMode::share));
  CHECK_FALSE(conflicts(LockMode::row_exclusive, LockMode::share_update_exclusive));
  CHECK(conflicts(LockMode::share_update_exclusive, LockMode::share_update_exclusive));
  CHECK_FALSE(conflicts(LockMode::share, LockMode::share));
}

TEST_CASE("a foreign key locks the table that it refers to, too") {
  CHECK(locks_of("ALTER TABLE \"shop_line\" ADD COLUMN \"order_id\" bigint NULL CONSTRAINT \"c\" "
                 "REFERENCES \"shop_order\"(\"id\") DEFERRABLE INITIALLY DEFERRED; SET CONSTRAINTS "
                 "\"c\" IMMEDIATE") ==
        "shop_order ShareRowExclusiveLock, shop_line AccessExclusiveLock");
}

TEST_CASE("what the same text has made is not locked") {
  const auto statement =
      statement_locks("create table shop.a (id int references b); create index i on shop.a (id)");

  CHECK(statement.statements == 2);
  REQUIRE(statement.locks.size() == 1);
  CHECK(statement.locks.front().relation == Relation{"", "b"});
  CHECK(statement.creates.size() == 2);
}

TEST_CASE("CONCURRENTLY blocks nobody and runs outside of transactions") {
  const auto statement = statement_locks("create index concurrently i on shop.a (b)");

  CHECK_FALSE(statement.strong());
  CHECK(statement.outside_transactions);
  CHECK(statement.concurrent_index == Relation{"shop", "i"});
  CHECK(statement.concurrent_table == Relation{"shop", "a"});
  CHECK(statement_locks("create index concurrently on a (b)").concurrent_index->name.empty());
  CHECK(statement_locks("drop index concurrently i").outside_transactions);
  CHECK(statement_locks("reindex (concurrently) table a").outside_transactions);
  CHECK(locks_of("alter table a detach partition b concurrently") ==
        "b AccessExclusiveLock, a ShareUpdateExclusiveLock");
}

TEST_CASE("settings that change are named, whoever changes them") {
  using Names = std::vector<std::string>;
  CHECK(statement_locks("SET LOCAL LOCK_TIMEOUT = '1s'").sets == Names{"lock_timeout"});
  CHECK(statement_locks("reset lock_timeout").sets == Names{"lock_timeout"});
  CHECK(statement_locks("discard all").sets == Names{"all"});
  CHECK(statement_locks("reset all").sets == Names{"all"});
  CHECK(statement_locks("select pg_catalog.set_config('Lock_Timeout', '1s', false)").sets ==
        Names{"lock_timeout"});
  CHECK(statement_locks("select set_config(name, '1s', false) from t").sets == Names{"all"});
  CHECK(statement_locks("select 'set_config(lock_timeout)'").sets.empty());
}

TEST_CASE("what nobody can read is not understood, and may be strong") {
  for (const char* sql : {"do $$begin end$$", "call fill()", "execute it", "drop schema a cascade",
                          "drop extension citext", "reassign owned by a to b", "reindex database a",
                          "alter domain d add check (true)", "alter table"}) {
    CAPTURE(sql);
    CHECK_FALSE(statement_locks(sql).understood);
    CHECK(statement_locks(sql).strong());
  }
  CHECK_FALSE(statement_locks(std::string("select 1\0", 9)).understood);
  CHECK_FALSE(statement_locks(std::string(2 << 20, ' ')).understood);
}

TEST_CASE("statements about rows are plain") {
  CHECK(statement_locks("select 1; with a as (select 1) insert into b select * from a").plain);
  CHECK(locks_of("update a set b = 1; delete from c") == "a RowExclusiveLock, c RowExclusiveLock");
  CHECK_FALSE(statement_locks("select 1; analyze a").plain);
  CHECK_FALSE(statement_locks("").plain);
  CHECK(statement_locks("begin; commit").controls_transaction);
}

TEST_CASE("placeholders of a Python driver do not keep a text from being read") {
  CHECK(locks_of("alter table a alter column b set default %s") == "a AccessExclusiveLock");
  CHECK(locks_of("insert into a values (%(x)s, 5 %% 2)") == "a RowExclusiveLock");
  CHECK(without_placeholders("'%s' \"%s\" $a$%s$a$ %s -- %s") == "'%s' \"%s\" $a$%s$a$ NULL -- %s");
}

TEST_CASE("what is switched off by a word is off") {
  CHECK(locks_of("reindex (concurrently false) table a") == "a AccessExclusiveLock");
  CHECK(locks_of("reindex (concurrently off) table a") == "a AccessExclusiveLock");
  CHECK(locks_of("reindex (concurrently true) table a") == "a ShareUpdateExclusiveLock");
}

TEST_CASE("a schema is created with what stands in it") {
  CHECK(locks_of("create schema s create table t (id int references o)") ==
        "o ShareRowExclusiveLock");
}

TEST_CASE("with IF NOT EXISTS nothing is known to be new") {
  CHECK(statement_locks("create table if not exists a (b int)").creates.empty());
  CHECK(locks_of("create table if not exists a (b int); alter table a add c int") ==
        "a AccessExclusiveLock");
}

TEST_CASE("a long chain of operators is read, and one that is too long is refused") {
  const auto chain_of = [](int links) {
    std::string chain = "select 1";
    for (int link = 0; link < links; ++link) {
      chain += "-1";
    }
    return chain;
  };
  CHECK(statement_locks(chain_of(20000)).understood);
  CHECK_FALSE(statement_locks(chain_of(40000)).understood);
}
