#include "commands/check/server_facts.hpp"

#include "base/text.hpp"

namespace pgtool {
namespace {

// What a new session would have is reset_val: the survey has set things in this one.
constexpr const char* settings_query = R"sql(
select current_setting('server_version_num')::int as version,
       current_setting('max_connections')::int as max_connections,
       current_setting('superuser_reserved_connections')::int
         + coalesce(nullif(current_setting('reserved_connections', true), '')::int, 0) as reserved,
       (select count(*) from pg_stat_activity where datid is not null) as connections,
       current_setting('password_encryption') as password_encryption,
       session_user as "user", current_database() as database,
       (select reset_val from pg_settings where name = 'search_path') as search_path,
       (select reset_val from pg_settings where name = 'TimeZone') as time_zone,
       current_setting('ssl') as ssl,
       exists (select from pg_roles where rolcanlogin and rolvaliduntil < 'infinity') as expire)sql";

constexpr const char* stored_query = R"sql(
select coalesce(r.rolname, '') as role, coalesce(d.datname, '') as database,
       split_part(c.config, '=', 1) as name, substr(c.config, strpos(c.config, '=') + 1) as value
  from pg_db_role_setting s
  left join pg_roles r on r.oid = s.setrole left join pg_database d on d.oid = s.setdatabase
 cross join lateral unnest(s.setconfig) c(config)
 where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
 order by 1, 2, 3 limit 500)sql";

std::int64_t number(const Rows& rows, const char* column) {
  return parse_integer(rows.text(0, column)).value_or(0);
}

} // namespace

ServerFacts server_facts(Connection& session, bool fresh, std::vector<Unknown>& unknown) {
  ServerFacts server;
  server.place = session.endpoint().place();
  server.through_pooler = !fresh;
  const auto settings = session.attempt(settings_query);
  if (!settings.ok()) {
    unknown.push_back({"settings of " + server.place, settings.refusal->message, ""});
    return server;
  }
  const auto& rows = settings.rows;
  server.version_number = static_cast<int>(number(rows, "version"));
  server.max_connections = number(rows, "max_connections");
  server.reserved = number(rows, "reserved");
  server.connections = number(rows, "connections");
  server.password_encryption = rows.text(0, "password_encryption");
  server.user = rows.text(0, "user");
  server.database = rows.text(0, "database");
  server.search_path = rows.text(0, "search_path");
  server.time_zone = rows.text(0, "time_zone");
  server.passwords_expire = rows.text(0, "expire") == "t";
  server.speaks_tls = rows.text(0, "ssl") == "on";
  auto stored = session.attempt(stored_query);
  if (!stored.ok()) {
    unknown.push_back({"settings of roles at " + server.place, stored.refusal->message, ""});
    return server;
  }
  for (int row = 0; row < stored.rows.size(); ++row) {
    server.stored.push_back({stored.rows.text(row, "role"), stored.rows.text(row, "database"),
                             stored.rows.text(row, "name"), stored.rows.text(row, "value")});
  }
  return server;
}

} // namespace pgtool
