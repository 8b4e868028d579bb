#include "connector/direct_session.hpp"

namespace pgtool {

std::vector<std::pair<std::string, std::string>> watchful_settings(const SessionFacts& facts) {
  std::vector<std::pair<std::string, std::string>> settings;
  if (facts.server_version_number >= 140000) {
    settings.emplace_back("client_connection_check_interval", "500ms");
    settings.emplace_back("idle_session_timeout", "0"); // a session that waits is not forgotten
  }
  if (!facts.socket) {
    settings.emplace_back("tcp_keepalives_idle", "5");
    settings.emplace_back("tcp_keepalives_interval", "2");
    settings.emplace_back("tcp_keepalives_count", "3");
  }
  if (!facts.socket && facts.server_version_number >= 120000) {
    settings.emplace_back("tcp_user_timeout", "10s");
  }
  return settings;
}

DirectSession::DirectSession(Connection connection, SessionFacts facts)
    : connection_(std::make_unique<Connection>(std::move(connection))), facts_(std::move(facts)) {
  // Names of ours are the system's, whatever the path of the role or the database leads to first.
  // Our questions to the catalog are short, and their estimated costs are not: compiling one took
  // 140 ms.
  connection_->query("select pg_catalog.set_config('search_path', 'pg_catalog', false),"
                     " pg_catalog.set_config('jit', 'off', false)");
  std::string sql;
  for (const auto& [name, value] : watchful_settings(facts_)) {
    sql +=
        (sql.empty() ? "select " : ", ") + ("set_config('" + name + "', '" + value + "', false)");
  }
  if (!sql.empty()) {
    connection_->query(sql);
  }
}

} // namespace pgtool
