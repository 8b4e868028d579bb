#pragma once

#include "pg/connection.hpp"
#include "pg/session_facts.hpp"

#include <memory>

namespace pgtool {

/// A session that was proved to be a PostgreSQL backend itself (or, on --accept session, to keep
/// one for life: DirectRoute::session_safe). Only the connector can make one, so whoever asks for a
/// DirectSession cannot send DDL or take locks through a pooler by mistake. It stays outside
/// transactions, frees its locks within seconds when its client dies, and does not move in memory.
class DirectSession {
public:
  [[nodiscard]] Connection& connection() { return *connection_; }
  [[nodiscard]] const SessionFacts& facts() const noexcept { return facts_; }
  [[nodiscard]] int pid() const noexcept { return facts_.server_pid; }

private:
  friend class SurveyRun;
  DirectSession(Connection connection, SessionFacts facts);

  std::unique_ptr<Connection> connection_;
  SessionFacts facts_;
};

/// Settings that make a server notice a dead client within seconds: name and value, as far as that
/// version (server_version_num) and way of connecting know them.
std::vector<std::pair<std::string, std::string>> watchful_settings(const SessionFacts& facts);

} // namespace pgtool
