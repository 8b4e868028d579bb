#include "commands/migrate/record_rights.hpp"

namespace pgtool {

bool everybody_may_see_locks(DirectSession& session) {
  const auto found = session.connection().attempt(
      "select has_table_privilege('public', 'pg_catalog.pg_locks', 'SELECT')"
      " and has_function_privilege('public', 'pg_catalog.pg_lock_status()', 'EXECUTE')"
      " and has_function_privilege('public', 'pg_catalog.pg_current_wal_insert_lsn()', 'EXECUTE')"
      " and has_function_privilege('public', 'pg_catalog.pg_relation_filenode(regclass)', "
      "'EXECUTE')"
      " as everybody");
  return found.ok() && found.rows.truth(0, "everybody");
}

} // namespace pgtool
