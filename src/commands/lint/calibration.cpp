#include "commands/lint/calibration.hpp"

#include "base/clock.hpp"
#include "base/text.hpp"
#include "commands/migrate/known_relations.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <limits>

namespace pgtool {
namespace {

/// Two tables, so that what a row costs can be told from what a byte costs.
constexpr int narrow_rows = 100'000;
constexpr int wide_rows = 4'000;
constexpr int target_rows = 30'000;
constexpr int tries = 3; // the fastest counts: the others were disturbed

struct Shape {
  double rows = 0;
  double bytes = 0;
};

class Calibration {
public:
  explicit Calibration(Connection& session) : session_(session) {}

  Rates measure() {
    prepare();
    narrow_ = shape_of("pgtool_narrow");
    wide_ = shape_of("pgtool_wide");
    Rates rates;
    rates.scan = spread(pace(time_of_check("pgtool_narrow"), time_of_check("pgtool_wide")));
    rates.rewrite = spread(pace(time_of_rewrite("pgtool_narrow"), time_of_rewrite("pgtool_wide")));
    rates.copy = {{0, rates.rewrite.low.per_byte / 4}, {0, rates.rewrite.high.per_byte * 2}};
    // A key of letters is sorted by the rules of a language, a number by its bits.
    rates.build_index = {spread(pace_of_index("number")).low,
                         spread(pace_of_index("letters")).high};
    rates.look_up = spread({time_of_look_up() / narrow_.rows, 0});
    rates.update = spread(pace(time_of_update("pgtool_narrow"), time_of_update("pgtool_wide")));
    add_cold_reads(rates);
    rates.source = "measured on it";
    return rates;
  }

private:
  void prepare() {
    session_.query("set local lock_timeout = '2s'");
    session_.query("set local statement_timeout = 0");
    session_.query("set local client_min_messages = error");
    session_.query("create table pgtool_target (id int primary key)");
    session_.query(
        fmt::format("insert into pgtool_target select generate_series(0, {})", target_rows - 1));
    make("pgtool_narrow", narrow_rows, "letters");
    make("pgtool_wide", wide_rows, "repeat(letters, 50)");
    session_.query("analyze pgtool_target, pgtool_narrow, pgtool_wide");
  }

  /// Values in no order: sorted ones are indexed faster.
  void make(const std::string& table, int rows, const std::string& filler) {
    session_.query(fmt::format("create table {} (id int, number int, flag boolean, letters text,"
                               " filler text)",
                               table));
    session_.query(
        fmt::format("insert into {} select id, number, true, letters, {} from (select i as id,"
                    " (i * 7919::bigint % {}) :: int as number, md5(i::text) as letters"
                    " from generate_series(1, {}) i) s",
                    table, filler, target_rows, rows));
  }

  Shape shape_of(const std::string& table) {
    const auto rows = session_.query("select count(*) as rows, pg_table_size('" + table +
                                     "') as bytes from " + table);
    return {parse_real(rows.text(0, "rows")).value_or(1),
            parse_real(rows.text(0, "bytes")).value_or(1)};
  }

  double seconds(const std::string& sql) {
    const auto began = Clock::now();
    session_.query(sql);
    return std::chrono::duration<double>(Clock::now() - began).count();
  }

  /// Of the fastest run; `undo` is not timed.
  double fastest(const std::string& sql, const std::string& undo) {
    double best = std::numeric_limits<double>::max();
    for (int run = 0; run < tries; ++run) {
      best = std::min(best, seconds(sql));
      session_.query(undo);
    }
    return best;
  }

  double time_of_check(const std::string& table) {
    return fastest("alter table " + table + " add constraint pgtool_check check (number >= 0)",
                   "alter table " + table + " drop constraint pgtool_check");
  }

  double time_of_rewrite(const std::string& table) {
    const auto change = "alter table " + table + " alter column number type ";
    return fastest(change + "bigint", change + "int");
  }

  double time_of_update(const std::string& table) {
    return fastest("update " + table + " set flag = not flag", "select 1");
  }

  double time_of_look_up() {
    return fastest("alter table pgtool_narrow add constraint pgtool_fk foreign key (number)"
                   " references pgtool_target",
                   "alter table pgtool_narrow drop constraint pgtool_fk");
  }

  Pace pace_of_index(const std::string& column) {
    constexpr double million = 20; // its binary logarithm, as estimate() reckons
    const auto time = fastest("create index pgtool_index on pgtool_narrow (" + column + ")",
                              "drop index pgtool_index");
    return {time * million / (narrow_.rows * std::log2(narrow_.rows)), 0};
  }

  /// Two equations: rows · per_row + bytes · per_byte = time.
  Pace pace(double narrow_time, double wide_time) const {
    const double divisor = narrow_.rows * wide_.bytes - wide_.rows * narrow_.bytes;
    const double per_byte = (narrow_.rows * wide_time - wide_.rows * narrow_time) / divisor;
    const double per_row = (narrow_time - std::max(0.0, per_byte) * narrow_.bytes) / narrow_.rows;
    return {std::max(0.0, per_row), std::max(0.0, per_byte)};
  }

  /// Other columns, other conditions, other load.
  static Paces spread(const Pace& pace) {
    constexpr double faster = 0.3;
    constexpr double slower = 2.5;
    return {{pace.per_row * faster, pace.per_byte * faster},
            {pace.per_row * slower, pace.per_byte * slower}};
  }

  /// What does not lie in memory has to come from the disk.
  static void add_cold_reads(Rates& rates) {
    constexpr double slow_disk = 1 / 100e6; // seconds for each byte
    for (auto* paces : {&rates.scan, &rates.rewrite, &rates.build_index, &rates.look_up,
                        &rates.copy, &rates.update}) {
      paces->high.per_byte += slow_disk;
    }
  }

  Connection& session_;
  Shape narrow_;
  Shape wide_;
};

} // namespace

Rates calibrated(DirectSession& session, std::vector<Unknown>& unknown) {
  auto& connection = session.connection();
  constexpr double longest = 60; // seconds for one statement
  const auto before = connection.time_limit();
  connection.set_time_limit(longest);
  Rates rates;
  try {
    connection.query("begin read write");
    const auto path = names_of_array(session.facts().schemas);
    if (!path.empty()) {
      connection.query("set local search_path = " + quote_identifier(path.front()));
    }
    rates = Calibration(connection).measure();
  } catch (const SqlError& error) {
    unknown.push_back({"how fast the server works", error.what(),
                       "it makes the tables pgtool_target, pgtool_narrow and pgtool_wide in the "
                       "first schema of the search_path of a primary, which has to be allowed"});
  }
  connection.attempt("rollback");
  connection.set_time_limit(before);
  return rates;
}

} // namespace pgtool
