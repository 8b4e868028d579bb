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
        "look for sessions that hold a transaction open (SHOW POOLS, pg_stat_activity), or enlarge "
        "the pool"},
    Row{"back-off", "the pooler failed to log in on the server and waits before it tries again",
        "look into the pooler's log for the failing login, mend it, and wait for "
        "server_login_retry (15 s at first)"},
    Row{"server-unreachable", "the pooler does not reach the server behind it",
        "look into the pooler's log, and whether the server runs"},
    Row{"database-disabled", "the database is disabled on the pooler",
        "ENABLE it on the pooler's console when that was not meant"},
    Row{"database-paused", "the database is paused on the pooler",
        "RESUME it on the pooler's console when whoever paused it is done"},
    Row{"no-answer", "the pooler lets clients in and answers nothing",
        "look on the pooler for a paused database or a pool without a free server session (SHOW "
        "DATABASES, SHOW POOLS); --console-url lets pgtool tell which"},
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
  for (const auto& row : refusals) {
    if (!refusal.tells_source && said.find(row.words) != std::string::npos) {
      return named(row.name);
    }
  }
  return std::nullopt;
}

std::optional<Trouble> trouble_in(const ConsoleDatabase& database) {
  if (database.disabled) {
    return named("database-disabled");
  }
  return database.paused ? std::optional(named("database-paused")) : std::nullopt;
}

} // namespace pgtool
