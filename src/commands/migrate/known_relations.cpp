#include "commands/migrate/known_relations.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/value.hpp"

namespace pgtool {
namespace {

const std::string columns = "select c.oid, n.nspname, c.relname, c.relkind, c.relfilenode as file,"
                            " c.reltuples::bigint as rows, c.relpages::bigint * "
                            "current_setting('block_size')::bigint as bytes"
                            " from pg_class c join pg_namespace n on n.oid = c.relnamespace ";

std::int64_t number_at(const Rows& rows, int row, std::string_view column) {
  return parse_integer(rows.text(row, column)).value_or(0);
}

} // namespace

std::vector<std::string> names_of_array(const std::string& array) {
  std::vector<std::string> names;
  if (array.size() <= 2) {
    return names;
  }
  for (auto name : split(array.substr(1, array.size() - 2), ',')) {
    std::erase(name, '"');
    names.push_back(std::move(name));
  }
  return names;
}

void KnownRelations::read_all(DirectSession& session) {
  by_oid_.clear();
  take(session.connection().query(
           columns + "where c.oid >= 16384 and c.relkind in ('r', 'p', 'm', 'v', 'f')"),
       false);
}

void KnownRelations::read_new(DirectSession& session, const std::vector<std::int64_t>& oids) {
  std::string list;
  for (const auto oid : oids) {
    if (!by_oid_.contains(oid)) {
      list += (list.empty() ? "{" : ",") + std::to_string(oid);
    }
  }
  if (!list.empty()) {
    take(session.connection().query(columns + "where c.oid = any ($1::oid[])", {list + "}"}), true);
  }
}

std::map<std::int64_t, std::int64_t>
KnownRelations::files_of(DirectSession& session, const std::vector<std::string>& names) {
  Value list = Value::array();
  for (const auto& name : names) {
    list.add(name);
  }
  const auto rows = session.connection().query(
      columns + "where c.relname in (select json_array_elements_text($1::json))"
                " and c.relkind in ('r', 'p', 'm', 'v', 'f')",
      {dump_json(list)});
  std::map<std::int64_t, std::int64_t> files;
  for (int row = 0; row < rows.size(); ++row) {
    files[number_at(rows, row, "oid")] = number_at(rows, row, "file");
  }
  take(rows, true);
  return files;
}

KnownRelation* KnownRelations::find(std::int64_t oid) {
  const auto found = by_oid_.find(oid);
  return found == by_oid_.end() ? nullptr : &found->second;
}

std::optional<std::int64_t> KnownRelations::find(const std::string& schema, const std::string& name,
                                                 const std::vector<std::string>& path) const {
  std::optional<std::int64_t> best;
  std::size_t best_place = path.size();
  for (const auto& [oid, relation] : by_oid_) {
    if (relation.name != name || (!schema.empty() && relation.schema != schema)) {
      continue;
    }
    for (std::size_t place = 0; place <= best_place && place < path.size(); ++place) {
      if (path[place] == relation.schema || !schema.empty()) {
        best = oid;
        best_place = place;
        break;
      }
    }
  }
  return best;
}

void KnownRelations::take(const Rows& rows, bool created) {
  for (int row = 0; row < rows.size(); ++row) {
    KnownRelation relation;
    relation.schema = rows.text(row, "nspname");
    relation.name = rows.text(row, "relname");
    relation.kind = rows.text(row, "relkind").front();
    relation.file = number_at(rows, row, "file");
    if (const auto estimate = number_at(rows, row, "rows"); estimate >= 0) {
      relation.rows = estimate;
    }
    relation.bytes = number_at(rows, row, "bytes");
    relation.created = created;
    by_oid_.emplace(number_at(rows, row, "oid"), std::move(relation));
  }
}

} // namespace pgtool
