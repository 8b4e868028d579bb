#pragma once

#include "sql/definitions.hpp"

#include <string>
#include <variant>
#include <vector>

namespace pgtool {

/// What a statement does, as far as rules ask. ALTER TABLE with several subcommands does several.
namespace action {

struct CreateTable {
  Relation table;
  std::vector<ColumnDefinition> columns;
  std::vector<ConstraintDefinition> constraints; ///< of the table itself
  bool if_not_exists = false;
  bool temporary = false;
  bool drops_on_commit = false;
  bool from_query = false;        ///< AS SELECT …, SELECT INTO, a materialized view
  bool partitioned = false;       ///< PARTITION BY
  std::optional<Relation> parent; ///< PARTITION OF
  bool as_default = false;        ///< … DEFAULT
};

struct CreateIndex {
  std::string index; ///< "": the server chooses a name
  Relation table;
  std::vector<std::string> columns; ///< "" for an expression
  bool unique = false;
  bool concurrently = false;
  bool if_not_exists = false;
  bool only = false; ///< ON ONLY: not on the partitions
  std::string method; ///< "btree", "gin", …
};

struct AddColumn {
  Relation table;
  ColumnDefinition column;
};
struct DropColumn {
  Relation table;
  std::string column;
  bool cascade = false;
};
struct ChangeColumnType {
  Relation table;
  std::string column;
  TypeName type;
  bool converts = false; ///< USING
  std::string collation; ///< as ColumnDefinition has it
};
struct SetNotNull {
  Relation table;
  std::string column;
};
struct DropNotNull {
  Relation table;
  std::string column;
};
struct ChangeDefault {
  Relation table;
  std::string column;
  bool drops = false;
};
struct AddConstraint {
  Relation table;
  ConstraintDefinition constraint;
};
struct ValidateConstraint {
  Relation table;
  std::string constraint;
};
struct DropConstraint {
  Relation table;
  std::string constraint;
};
struct AttachPartition {
  Relation table;
  Relation partition;
  bool as_default = false;
  std::vector<std::string> bounds; ///< the constants in them
};
struct DetachPartition {
  Relation table;
  Relation partition;
  bool concurrently = false;
};
struct SetLogged {
  Relation table;
  bool logged = true;
};
struct SetTablespace {
  Relation table;
  std::string tablespace;
};
struct SetAccessMethod {
  Relation table;
  std::string method;
};
struct SwitchTrigger {
  Relation table;
  std::string trigger; ///< "ALL", "USER"
  bool disables = false;
};

/// The kinds of object are the parser's: "TABLE", "COLUMN", "INDEX", "SCHEMA", "ENUM VALUE", …
struct Rename {
  std::string kind;
  Relation table; ///< of a column or constraint, or what is renamed itself
  std::string from;
  std::string to;
};
struct MoveToSchema {
  std::string kind;
  Relation object;
  std::string schema;
};
struct Drop {
  std::string kind; ///< "TABLE", "VIEW", "INDEX", "MATVIEW", "SCHEMA", "DATABASE", …
  std::vector<Relation> objects;
  bool concurrently = false;
  bool cascade = false;
};
/// CREATE VIEW, FUNCTION, TYPE, SEQUENCE, EXTENSION, SCHEMA: what holds no rows of its own.
struct CreateObject {
  std::string kind; ///< as Drop has it
  Relation object;
  bool replaces = false; ///< OR REPLACE: it may have been there
  bool temporary = false;
};
struct Truncate {
  std::vector<Relation> tables;
  bool cascade = false;
};

struct Reindex {
  std::string kind; ///< "INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"
  Relation object;
  bool concurrently = false;
};
struct Vacuum {
  std::vector<Relation> tables;
  bool full = false;
  bool analyzes_only = false;
};
struct Cluster {
  Relation table; ///< no name: all of the database
};
struct RefreshView {
  Relation view;
  bool concurrently = false;
  bool empties = false; ///< WITH NO DATA
};
struct LockTable {
  std::vector<Relation> tables;
  LockMode mode = LockMode::access_exclusive;
  bool nowait = false;
};
struct CreateTrigger {
  Relation table;
  std::string trigger;
};
struct CreateDomain {
  Relation domain;
  bool constrained = false;
};
struct AddDomainConstraint {
  Relation domain;
  bool not_valid = false;
  bool not_null = false; ///< SET NOT NULL
};
struct ValidateDomainConstraint {
  Relation domain;
};
struct CreateEnum {
  Relation type;
};
struct AddEnumValue {
  Relation type;
  std::string value;
};

enum class RowChange { insert, update, remove, merge, copy };

/// INSERT, UPDATE, DELETE, MERGE, COPY FROM; also inside WITH.
struct WriteRows {
  RowChange change = RowChange::insert;
  Relation table;
  bool bounded = false;                ///< a WHERE that is no constant, or VALUES
  bool few = false;                    ///< VALUES, or a WHERE that asks for one id
  std::vector<std::string> asked_null; ///< columns that its WHERE says are NULL: a backfill
};
/// A SELECT, also inside of others.
struct ReadRows {
  std::vector<Relation> tables;
  bool for_update = false;
};

struct SetParameter {
  std::string name; ///< lower case; "role", "session_authorization", "search_path"; "all"
  std::string value;
  bool local = false; ///< SET LOCAL, set_config(…, true), SET TRANSACTION
  bool resets = false;
  bool by_function = false; ///< set_config()
};
struct Discard {
  std::string what; ///< "ALL", "PLANS", "SEQUENCES", "TEMP"
};
struct Prepare {
  std::string name;
};
struct UsePrepared { ///< EXECUTE, DEALLOCATE
  std::string name;  ///< "": all of them
  bool ends = false; ///< DEALLOCATE
};
struct DeclareCursor {
  std::string name;
  bool hold = false;
};
struct UseCursor { ///< FETCH, MOVE, CLOSE
  std::string name;
};
struct Listen {
  std::string channel;
  bool ends = false; ///< UNLISTEN
};
struct LoadLibrary {
  std::string file;
};

enum class TransactionStep {
  begin,
  commit,
  rollback,
  savepoint,
  release,
  rollback_to,
  prepare,
  other
};

struct ControlTransaction {
  TransactionStep step = TransactionStep::begin;
  bool chain = false;
};

/// DO, EXECUTE of a text that is built when it runs, CALL.
struct RunCode {
  std::string how;     ///< "DO", "EXECUTE", "CALL"
  bool opaque = false; ///< nobody can read from it which statements it sends
};

struct CallFunction {
  std::string schema;
  std::string name;
  std::vector<std::optional<std::string>> arguments; ///< nothing where it is no constant
};

} // namespace action

using Action = std::variant<
    action::CreateTable, action::CreateIndex, action::AddColumn, action::DropColumn,
    action::ChangeColumnType, action::SetNotNull, action::DropNotNull, action::ChangeDefault,
    action::AddConstraint, action::ValidateConstraint, action::DropConstraint,
    action::AttachPartition, action::DetachPartition, action::SetLogged, action::SetTablespace,
    action::SetAccessMethod, action::SwitchTrigger, action::Rename, action::MoveToSchema,
    action::Drop, action::CreateObject, action::Truncate, action::Reindex, action::Vacuum,
    action::Cluster, action::RefreshView, action::LockTable, action::CreateTrigger,
    action::CreateDomain, action::AddDomainConstraint, action::ValidateDomainConstraint,
    action::CreateEnum, action::AddEnumValue, action::WriteRows, action::ReadRows,
    action::SetParameter, action::Discard, action::Prepare, action::UsePrepared,
    action::DeclareCursor, action::UseCursor, action::Listen, action::LoadLibrary,
    action::ControlTransaction, action::RunCode, action::CallFunction>;

} // namespace pgtool
