#include "commands/schema_move/move_session.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr double longest_statement = 300; ///< seconds; locks have limits of their own

} // namespace

void prepare_session(DirectSession& session) {
  auto& connection = session.connection();
  connection.set_time_limit(longest_statement);
  connection.query("set search_path = pg_catalog; set statement_timeout = 0; set lock_timeout = 0;"
                   " set idle_in_transaction_session_timeout = 0;"
                   " set default_transaction_read_only = off;"
                   " set default_transaction_isolation = 'read committed';"
                   " set client_encoding = 'UTF8'");
  for (const char* newer : {"idle_session_timeout", "transaction_timeout"}) {
    connection.query(fmt::format("select set_config(name, '0', false) from pg_settings"
                                 " where name = '{}'",
                                 newer));
  }
}

} // namespace pgtool
