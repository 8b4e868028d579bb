#pragma once

#include "rules/rule.hpp"

/// What a session keeps, and a pooler gives to other clients with it; one rule, one file.
namespace pgtool::rules {

extern const Rule session_set_under_pooler;
extern const Rule set_role_under_pooler;
extern const Rule session_advisory_lock_under_pooler;
extern const Rule temp_table_under_pooler;
extern const Rule sql_prepare_under_pooler;
extern const Rule with_hold_cursor_under_pooler;
extern const Rule listen_under_pooler;
extern const Rule load_under_pooler;
extern const Rule discard_under_pooler;
extern const Rule currval_under_pooler;

} // namespace pgtool::rules
