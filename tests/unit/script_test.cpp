#include "sql/script.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

using Words = std::vector<std::string>;

/// The statements by their lines; those that are not understood with "?".
Words shape_of(const std::string& text) {
  Words shape;
  for (const auto& statement : read_script(text)) {
    shape.push_back(std::to_string(statement.line) + (statement.problem.empty() ? " " : " ? ") +
                    statement.text);
  }
  return shape;
}

template <typename Kind> std::size_t count_of(const std::string& text) {
  std::size_t count = 0;
  for (const auto& statement : read_script(text)) {
    for (const auto& action : statement.actions) {
      count += std::holds_alternative<Kind>(action) ? 1 : 0;
    }
  }
  return count;
}

template <typename Kind> Kind only(const std::string& text) {
  const auto statements = read_script(text);
  REQUIRE(statements.size() == 1);
  REQUIRE_FALSE(statements.front().actions.empty());
  return std::get<Kind>(statements.front().actions.front());
}

} // namespace

TEST_CASE("statements stand on the line of their first word") {
  CHECK(shape_of("") == Words{});
  CHECK(shape_of(" -- nothing\n;;\n") == Words{});
  CHECK(shape_of("-- a\n\nselect 1; /* b\n */ select\n2;\n\nselect 3") ==
        Words{"3 select 1", "4 select\n2", "7 select 3"});
  CHECK(shape_of("select ';'; select $$;\n;$$; select \";\"") ==
        Words{"1 select ';'", "1 select $$;\n;$$", "2 select \";\""});
}

TEST_CASE("what the parser does not understand is one statement, and the rest is read") {
  CHECK(shape_of("select 1;\nselect from where;\nselect 2") ==
        Words{"1 select 1", "2 ? select from where", "3 select 2"});
  CHECK(shape_of("select 1;\ncreate table a (\n  b int") ==
        Words{"1 select 1", "2 ? create table a (\n  b int"});
  CHECK(shape_of("select 'never closed") == Words{"1 ? select 'never closed"});
  CHECK(read_script("select 1;\nselect\n  from where").back().problem_line == 3);
}

TEST_CASE("lines of psql are no statements") {
  CHECK(shape_of("\\set x 1\nselect 1;\n\\connect other\nselect 2;") ==
        Words{"2 select 1", "4 select 2"});
  CHECK(shape_of("COPY a (b) FROM stdin;\n1\t2;3\n\\.\nselect 1;") ==
        Words{"1 COPY a (b) FROM stdin", "4 select 1"});
  CHECK(shape_of("select 1 \\g\nselect 2;") == Words{"1 select 1", "2 select 2"});
  CHECK(shape_of("select E'\\\\' , 'a\n\\i b';") == Words{"1 select E'\\\\' , 'a\n\\i b'"});
  CHECK(only<action::RunCode>("\\i other.sql\n").opaque);
}

TEST_CASE("placeholders of a driver may stand in it") {
  CHECK(shape_of("select * from a where b = %s and c = %(d)s") ==
        Words{"1 select * from a where b = %s and c = %(d)s"});
  CHECK(only<action::SetParameter>("set role %s").name == "role");
}

TEST_CASE("a DO is what stands in it") {
  CHECK(count_of<action::AddColumn>(
            "do $$ begin if true then alter table a add b int; end if; end $$") == 1);
  CHECK(count_of<action::Drop>("do $$ begin execute 'drop table a'; end $$") == 1);
  CHECK(count_of<action::RunCode>("do $$ begin execute format('drop table %I', x); end $$") == 2);
  CHECK(count_of<action::RunCode>("do language plpython3u $$ pass $$") == 1);
  CHECK(count_of<action::Drop>("create function f() returns void language sql as 'drop table a'") ==
        0);
}

TEST_CASE("columns are read with their constraints") {
  const auto add = only<action::AddColumn>("alter table shop.a add column b varchar(50) not null "
                                           "default now() references c check (b > '')");
  CHECK(add.table == Relation{"shop", "a"});
  CHECK(type_text(add.column.type) == "varchar(50)");
  CHECK(add.column.not_null);
  REQUIRE(add.column.value);
  CHECK(add.column.value->volatility == Volatility::steady);
  REQUIRE(add.column.constraints.size() == 2);
  CHECK(add.column.constraints[0].kind == ConstraintKind::foreign_key);
  CHECK(add.column.constraints[1].columns == Words{"b"});
}

TEST_CASE("the volatility of a default is that of its worst function") {
  const auto volatility = [](const std::string& value) {
    return only<action::AddColumn>("alter table a add b text default " + value)
        .column.value->volatility;
  };
  CHECK(volatility("'x'") == Volatility::steady);
  CHECK(volatility("lower(current_user)") == Volatility::steady);
  CHECK(volatility("coalesce(null, now()::text)") == Volatility::steady);
  CHECK(volatility("lower(random()::text)") == Volatility::changing);
  CHECK(volatility("mine()") == Volatility::not_known);
  CHECK(volatility("mine() || random()") == Volatility::changing);
}

TEST_CASE("rows that are written are known to be few, or not") {
  CHECK(only<action::WriteRows>("update a set b = 1").bounded == false);
  CHECK(only<action::WriteRows>("update a set b = 1 where true").bounded == false);
  CHECK(only<action::WriteRows>("update a set b = 1 where c is null").asked_null == Words{"c"});
  CHECK(only<action::WriteRows>("delete from a where id = 5").few);
  CHECK(only<action::WriteRows>("insert into a values (1)").few);
  CHECK_FALSE(only<action::WriteRows>("insert into a select * from b").few);
  CHECK(count_of<action::WriteRows>(
            "with d as (delete from a returning *) insert into b select * from d") == 2);
}

TEST_CASE("calls that change a session are found wherever they stand") {
  CHECK(only<action::ReadRows>("select 1").tables.empty());
  CHECK(count_of<action::SetParameter>("select set_config('a.b', 'c', false) from d") == 1);
  CHECK(count_of<action::CallFunction>("select case when x then pg_advisory_lock(1) end") == 1);
  CHECK(count_of<action::CallFunction>("create view v as select pg_advisory_lock(1)") == 0);
}
