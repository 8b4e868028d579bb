#include "rules/timeline/timeline.hpp"

#include "rules/judge.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

constexpr double million = 1e6;

TableSize sized(double rows, double bytes) {
  TableSize size;
  size.rows = rows;
  size.bytes = bytes;
  return size;
}

Reading reading_of(const std::string& sql, bool wrapped, std::optional<TableSize> size = {}) {
  Schema schema;
  if (size) {
    schema.measure({"", "a"}, *size);
  }
  ReadingTerms terms;
  terms.name = terms.file = "here";
  terms.wrapped = wrapped;
  return read_statements(read_script(sql), terms, schema);
}

SecondsRange seconds_of(const std::string& sql, const TableSize& size) {
  const auto parts = timeline(reading_of(sql, false, size), Rates());
  REQUIRE(parts.size() == 1);
  REQUIRE(parts.front().tables.size() == 1);
  return parts.front().tables.front().seconds;
}

} // namespace

TEST_CASE("a transaction keeps the strongest lock from the statement that takes it to its end") {
  const auto parts = timeline(
      reading_of("update a set b = 1; alter table a add c int; select 1; create index on d (e)",
                 true),
      Rates());

  REQUIRE(parts.size() == 1);
  REQUIRE(parts.front().tables.size() == 2);
  const auto& held = parts.front().tables.front();
  CHECK(held.lock.table.name == "a");
  CHECK(held.lock.mode == LockMode::access_exclusive);
  CHECK(held.from == 1);
  CHECK(held.until == 3);
}

TEST_CASE("statements by themselves free their locks at once, and a new table locks nobody out") {
  const auto parts = timeline(
      reading_of("create table n (b int); create index on n (b); drop table a; drop table c",
                 false),
      Rates());

  REQUIRE(parts.size() == 2);
  CHECK(!parts.front().is_transaction);
  CHECK(parts.front().tables.front().until == 2);
}

TEST_CASE("an estimate grows with the table, and is no figure where nobody can know") {
  const auto small = seconds_of("create index on a (b)", sized(1000, 1e5));
  const auto large = seconds_of("create index on a (b)", sized(100 * million, 1e10));
  CHECK(small.high.value() < large.low);
  CHECK(large.low < large.high.value());
  CHECK(!seconds_of("create index on a using gin (b)", sized(1000, 1e5)).high.has_value());
  CHECK(!seconds_of("insert into a select * from b", sized(1000, 1e5)).high.has_value());
  const auto catalog_only = seconds_of("alter table a add c int", sized(100 * million, 1e10));
  CHECK(catalog_only.high.value() < 0.01);
  // It depends on the type that it has.
  CHECK(seconds_of("alter table a alter b type text", sized(million, 1e9)).low == 0);
}

TEST_CASE("ranges are told in words") {
  CHECK(range_words({0, std::nullopt}) == "nobody knows how long");
  CHECK(range_words({2, std::nullopt}) == "at least 2.0 s");
  CHECK(range_words({0, 0.09}) == "up to 90 ms");
  CHECK(range_words({3, 480}) == "3.0 s to 8 min");
}

TEST_CASE("what takes no time on a tiny table is for information there") {
  const auto severity_of = [](const std::string& sql, std::optional<TableSize> size) {
    const auto findings = judge(reading_of(sql, false, size));
    REQUIRE(findings.size() == 1);
    return findings.front().severity;
  };

  CHECK(severity_of("create index on a (b)", sized(100, 8192)) == Severity::info);
  CHECK(severity_of("create index on a (b)", sized(million, 1e8)) == Severity::error);
  CHECK(severity_of("create index on a (b)", std::nullopt) == Severity::error);
  // That breaks the running release however small it is.
  CHECK(severity_of("alter table a drop b", sized(100, 8192)) == Severity::error);
}

TEST_CASE("what is not known to be short is not taken for short") {
  const auto high_of = [](const std::string& sql) {
    const auto parts = timeline(reading_of("alter table a add c int; " + sql, true), Rates());
    REQUIRE(parts.size() == 1);
    return parts.front().tables.front().seconds.high;
  };

  CHECK(high_of("select 1").has_value());
  CHECK(high_of("select set_config('a.b', 'c', true)").has_value());
  CHECK(high_of("insert into d values (1)").has_value());
  CHECK(!high_of("select pg_sleep(3600)").has_value());
  CHECK(!high_of("select count(*) from d").has_value());
  CHECK(!high_of("create table n as select * from d").has_value());
  CHECK(!high_of("create table n (b int); insert into n select b from d").has_value());
  CHECK(!high_of("update d set b = p.b from p where d.id = p.id").has_value());
}
