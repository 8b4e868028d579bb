#pragma once

#include "plan/object_kind.hpp"
#include "plan/role_path.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// One object of the database that can move by itself.
struct MoveObject {
  const ObjectKind* kind = nullptr; ///< never null in a plan
  std::uint32_t catalog = 0;        ///< oid of the catalog that lists it (pg_class, pg_type, …)
  std::uint32_t oid = 0;
  std::string name;     ///< without schema and quotes
  std::string identity; ///< as pg_identify_object() writes it: qualified and quoted

  /// ALTER … SET SCHEMA, without a semicolon.
  [[nodiscard]] std::string statement(const std::string& schema) const;
};

/// Something that stays in the schema, and why.
struct StayingObject {
  std::string type;
  std::string identity;
  std::string reason; ///< "extension citext", "not chosen"
};

/// What a schema holds, as far as a move is concerned.
struct SchemaInventory {
  std::vector<MoveObject> objects; ///< in the order in which they move
  std::vector<StayingObject> staying;

  /// How many there are of each type, in order.
  [[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> counts() const;
};

/// One role whose path changes with the move.
struct RoleMove {
  std::string role;
  std::string why; ///< "alias 'default'", "--role"
  /// The setting that the catalog holds at the scope that is changed; nullopt when it holds none.
  std::optional<std::string> setting;
  /// The same before anything was moved: what --undo restores.
  std::optional<std::string> old_setting;
  SearchPath before; ///< in force before the move, by whatever setting
  int session = -1;  ///< the session that may change it, by number; -1 when none may
};

/// A privilege that is given or taken, and how to take that back.
struct PrivilegeChange {
  std::string statement;
  std::string back;
  std::vector<std::string> roles; ///< that both name: without one of them `back` has lost its sense
};

/// How a move keeps the application alive.
enum class MoveStrategy {
  expand, ///< both schemas are on every path while objects move
  pause,  ///< the pooler holds its clients back meanwhile
  offline ///< nobody is connected
};

/// A move, there or back.
struct MovePlan {
  SchemaPair schemas; ///< whence and whither, as the whole move was begun
  bool undo = false;  ///< objects go from the target back to the source
  bool cluster_wide = false;
  MoveStrategy strategy = MoveStrategy::expand;
  std::string database;
  SchemaInventory inventory; ///< of the schema that is emptied
  std::vector<RoleMove> roles;
  bool keep_source = false;            ///< something stays there: it remains on the paths
  bool creates_schema = false;         ///< the target is not there yet
  std::string schema_owner;            ///< of a target that is created
  std::vector<PrivilegeChange> grants; ///< they give the target what the source gives
  /// Statements that would belong there, too, and are another role's to give.
  std::vector<std::string> grants_of_others;
  std::vector<PrivilegeChange> revokes; ///< of --protect-old

  [[nodiscard]] const std::string& emptied() const {
    return undo ? schemas.target : schemas.source;
  }
  [[nodiscard]] const std::string& filled() const { return undo ? schemas.source : schemas.target; }
  /// The path of a role while objects are on their way: what is emptied first. A role whose path
  /// does not lead to the source keeps what it has, here and in after().
  [[nodiscard]] std::optional<SearchPath> during(const RoleMove& role) const;
  /// At the end; nullopt where there is no setting at the end.
  [[nodiscard]] std::optional<SearchPath> after(const RoleMove& role) const;
  /// Whether the catalog already holds that path for the role.
  [[nodiscard]] static bool is_set(const RoleMove& role, const std::optional<SearchPath>& path);
  /// Whether every role already has its path of the end.
  [[nodiscard]] bool paths_are_final() const;
};

/// "42 tables, 1 sequence", for messages; "nothing" for none.
std::string counted(const SchemaInventory& inventory);

} // namespace pgtool
