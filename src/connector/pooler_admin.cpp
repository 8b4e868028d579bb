#include "connector/pooler_admin.hpp"

#include "pooler/back_off.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace pgtool {
namespace {

// Logins that look for further processes of one port: half of the misses of the one before.
constexpr int first_logins = 8;
constexpr int more_logins = 4;
constexpr double quiet_patience = 30; // seconds until no server session is being opened

/// The console behind the pooled endpoint; none for a kind that has no use for it.
std::vector<Endpoint> default_consoles(const SurveyRequest& request, const PoolerReport& pooler) {
  const auto name = console_database(pooler.kind);
  if (name.empty() || request.pooled_failure) {
    return {};
  }
  Endpoint endpoint = request.known.pooled;
  endpoint.set("dbname", name);
  endpoint.origin = "the pooler's console";
  return {endpoint};
}

std::string setting(const Rows& config, std::string_view key) {
  for (int row = 0; row < config.size(); ++row) {
    if (config.text(row, "key") == key) {
      return config.text(row, "value");
    }
  }
  return "";
}

void note_back_off(Connection& console, const std::vector<std::string>& entries,
                   ProcessRecycled& told) {
  if (const auto command = end_back_off(console, entries, Watch::to_the_end)) {
    told.refused = *command;
    told.why = "server_login_retry is 0 and has to be set back: " + *command;
  }
}

std::string in_words(const Refusal& refusal, const ConsoleSession& session) {
  const auto user = session.connection.endpoint().user();
  if (refusal.message.find("admin access needed") != std::string::npos) {
    return fmt::format("the role {} may look at this console but not command it: admin access "
                       "needed (admin_users)",
                       user);
  }
  if (session.identity.kind == "odyssey" && !refusal.broken) {
    // Not sent by ourselves: it reads a file that may be in the midst of a change.
    return refusal.message + "; there RELOAD gives fresh server sessions, too, and reads the "
                             "configuration anew (1.5.2 was run)";
  }
  return refusal.message;
}

/// PgBouncer's SHOW works for stats_users, too. SET of a parameter that does not exist fails for
/// everybody, and for whoever is no admin by other words (seen with 1.18).
std::string why_it_would_refuse(ConsoleSession& session) {
  if (session.identity.kind != "pgbouncer") {
    return "";
  }
  const auto answer = session.connection.attempt("set pgtool_probe = 1");
  const bool denied =
      !answer.ok() && answer.refusal->message.find("admin access needed") != std::string::npos;
  return denied ? in_words(*answer.refusal, session) : "";
}

} // namespace

PoolerAdmin::PoolerAdmin(const SurveyRequest& request, PoolerReport pooler)
    : request_(request), pooler_(std::move(pooler)),
      endpoints_(request.consoles.empty() ? default_consoles(request, pooler_) : request.consoles) {
  open(endpoints_);
  if (shares_port_) {
    look_for_others(first_logins);
  }
}

void PoolerAdmin::open(const std::vector<Endpoint>& endpoints) {
  auto opened = open_consoles(endpoints, request_.timeout);
  for (auto& failure : opened.failures) {
    if (failure.why == "not allowed") {
      failure.why = "not allowed: the role is neither in admin_users nor in stats_users";
    }
    failures_.push_back(std::move(failure));
  }
  const auto first = sessions_.size();
  adopt(std::move(opened.sessions));
  for (auto i = first; i < sessions_.size(); ++i) {
    auto& session = sessions_[i];
    if (session.identity.kind == "pgbouncer" && session.connection.local_port() > 0) {
      const auto config = session.connection.attempt("show config");
      shares_port_ = shares_port_ || (config.ok() && setting(config.rows, "so_reuseport") == "1");
    }
  }
}

bool PoolerAdmin::is_known(ConsoleSession& session) {
  return std::any_of(sessions_.begin(), sessions_.end(),
                     [&](const auto& known) { return is_same_process(session, known); });
}

/// Keeps those of processes that were not known; returns how many.
std::size_t PoolerAdmin::adopt(std::vector<ConsoleSession> opened) {
  const auto before = sessions_.size();
  for (auto& session : opened) {
    if (!is_known(session)) {
      sessions_.push_back(std::move(session));
    }
  }
  return sessions_.size() - before;
}

/// A unix socket is one process's own.
void PoolerAdmin::look_for_others(int logins) {
  std::vector<Endpoint> again;
  for (const auto& endpoint : endpoints_) {
    if (!endpoint.is_socket()) {
      again.insert(again.end(), static_cast<std::size_t>(logins), endpoint);
    }
  }
  adopt(std::move(open_consoles(again, request_.timeout).sessions));
}

void PoolerAdmin::reopen_lost() {
  std::vector<Endpoint> lost;
  for (auto& failure : std::exchange(failures_, {})) {
    lost.push_back(std::move(failure.endpoint));
  }
  std::vector<ConsoleSession> alive;
  for (auto& session : sessions_) {
    if (session.connection.alive()) {
      alive.push_back(std::move(session));
    } else {
      lost.push_back(session.connection.endpoint());
    }
  }
  sessions_ = std::move(alive);
  if (!lost.empty()) {
    open(lost);
  }
}

std::vector<Endpoint> PoolerAdmin::consoles() const {
  std::vector<Endpoint> found;
  for (const auto& session : sessions_) {
    found.push_back(session.connection.pinned());
  }
  return found;
}

std::vector<std::string> PoolerAdmin::entries(const std::string& database) {
  std::vector<std::string> all;
  for (auto& session : sessions_) {
    const auto rows = session.connection.attempt("show databases").rows;
    for (auto& entry : entries_in(rows, {database, request_.known.pooled.database()})) {
      if (session.identity.kind == "pgbouncer" &&
          std::find(all.begin(), all.end(), entry) == all.end()) {
        all.push_back(std::move(entry));
      }
    }
  }
  return all;
}

void PoolerAdmin::note_life(ConsoleSession& session, const Rows& databases,
                            const std::vector<std::string>& entries) {
  const auto config = session.connection.attempt("show config");
  const auto life = bouncer_session_life(databases, config.rows, entries);
  if (life && (!life_ || life->seconds > life_->seconds)) {
    life_ = life;
  }
}

ProcessRecycled PoolerAdmin::tell(ConsoleSession& session, const std::string& database,
                                  Manner manner) {
  ProcessRecycled told{session.place(), {}, "", "", false};
  std::vector<std::string> entries;
  if (session.identity.kind == "pgbouncer") {
    auto databases = session.connection.attempt("show databases");
    if (!databases.ok()) {
      told.refused = "SHOW DATABASES";
      told.why = databases.refusal->message;
      return told;
    }
    entries = entries_in(databases.rows, {database, request_.known.pooled.database()});
    note_life(session, databases.rows, entries);
  }
  const auto commands = recycle_commands(session.identity.kind, std::move(entries));
  if (!commands) {
    told.why = why_no_recycling(session.identity.kind);
    return told;
  }
  told.others_too = commands->others_too;
  if (manner == Manner::rehearse) {
    told.why = why_it_would_refuse(session);
    return told;
  }
  if (!commands->entries.empty()) {
    wait_for_quiet(session.connection, commands->entries, quiet_patience);
  }
  for (const auto& command : commands->commands) {
    const auto outcome = session.connection.attempt(command);
    if (!outcome.ok()) {
      told.refused = command;
      told.why = in_words(*outcome.refusal, session);
      return told;
    }
    told.accepted.push_back(command);
  }
  if (!commands->entries.empty()) {
    note_back_off(session.connection, commands->entries, told);
  }
  return told;
}

std::string PoolerAdmin::why_not(const Recycled& recycled) const {
  if (endpoints_.empty()) {
    return why_no_recycling(pooler_.kind);
  }
  for (const auto& process : recycled.processes) {
    if (!process.why.empty()) {
      return fmt::format("{}: {}", process.place, process.why);
    }
  }
  if (!recycled.unopened.empty()) {
    const auto& failure = recycled.unopened.front();
    return fmt::format("the console at {} cannot be opened: {}", failure.place, failure.why);
  }
  return "";
}

/// Tells the processes from that one on.
Recycled PoolerAdmin::tell_from(std::size_t first, const std::string& database, Manner manner) {
  Recycled recycled;
  for (auto i = first; i < sessions_.size(); ++i) {
    recycled.processes.push_back(tell(sessions_[i], database, manner));
  }
  recycled.unopened = failures_;
  recycled.why_not = why_not(recycled);
  recycled.life = life_ ? life_ : life_by_session();
  return recycled;
}

Recycled PoolerAdmin::recycle(const std::string& database) {
  reopen_lost();
  return tell_from(0, database, Manner::tell);
}

Recycled PoolerAdmin::rehearse(const std::string& database) {
  reopen_lost();
  return tell_from(0, database, Manner::rehearse);
}

Recycled PoolerAdmin::recycle_others(const std::string& database) {
  const auto first = sessions_.size();
  look_for_others(more_logins);
  return tell_from(first, database, Manner::tell);
}

/// Pgpool-II has no console, but answers for itself in any session.
std::optional<SessionLife> PoolerAdmin::life_by_session() const {
  if (pooler_.kind != "pgpool") {
    return std::nullopt;
  }
  auto opened = connect_side_by_side({request_.known.pooled}, request_.timeout);
  if (!opened.front().connection) {
    return std::nullopt;
  }
  auto& session = *opened.front().connection;
  session.set_time_limit(request_.timeout);
  const auto answer = session.attempt("PGPOOL SHOW connection_life_time");
  return pgpool_session_life(answer.rows.text(0, "connection_life_time"));
}

} // namespace pgtool
