#include "pg/session_facts.hpp"

#include "base/text.hpp"

namespace pgtool {
namespace {

// The own row of the activity is always whole, whatever the role may read of others. The function
// below pg_stat_activity spares a fresh backend the view's joins (a third of the query's time).
// Every name is qualified, operators and types too: a path of the database's owner may lead to
// functions of his own before the system's, and who looks may be a superuser.
constexpr const char* facts_query = R"sql(
select pg_catalog.pg_backend_pid() as pid,
       pg_catalog.current_setting('pgtool.probe', true) as echo,
       coalesce(a.client_port, 0) as client_port,
       (extract(epoch from pg_catalog.clock_timestamp() operator(pg_catalog.-) a.backend_start)
          operator(pg_catalog.*) 1000)::bigint as age_ms,
       current_user as user_name,
       session_user as session_user_name,
       pg_catalog.current_schemas(false)::pg_catalog.text as schemas,
       (select n.nspname from pg_catalog.pg_class c
          join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
         where c.oid operator(pg_catalog.=) pg_catalog.to_regclass('django_migrations'))
         as migrations_schema,
       pg_catalog.current_database() as database,
       pg_catalog.host(pg_catalog.inet_server_addr()) as server_address,
       coalesce(pg_catalog.inet_server_port()::pg_catalog.text,
                pg_catalog.current_setting('port')) as server_port,
       (extract(epoch from pg_catalog.pg_postmaster_start_time())
          operator(pg_catalog.*) 1000000)::bigint as server_start,
       pg_catalog.split_part(pg_catalog.current_setting('server_version'), ' ', 1) as version,
       pg_catalog.current_setting('server_version_num') as version_number,
       pg_catalog.pg_is_in_recovery() as standby
  from pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a)sql";

int number(const std::string& text) { return static_cast<int>(parse_integer(text).value_or(0)); }

// These two are refused in some places, and a refusal is an answer: they cannot ride along above.
constexpr const char* identifier_query =
    "select system_identifier::pg_catalog.text as id from pg_catalog.pg_control_system()";
constexpr const char* pgpool_query = "show pool_version";

/// Asks all sessions at once: the cost is the slowest answer, not the sum.
std::vector<Outcome> ask_all(const std::vector<Connection*>& sessions, const char* sql) {
  for (auto* session : sessions) {
    session->send(sql);
  }
  std::vector<Outcome> answers;
  for (auto* session : sessions) {
    answers.push_back(session->receive());
  }
  return answers;
}

void take_row(const Rows& rows, SessionFacts& facts) {
  facts.server_pid = number(rows.text(0, "pid"));
  facts.echo = rows.at(0, "echo");
  facts.seen_port = number(rows.text(0, "client_port"));
  facts.backend_age_ms = parse_integer(rows.text(0, "age_ms")).value_or(0);
  facts.user = rows.text(0, "user_name");
  facts.session_user = rows.text(0, "session_user_name");
  facts.schemas = rows.text(0, "schemas");
  facts.migrations_schema = rows.text(0, "migrations_schema");
  facts.database = rows.text(0, "database");
  facts.server_address = rows.text(0, "server_address");
  facts.server_port = rows.text(0, "server_port");
  facts.server_start = rows.text(0, "server_start");
  facts.server_version = rows.text(0, "version");
  facts.server_version_number = number(rows.text(0, "version_number"));
  facts.standby = rows.truth(0, "standby");
}

} // namespace

bool same_database(const SessionFacts& one, const SessionFacts& other) {
  return !one.server_start.empty() && one.server_start == other.server_start &&
         one.system_identifier == other.system_identifier && one.database == other.database;
}

std::vector<SessionReading> read_session_facts(const std::vector<Connection*>& sessions) {
  std::vector<SessionReading> readings(sessions.size());
  const auto rows = ask_all(sessions, facts_query);
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    auto& facts = readings[i].facts;
    readings[i].refusal = rows[i].refusal;
    facts.our_age_ms = sessions[i]->age_ms();
    facts.key_pid = sessions[i]->key_pid();
    facts.local_port = sessions[i]->local_port();
    facts.socket = facts.local_port == 0;
    facts.peer_pid = facts.socket ? sessions[i]->peer_pid() : 0;
    if (rows[i].ok()) {
      take_row(rows[i].rows, facts);
    }
  }
  const auto identifiers = ask_all(sessions, identifier_query);
  const auto pools = ask_all(sessions, pgpool_query);
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    readings[i].facts.system_identifier =
        identifiers[i].ok() ? identifiers[i].rows.text(0, "id") : "";
    readings[i].facts.pgpool_version = pools[i].ok() ? pools[i].rows.text(0, "pool_version") : "";
  }
  return readings;
}

} // namespace pgtool
