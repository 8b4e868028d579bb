#include "sql/rewritten.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("an index keeps all that it is, and is built beside writers") {
  const auto texts =
      concurrently("create unique index a_b on s.a using btree (lower(b) desc, "
                   "c text_pattern_ops) include (d) with (fillfactor=70) where b > 'x'");

  REQUIRE(texts.size() == 1);
  CHECK(texts.front() == "CREATE UNIQUE INDEX CONCURRENTLY a_b ON s.a (lower(b)DESC, c "
                         "text_pattern_ops) INCLUDE (d) WITH (fillfactor=70) WHERE b > 'x'");
}

TEST_CASE("indexes are dropped one by one, without CASCADE") {
  CHECK(concurrently("drop index if exists a, s.b cascade") ==
        std::vector<std::string>{"DROP INDEX CONCURRENTLY IF EXISTS a",
                                 "DROP INDEX CONCURRENTLY IF EXISTS s.b"});
}

TEST_CASE(
    "a constraint of a column becomes one of the table, by the name that the server chooses") {
  const auto parts =
      alter_parts("alter table a add b int default 1 not null check (b > 0) "
                  "references c (d) on delete cascade deferrable initially deferred");

  REQUIRE(parts.size() == 1);
  CHECK(parts[0].bare == "ALTER TABLE a ADD COLUMN b int");
  CHECK(parts[0].kept == "ALTER TABLE a ADD COLUMN b int DEFAULT 1 NOT NULL");
  CHECK(parts[0].value == "1");
  REQUIRE(parts[0].constraints.size() == 2);
  CHECK(parts[0].constraints[0].not_valid ==
        "ALTER TABLE a ADD CONSTRAINT a_b_check CHECK (b > 0) NOT VALID");
  CHECK(parts[0].constraints[1].not_valid ==
        "ALTER TABLE a ADD CONSTRAINT a_b_fkey FOREIGN KEY (b) REFERENCES c (d) ON DELETE CASCADE "
        "DEFERRABLE INITIALLY DEFERRED NOT VALID");
}

TEST_CASE("a unique constraint comes from an index that has all of its parts") {
  const auto parts = alter_parts("alter table a add unique nulls not distinct (b, \"C\") include "
                                 "(d) with (fillfactor=70) deferrable, drop e");

  REQUIRE(parts.size() == 2);
  REQUIRE(parts[0].constraints.size() == 1);
  CHECK(parts[0].constraints[0].index ==
        "CREATE UNIQUE INDEX CONCURRENTLY \"a_b_C_d_key\" ON a (b, \"C\") INCLUDE (d) NULLS NOT "
        "DISTINCT WITH (fillfactor=70)");
  CHECK(
      parts[0].constraints[0].from_index ==
      "ALTER TABLE a ADD CONSTRAINT \"a_b_C_d_key\" UNIQUE USING INDEX \"a_b_C_d_key\" DEFERRABLE");
  CHECK(parts[1].written == "ALTER TABLE a DROP e");
}

TEST_CASE("what is no such statement, or none at all, has no parts") {
  for (const auto* sql : {"", "select 1", "alter table a add (", "alter table a; alter table b",
                          "create index a on b (c); create index d on e (f)"}) {
    CAPTURE(sql);
    CHECK(alter_parts(sql).empty());
    CHECK(concurrently(sql).empty());
    CHECK(domain_constraint(sql).not_valid.empty());
  }
}
