#include "commands/migrate/plan_report.hpp"

#include "base/text.hpp"
#include "commands/migrate/blockers.hpp"
#include "commands/migrate/free_disk.hpp"
#include "commands/migrate/known_relations.hpp"
#include "commands/migrate/summary.hpp"
#include "sql/statement_locks.hpp"

#include <algorithm>
#include <map>

namespace pgtool {
namespace {

/// The strongest lock on each table that is there, by oid.
std::map<std::int64_t, LockMode> locked_by(const Value& sql, const KnownRelations& relations,
                                           const std::vector<std::string>& path) {
  std::map<std::int64_t, LockMode> locked;
  for (const auto& text : sql.elements()) {
    for (const auto& lock : statement_locks(text.text()).locks) {
      if (const auto oid = relations.find(lock.relation.schema, lock.relation.name, path)) {
        auto& mode = locked.emplace(*oid, lock.mode).first->second;
        mode = std::max(mode, lock.mode);
      }
    }
  }
  return locked;
}

} // namespace

bool PlanReport::take(const BridgeMessage& message, Bridge&) {
  const auto event = message.body["event"].text();
  if (event == "planned") {
    planned_.push_back(message.body);
  } else if (event == "conflicts" || event == "effects") {
    checked_.add(check_told(routes_.session_of(message.body["alias"].text()), message.body));
  }
  if (event == "judged") {
    judged_ = message.body;
    return true;
  }
  return event == "planned" || event == "effects" || event == "conflicts";
}

std::chrono::milliseconds PlanReport::tick(Bridge&) { return std::chrono::milliseconds(250); }

void PlanReport::finish(bool look_at_database) {
  auto* session =
      routes_.aliases.empty() ? nullptr : routes_.session_of(routes_.aliases.front().route.alias);
  if (session == nullptr) {
    return;
  }
  if (look_at_database) {
    checked_.add(check_before(*session, routes_.survey, routes_.request));
    checked_.add(check_leftovers(*session, ""));
  }
  free_ = free_disk(*session);
  if (planned_.empty()) {
    return;
  }
  KnownRelations relations;
  try {
    relations.read_all(*session);
  } catch (const SqlError& error) {
    checked_.unknown.push_back({"sizes of tables", error.what(), ""});
  }
  std::pair<std::string, std::int64_t> largest;
  const auto path = names_of_array(session->facts().schemas);
  for (const auto& planned : planned_) {
    Value tables = Value::array();
    std::vector<std::string> words;
    for (const auto& [oid, mode] : locked_by(planned["sql"], relations, path)) {
      const auto* relation = relations.find(oid);
      const auto lock = shown_mode(mode);
      const auto name = relation->schema + "." + relation->name;
      tables.add(Value::object({{"table", name},
                                {"lock", lock},
                                {"rows", relation->rows ? Value(*relation->rows) : Value()},
                                {"bytes", relation->bytes}}));
      if (mode >= LockMode::share && relation->bytes > largest.second) {
        largest = {name, relation->bytes};
      }
      if (mode >= LockMode::share) {
        const auto size = size_words(relation->rows, relation->bytes, false);
        words.push_back(lock + " on " + name + (size.empty() ? "" : " (" + size + ")"));
      }
    }
    if (!words.empty()) {
      lines_.push_back(planned["name"].text() + ": " + join(words, ", "));
    }
    if (!planned["error"].is_null()) {
      checked_.unknown.push_back(
          {"the SQL of " + planned["name"].text(), planned["error"].text(), ""});
    }
    migrations_.add(Value::object({{"name", planned["name"]},
                                   {"atomic", planned["atomic"]},
                                   {"backwards", planned["backwards"]},
                                   {"sql", planned["sql"]},
                                   {"tables", tables}}));
  }
  if (auto finding = short_of_disk(free_, largest.first, largest.second)) {
    checked_.findings.push_back(std::move(*finding));
  }
}

} // namespace pgtool
