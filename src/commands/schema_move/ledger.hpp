#pragma once

#include "pg/connection.hpp"
#include "plan/move_plan.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pgtool {

/// What the catalog forgets about a move, kept in the table pgtool.schema_move of the database
/// itself: whence, whither, the roles' old paths, what was granted, which objects were moved, and
/// since when a path is in force. What is done is read from the catalog, never from here.
struct Ledger {
  bool exists = false;
  SchemaPair schemas;            ///< source and target of the move that was begun
  bool cluster_wide = false;     ///< the paths were set without IN DATABASE
  std::vector<std::string> only; ///< the patterns of the last run that moved something
  std::vector<std::string> exclude;
  bool tables_of_django = false;

  bool schema_created = false;            ///< the target was made by the move
  std::string identity;                   ///< of the table itself, in its database
  std::optional<std::string> server_path; ///< the path of roles without a setting
  /// The old setting of each role that was changed; nullopt: there was none.
  std::map<std::string, std::optional<std::string>> old_settings;
  /// Statements that take back what was granted (late: at the very end of --undo) or revoked
  /// (early: before anything moves back).
  std::vector<PrivilegeChange> undo_early; ///< `back` is meant
  std::vector<PrivilegeChange> undo_late;
  using Keys = std::set<std::pair<std::uint32_t, std::uint32_t>>; ///< catalog and oid
  Keys objects;                                                   ///< that were moved
  Keys residents;       ///< of a target that was there before: they are no part of the move
  std::string switched; ///< which paths were set last: "expand", "contract", …
  std::string moment;   ///< when they were in force for new sessions, by the server
  bool drained = false; ///< no older session is left
};

/// Reads it; one that does not exist when there is none. Throws Error when there is something of
/// that name that another role could have put there: it would be done with our rights.
Ledger read_ledger(Connection& session);

/// The statements that write it. They belong into the transaction of the step that they record.
namespace ledger_sql {

/// Makes the schema (unless it is there) and the table, and notes the move.
std::string begin(const SchemaPair& schemas, bool cluster_wide, const std::string& server_path,
                  bool schema_is_there);
/// Which objects the run is about.
std::string chosen(const std::vector<std::string>& only, const std::vector<std::string>& exclude,
                   bool tables_of_django);
std::string schema(const std::string& name, bool created);
/// The first one counts: a second run must not take a new path for the old one.
std::string old_setting(const std::string& role, const std::optional<std::string>& setting);
std::string undo(const PrivilegeChange& change, bool early);
std::string object(const MoveObject& object, const std::string& from);
std::string resident(const MoveObject& object);
std::string forget_object(const MoveObject& object);
/// New paths are in force since that moment (an expression of SQL), and older sessions are to be
/// waited for.
std::string switched(const std::string& name, const std::string& moment);
std::string drained(const std::string& name);
/// Forgets that any paths were switched: they are about to change.
std::string switching();
/// Removes the table, and the schema when nothing else is in it.
std::string drop();

} // namespace ledger_sql

} // namespace pgtool
