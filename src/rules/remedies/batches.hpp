#pragma once

#include "sql/lock_mode.hpp"
#include "sql/statement_locks.hpp"

#include <string>

namespace pgtool {

/// A DO block (PostgreSQL 11 and later) that goes through a table page by page, with COMMIT between
/// the batches: `change` is an UPDATE or DELETE up to its WHERE, `left` what is true of the rows
/// that it is still for. It goes through again until nothing is left: rows move while others write.
std::string in_batches(const Relation& table, const std::string& change, const std::string& left);

/// The same in one pass, for what takes each row as it is.
std::string in_batches(const Relation& table, const std::string& change);

} // namespace pgtool
