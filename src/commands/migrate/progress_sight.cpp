#include "commands/migrate/progress_sight.hpp"

#include "base/text.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr auto idle = std::chrono::milliseconds(250);
constexpr double quick = 1;       ///< seconds: a run that is over by then shows nothing
constexpr double long_run = 10;   ///< seconds of one migration before it is told of in a line
constexpr std::size_t enough = 3; ///< migrations that are done, for an estimate

// A build goes through phases, and each counts its own things.
constexpr const char* progress_query =
    "select phase, relid::regclass::text as \"table\","
    " case when blocks_total > 0 then 100 * blocks_done / blocks_total"
    "      when tuples_total > 0 then 100 * tuples_done / tuples_total end as percent,"
    " lockers_total, lockers_done from pg_stat_progress_create_index where pid = $1::int";

std::string time_words(double seconds) {
  const auto whole = static_cast<long>(seconds);
  return whole < 120 ? fmt::format("{} s", whole) : fmt::format("{} min", whole / 60);
}

} // namespace

void ProgressSight::start(const std::string& migration) {
  migration_ = migration;
  began_ = Clock::now();
  run_began_ = run_began_ == Clock::time_point{} ? began_ : run_began_;
  next_told_ = long_run;
  index_.clear();
  pid_ = 0;
}

void ProgressSight::done() {
  ++done_;
  migration_.clear();
  index_.clear();
}

void ProgressSight::follow(DirectSession& session, int pid) {
  session_ = &session;
  pid_ = pid;
}

std::chrono::milliseconds ProgressSight::tick() {
  if (run_began_ == Clock::time_point{} || seconds_since(run_began_) < quick) {
    return idle;
  }
  const double at_it = migration_.empty() ? 0 : seconds_since(began_);
  if (at_it > quick && pid_ != 0 && seconds_since(looked_) >= quick) {
    looked_ = Clock::now();
    index_ = index_words();
  }
  if (seconds_since(told_) >= 0.2) {
    told_ = Clock::now();
    context_.show_status(line());
  }
  if (!context_.shows_status && at_it >= next_told_) {
    next_told_ = at_it * 2;
    say_(line());
  }
  return idle;
}

std::string ProgressSight::line() {
  std::string text = fmt::format("{} of {} migrations", done_, planned_);
  if (!migration_.empty()) {
    text += fmt::format(", {} for {}", migration_, time_words(seconds_since(began_)));
  }
  text += index_;
  const auto so_far = seconds_since(run_began_);
  if (done_ >= enough && planned_ > done_) {
    text +=
        ", about " +
        time_words(so_far / static_cast<double>(done_) * static_cast<double>(planned_ - done_)) +
        " left";
  }
  return text;
}

std::string ProgressSight::index_words() {
  const auto found = session_->connection().attempt(progress_query, {std::to_string(pid_)});
  if (!found.ok() || found.rows.size() == 0) {
    return "";
  }
  const auto percent = found.rows.text(0, "percent");
  const auto lockers = parse_integer(found.rows.text(0, "lockers_total")).value_or(0);
  return fmt::format(", index on {}: {}{}{}", found.rows.text(0, "table"),
                     found.rows.text(0, "phase"), percent.empty() ? "" : " " + percent + " %",
                     lockers > 0 ? fmt::format(" ({} of {} sessions waited for)",
                                               found.rows.text(0, "lockers_done"), lockers)
                                 : "");
}

} // namespace pgtool
