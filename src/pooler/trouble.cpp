#include "pooler/trouble.hpp"

#include "base/text.hpp"

#include <array>

namespace pgtool {
namespace {

/// Words of a pooler's own refusals, lower case.
struct Words {
  const char* words;
  const char* name;
};

// PgBouncer 1.8 to 1.26, pgcat 1.3, PgDog 0.1, Odyssey 1.5, Supavisor 2.9 and pgagroal 2.1, by
// their sources; the first that fits counts.
constexpr std::array refusals{
    Words{"no more connections allowed", "too-many-clients"},
    Words{"too many clients", "too-many-clients"},
    Words{"too many connections", "too-many-clients"},
    Words{"max clients reached", "too-many-clients"},
    Words{"max client connections reached", "too-many-clients"},
    Words{"connection pool is full", "pool-used-up"},
    Words{"query_wait_timeout", "pool-used-up"},
    Words{"all servers are busy", "pool-used-up"},
    Words{"could not get connection from the pool", "pool-used-up"},
    Words{"checkout timeout", "pool-used-up"},
    Words{"server login has been failing", "back-off"},
    Words{"server_login_retry", "back-off"},
    Words{"pgbouncer cannot connect to server", "back-off"},
    Words{"server conn crashed", "back-off"},
    Words{"server login failed", "server-refuses-pooler"},
    Words{"client_login_timeout (server down)", "server-unreachable"},
    Words{"bouncer config error", "pooler-misconfigured"},
    Words{"failed to connect to remote server", "server-unreachable"},
    Words{"is disabled", "database-disabled"},
    Words{"is paused", "database-paused"},
};

struct Row {
  const char* name;
  const char* meaning;
  const char* cure;
};

constexpr std::array troubles{
    Row{"too-many-clients", "the pooler has as many clients as it admits",
        "wait until some have left, or raise its limit (max_client_conn of PgBouncer)"},
    Row{"pool-used-up", "every server session of the pool is in use",
        "find who holds them (SHOW CLIENTS, pg_stat_activity): open transactions, or in session "
        "mode every connected client; end those, or enlarge the pool"},
    Row{"back-off", "the pooler failed to log in on the server and waits before it tries again",
        "look into the pooler's log for the reason (the server is down, or refuses it), and wait "
        "for server_login_retry (15 s unless changed)"},
    Row{"server-refuses-pooler", "the server refuses the login that the pooler makes there",
        "compare the password that the pooler has for the server (userlist.txt, auth_query, or "
        "password= of its database line) with the role's; the pooler tries again after "
        "server_login_retry (15 s unless changed)"},
    Row{"pooler-misconfigured", "the pooler's own configuration does not work",
        "look into the pooler's log for the reason (of PgBouncer often auth_query or auth_user)"},
    Row{"no-server-session", "the pooler has no session on the server behind it and gets none",
        "look into the pooler's log for failing logins, and whether that server runs"},
    Row{"login-stalls", "a pooler does so while it gets no session on its server",
        "look into the pooler's log for failing logins on the server, whether that server runs, "
        "and for a paused database (SHOW DATABASES)"},
    Row{"server-unreachable", "the pooler does not reach the server behind it",
        "look into the pooler's log, and whether the server runs"},
    Row{"database-disabled", "the database is disabled on the pooler",
        "ENABLE it on the pooler's console when that was not meant"},
    Row{"database-paused", "the database is paused on the pooler",
        "RESUME it on the pooler's console when whoever paused it is done"},
    Row{"no-answer", "the pooler lets clients in and answers nothing",
        "see whether the server behind it runs, and look on the pooler for a paused database or a "
        "pool without a free server session (SHOW DATABASES, SHOW POOLS)"},
};

Trouble named(std::string_view name) {
  for (const auto& row : troubles) {
    if (row.name == name) {
      return {row.name, row.meaning, row.cure};
    }
  }
  return {};
}

} // namespace

std::optional<Trouble> trouble_in(const Refusal& refusal) {
  if (refusal.timed_out) {
    return named("no-answer");
  }
  const auto said = lower(refusal.message);
  // The server's own words, which PgBouncer hands on; for its own client it names no user.
  if (!refusal.tells_source && refusal.sqlstate == "08P01" &&
      said.starts_with("password authentication failed for user")) {
    return named("server-refuses-pooler");
  }
  for (const auto& row : refusals) {
    if (!refusal.tells_source && said.find(row.words) != std::string::npos) {
      return named(row.name);
    }
  }
  return std::nullopt;
}

Trouble unfinished_login() { return named("login-stalls"); }

std::optional<Trouble> shortage_in(const ConsoleAnswer& console) {
  if (!console.sessions || console.sessions->free > 0) {
    return std::nullopt;
  }
  if (console.sessions->in_use == 0) {
    return named("no-server-session");
  }
  const auto all = console.sessions->in_use + console.sessions->opening;
  const auto most = console.database ? console.database->pool_size : 0;
  return most > 0 && all >= most ? std::optional(named("pool-used-up")) : std::nullopt;
}

std::optional<Trouble> trouble_in(const ConsoleDatabase& database) {
  if (database.disabled) {
    return named("database-disabled");
  }
  return database.paused ? std::optional(named("database-paused")) : std::nullopt;
}

} // namespace pgtool
