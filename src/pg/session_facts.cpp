#include "pg/session_facts.hpp"

namespace pgtool {
namespace {

// The own row of pg_stat_activity is always whole, whatever the role may read of others.
constexpr const char* facts_query = R"sql(
select pg_backend_pid() as pid,
       current_setting('pgtool.probe', true) as echo,
       coalesce(a.client_port, 0) as client_port,
       (extract(epoch from clock_timestamp() - a.backend_start) * 1000)::bigint as age_ms,
       current_user as user_name,
       session_user as session_user_name,
       current_schemas(false)::text as schemas,
       (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.oid = to_regclass('django_migrations')) as migrations_schema,
       current_database() as database,
       host(inet_server_addr()) as server_address,
       coalesce(inet_server_port()::text, current_setting('port')) as server_port,
       split_part(current_setting('server_version'), ' ', 1) as version,
       current_setting('server_version_num') as version_number,
       pg_is_in_recovery() as standby,
       current_setting('application_name') as application_name
  from pg_stat_activity a
 where a.pid = pg_backend_pid())sql";

int number(const std::string& text) { return text.empty() ? 0 : std::stoi(text); }

} // namespace

SessionFacts read_session_facts(Connection& connection) {
  SessionFacts facts;
  const auto rows = connection.query(facts_query);
  facts.our_age_ms = connection.age_ms();
  facts.key_pid = connection.key_pid();
  facts.local_port = connection.local_port();
  facts.socket = facts.local_port == 0;
  facts.peer_pid = facts.socket ? connection.peer_pid() : 0;
  facts.server_pid = number(rows.text(0, "pid"));
  facts.echo = rows.at(0, "echo");
  facts.seen_port = number(rows.text(0, "client_port"));
  facts.backend_age_ms = number(rows.text(0, "age_ms"));
  facts.user = rows.text(0, "user_name");
  facts.session_user = rows.text(0, "session_user_name");
  facts.schemas = rows.text(0, "schemas");
  facts.migrations_schema = rows.text(0, "migrations_schema");
  facts.database = rows.text(0, "database");
  facts.server_address = rows.text(0, "server_address");
  facts.server_port = rows.text(0, "server_port");
  facts.server_version = rows.text(0, "version");
  facts.server_version_number = number(rows.text(0, "version_number"));
  facts.standby = rows.truth(0, "standby");
  facts.application_name = rows.text(0, "application_name");
  // Both are refused in some places, and a refusal is an answer: they cannot ride along above.
  const auto identifier =
      connection.attempt("select system_identifier::text as id from pg_control_system()");
  facts.system_identifier = identifier.ok() ? identifier.rows.text(0, "id") : "";
  const auto pool = connection.attempt("show pool_version");
  facts.pgpool_version = pool.ok() ? pool.rows.text(0, "pool_version") : "";
  return facts;
}

} // namespace pgtool
