#include "commands/schema_move/drain.hpp"

#include "base/error.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "connector/deploy_lock.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr double first_pause = 0.1;
constexpr double longest_pause = 1;
constexpr double quiet_time = 3; ///< nobody need be told of what is gone by then

// Another pgtool that waits for the deploy lock has an old path and no use for it: it is known by
// the lock's number in its last statement. Of others a role without pg_read_all_stats sees neither
// age nor state, but pid, role and name.
constexpr const char* sessions_query = R"sql(
select pid, usename, application_name, coalesce(state, '') as state, backend_start is null as hidden,
       extract(epoch from clock_timestamp() - backend_start)::bigint as age,
       coalesce(host(client_addr), 'local') as client
  from pg_stat_activity
 where datname = current_database() and usename in ({})
   and pid not in ({}) and not (application_name = 'pgtool' and coalesce(query, '') like '%{}%')
   and coalesce(backend_type, 'client backend') = 'client backend'
   and (backend_start is null or backend_start < {}::timestamptz)
 order by backend_start)sql";

constexpr const char* prepared_query = R"sql(
select gid, owner, extract(epoch from clock_timestamp() - prepared)::bigint as age
  from pg_prepared_xacts
 where database = current_database() and prepared < {}::timestamptz)sql";

std::string role_list(const MovePlan& plan) {
  std::vector<std::string> roles;
  for (const auto& role : plan.roles) {
    if (leads_to(role.before, plan.schemas.source, role.role)) { // others lose nothing
      roles.push_back(role.role);
    }
  }
  return roles.empty() ? "null" : quote_literals(roles);
}

StaleSession session_in(const Rows& rows, int row) {
  const auto application = rows.text(row, "application_name");
  const auto pid = rows.text(row, "pid");
  std::string text = fmt::format("pid {} (role {}", pid, rows.text(row, "usename"));
  if (!application.empty()) {
    text += ", application " + application;
  }
  text += rows.truth(row, "hidden")
              ? ", age hidden from this role)"
              : fmt::format(", {}, from {}, connected for {} s)", rows.text(row, "state"),
                            rows.text(row, "client"), rows.text(row, "age"));
  return {static_cast<int>(parse_integer(pid).value_or(0)), rows.text(row, "state") == "idle",
          text};
}

std::string words(const std::vector<StaleSession>& stale) {
  constexpr std::size_t most = 5;
  std::vector<std::string> texts;
  for (const auto& session : stale) {
    if (texts.size() == most) {
      texts.push_back(fmt::format("and {} more", stale.size() - most));
      break;
    }
    texts.push_back(session.text);
  }
  return join(texts, ", ");
}

} // namespace

Drain::Drain(MoveWork& work, std::string moment) : work_(work), moment_(std::move(moment)) {}

std::string Drain::sessions_sql() const {
  std::vector<std::string> own;
  for (const auto* session : work_.sessions) {
    own.push_back(std::to_string(session->pid()));
  }
  return fmt::format(fmt::runtime(sessions_query), role_list(work_.plan), join(own, ", "),
                     lock_class, quote_literal(moment_));
}

std::vector<StaleSession> Drain::look() {
  auto& session = work_.connection();
  const auto moment = quote_literal(moment_);
  const auto rows = session.query(sessions_sql());
  std::vector<StaleSession> stale;
  for (int row = 0; row < rows.size(); ++row) {
    auto found = session_in(rows, row);
    if (!rows.truth(row, "hidden") || hidden_.contains(found.pid)) {
      stale.push_back(std::move(found));
    }
  }
  const auto prepared = session.query(fmt::format(fmt::runtime(prepared_query), moment));
  for (int row = 0; row < prepared.size(); ++row) {
    stale.push_back(
        {0, false,
         fmt::format("prepared transaction '{}' (role {}, for {} s)", prepared.text(row, "gid"),
                     prepared.text(row, "owner"), prepared.text(row, "age"))});
  }
  return stale;
}

void Drain::look_first() {
  const auto rows = work_.connection().query(sessions_sql());
  for (int row = 0; row < rows.size(); ++row) {
    if (rows.truth(row, "hidden")) {
      hidden_.insert(static_cast<int>(parse_integer(rows.text(row, "pid")).value_or(0)));
    }
  }
}

void Drain::tell(const std::vector<StaleSession>& stale) {
  auto text = words(stale);
  if (const auto cut = text.find(", connected for"); cut != std::string::npos) {
    text.resize(cut); // the age alone is no news
  }
  if (std::exchange(told_, text) != text) {
    work_.context.say(fmt::format(
        "waiting for {} that began before the path was changed: {}",
        stale.size() == 1 ? "a session" : fmt::format("{} sessions", stale.size()), words(stale)));
  }
}

void Drain::terminate(const std::vector<StaleSession>& stale) {
  for (const auto& session : stale) {
    if (session.idle) {
      work_.context.say("ending " + session.text + ", as --terminate-stale asks");
      const auto ended =
          work_.connection().attempt(fmt::format("select pg_terminate_backend({})", session.pid));
      if (!ended.ok()) {
        work_.context.say("warning: it may not be ended: " + ended.refusal->message);
      }
    }
  }
}

void Drain::give_up(const std::vector<StaleSession>& stale, double limit) const {
  throw Error(
      Failure::stopped,
      fmt::format("after {:g} s {} still open that began before the path was changed: {}", limit,
                  stale.size() == 1 ? "a session is" : fmt::format("{} sessions are", stale.size()),
                  words(stale)),
      work_.recycler.cure().empty()
          ? "end them or let them reconnect; --drain-timeout waits longer, "
            "--terminate-stale ends idle ones (a request may fail by that)"
          : work_.recycler.cure());
}

void Drain::wait(double limit) {
  const auto began = Clock::now();
  double pause = first_pause;
  double next_recycling = 1;
  for (;;) {
    const auto stale = look();
    if (stale.empty()) {
      return;
    }
    const double spent = std::chrono::duration<double>(Clock::now() - began).count();
    if (spent > limit) {
      give_up(stale, limit);
    }
    if (spent > quiet_time) {
      tell(stale);
    }
    if (work_.options.terminate_stale && spent > first_pause) {
      terminate(stale);
    }
    if (spent > next_recycling) {
      next_recycling = spent * 2;
      work_.recycler.recycle_others();
    }
    wait_interruptibly(pause);
    pause = std::min(pause * 1.5, longest_pause);
  }
}

} // namespace pgtool
