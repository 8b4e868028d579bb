#include "sql/shown_statement.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("a statement is shown without its literals, numbers and comments") {
  CHECK(shown_statement("SELECT * FROM shop_order WHERE id = 42 AND name = 'it''s me'") ==
        "SELECT * FROM shop_order WHERE id = ? AND name = ?");
  CHECK(shown_statement("update t set a = E'secret', b = $$secret$$, c = $q$it's$q$ where d = $1;") ==
        "update t set a = ?, b = ?, c = ? where d = $1");
  CHECK(shown_statement("select 1 -- secret\n , /* secret */ x1, 0x1F, 1.5e10, t2.c") ==
        "select ? , x1, ?, ?, t2.c");
  CHECK(shown_statement("alter role app password 'secret'") == "alter role app password ?");
  CHECK(shown_statement("") == "");
}

TEST_CASE("a literal without an end ends what is shown") {
  CHECK(shown_statement("select * from t where a = 'sec") == "select * from t where a = …");
  CHECK(shown_statement("select $tag$sec") == "select …");
  // Whether the quote behind a backslash ends it is a setting's matter.
  CHECK(shown_statement("select 'a\\' or secret = ' || x") == "select …");
}

TEST_CASE("quoted names stay, and long texts are cut between letters") {
  CHECK(shown_statement("select \"O'Neill\" from \"Größe\"") ==
        "select \"O'Neill\" from \"Größe\"");
  CHECK(shown_statement("select ööö", 9) == "select ö…");
}
