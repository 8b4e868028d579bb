#include "commands/schema_move/findings.hpp"

#include <fmt/core.h>
#include <map>

namespace pgtool {
namespace {

// A publication FOR ALL TABLES, FOR TABLES IN SCHEMA or FOR TABLE: the view knows all three.
constexpr const char* published_query = R"sql(
select pubname as name, schemaname, tablename from pg_publication_tables
 where schemaname in ($1, $2))sql";

// A schema that is published takes in whatever enters it.
constexpr const char* published_schema_query = R"sql(
select p.pubname as name
  from pg_publication_namespace s
  join pg_publication p on p.oid = s.pnpubid
  join pg_namespace n on n.oid = s.pnnspid
 where n.nspname = $1)sql";

constexpr const char* subscribed_query = R"sql(
select s.subname as name, c.relname as tablename
  from pg_subscription_rel r
  join pg_subscription s on s.oid = r.srsubid
  join pg_class c on c.oid = r.srrelid
  join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1)sql";

using ByName = std::map<std::string, std::vector<std::string>>;

ByName moving_tables(const MoveScene& scene, const Rows& rows) {
  const auto moving = moving_names(scene.plan, "table");
  ByName found;
  for (int row = 0; row < rows.size(); ++row) {
    const bool here =
        !rows.at(row, "schemaname") || rows.text(row, "schemaname") == scene.plan.emptied();
    if (here && moving.contains(rows.text(row, "tablename"))) {
      found[rows.text(row, "name")].push_back(rows.text(row, "tablename"));
    }
  }
  return found;
}

Finding replicated(const std::string& message, const std::string& name, const std::string& remedy) {
  return {.rule = "replicated-table",
          .severity = Severity::error,
          .message = message,
          .where = {.object = name},
          .remedy = remedy};
}

} // namespace

Findings replication_findings(const MoveScene& scene) {
  const auto& plan = scene.plan;
  Findings findings;
  const auto published = scene.session().query(published_query, {plan.emptied(), plan.filled()});
  for (const auto& [name, tables] : moving_tables(scene, published)) {
    findings.push_back(replicated(
        fmt::format("publication {} contains {}: its subscribers look for schema {} after the move "
                    "and stop",
                    name, listed(tables), plan.filled()),
        name,
        "move the subscriber's tables in the same moment, or pause the subscription; "
        "--accept replicated-table goes on"));
  }
  const bool has_tables = !moving_names(plan, "table").empty();
  const auto entered = scene.session().attempt(published_schema_query, {plan.filled()}); // 15+
  for (int row = 0; has_tables && entered.ok() && row < entered.rows.size(); ++row) {
    const auto name = entered.rows.text(row, "name");
    findings.push_back(replicated(
        fmt::format("publication {} publishes all tables in schema {}: those that move there are "
                    "published from then on, and subscribers that lack them stop",
                    name, plan.filled()),
        name, "make the tables on the subscribers first; --accept replicated-table goes on"));
  }
  const auto subscribed = scene.session().query(subscribed_query, {plan.emptied()});
  for (const auto& [name, tables] : moving_tables(scene, subscribed)) {
    findings.push_back(replicated(
        fmt::format("subscription {} fills {}: it looks for schema {} as its publisher calls it",
                    name, listed(tables), plan.emptied()),
        name,
        "move the publisher's tables in the same moment, or disable the subscription; "
        "--accept replicated-table goes on"));
  }
  return findings;
}

} // namespace pgtool
