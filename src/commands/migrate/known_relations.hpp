#pragma once

#include "connector/direct_session.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// A table, or something like one, as the catalog shows it.
struct KnownRelation {
  std::string schema;
  std::string name;
  char kind = 'r';
  std::int64_t file = 0; ///< its file node: another one after a rewrite or a TRUNCATE; 0: none
  std::optional<std::int64_t> rows{}; ///< the planner's estimate; nothing before the first ANALYZE
  std::int64_t bytes = 0;             ///< as of the last VACUUM or ANALYZE
  bool created = false;               ///< by this run

  /// Something that holds rows, or shows them: a table, a view; no index, sequence or type.
  [[nodiscard]] bool is_table() const {
    return kind == 'r' || kind == 'p' || kind == 'm' || kind == 'v' || kind == 'f';
  }
};

/// The names in an array's text, such as that of current_schemas().
std::vector<std::string> names_of_array(const std::string& array);

/// The relations of one database by their oid. Only pg_class is read, which takes no lock that a
/// migration at work could hold up.
class KnownRelations {
public:
  /// What is there before the run. Throws SqlError.
  void read_all(DirectSession& session);
  /// Looks up those that are not known: this run has made them. Throws SqlError.
  void read_new(DirectSession& session, const std::vector<std::int64_t>& oids);
  /// The file nodes that the tables of those names have now, by oid; new ones become known. Throws
  /// SqlError.
  std::map<std::int64_t, std::int64_t> files_of(DirectSession& session,
                                                const std::vector<std::string>& names);

  [[nodiscard]] KnownRelation* find(std::int64_t oid);
  /// The first of that name in the schemas, by oid; "" for the schema: any of them, in order.
  [[nodiscard]] std::optional<std::int64_t> find(const std::string& schema, const std::string& name,
                                                 const std::vector<std::string>& path) const;

private:
  void take(const Rows& rows, bool created);

  std::map<std::int64_t, KnownRelation> by_oid_;
};

} // namespace pgtool
