#include "commands/schema_move/findings.hpp"

#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

constexpr const char* hidden_query = R"sql(
select count(*) filter (where backend_start is null) as hidden
  from pg_stat_activity
 where datname = current_database() and usename in ({}) and application_name <> 'pgtool')sql";

constexpr const char* capacity_query = R"sql(
select current_setting('max_locks_per_transaction')::bigint
       * (current_setting('max_connections')::bigint
          + current_setting('max_prepared_transactions')::bigint) as locks)sql";

void add_hidden(const MoveScene& scene, Findings& findings) {
  std::vector<std::string> roles;
  for (const auto& role : scene.plan.roles) {
    roles.push_back(role.role);
  }
  if (roles.empty()) {
    return;
  }
  const auto rows =
      scene.session().query(fmt::format(fmt::runtime(hidden_query), quote_literals(roles)));
  if (rows.text(0, "hidden") != "0") {
    const auto& facts = scene.ground.chosen().survey.direct->session.facts();
    findings.push_back(
        {.rule = "hidden-sessions",
         .severity = Severity::warning,
         .message = fmt::format("this role may not see how old {} sessions are: each of them is "
                                "waited for until it ends",
                                rows.text(0, "hidden")),
         .remedy = fmt::format("GRANT pg_read_all_stats TO {};", quote_identifier(facts.user))});
  }
}

void add_standbys(const MoveScene& scene, Findings& findings) {
  for (const auto& alias : scene.ground.aliases) {
    if (alias.standby) {
      findings.push_back(
          {.rule = "standby-sessions",
           .severity = Severity::error,
           .message =
               fmt::format("alias '{}' reads from a standby ({}): its sessions cannot be seen "
                           "from the primary, and keep their old path until they end",
                           alias.name, alias.request.known.pooled.place()),
           .where = {.object = alias.name},
           .remedy =
               "stop what reads there until the move is over, then --accept standby-sessions"});
    }
  }
}

constexpr const char* triggers_query =
    "select evtname as name, evtfoid::regproc::text as function from pg_event_trigger"
    " where evtenabled in ('O', 'A') and evtevent like 'ddl_command_%' order by 1";

void add_event_triggers(const MoveScene& scene, Findings& findings) {
  const auto rows = scene.session().query(triggers_query);
  for (int row = 0; row < rows.size(); ++row) {
    findings.push_back({.rule = "event-trigger",
                        .severity = Severity::warning,
                        .message = fmt::format("event trigger {} runs {} on each ALTER of the move",
                                               rows.text(row, "name"), rows.text(row, "function")),
                        .where = {.object = rows.text(row, "name")},
                        .remedy = "it must not rely on a search_path, and not refuse ALTER … SET "
                                  "SCHEMA"});
  }
}

/// Its role's path would stay as it is, if it leads to this database.
void add_unexamined(const MoveScene& scene, Findings& findings) {
  for (const auto& alias : scene.ground.unknown) {
    findings.push_back(
        {.rule = "alias-not-examined",
         .severity = Severity::error,
         .message = fmt::format("{} could not be examined: {}", alias.what, alias.why),
         .remedy = alias.cure + "; --accept alias-not-examined goes on without it"});
  }
}

/// One transaction for everything needs a lock for each object that moves along.
void add_capacity(const MoveScene& scene, Findings& findings) {
  if (scene.plan.strategy != MoveStrategy::pause) {
    return;
  }
  constexpr std::size_t locks_for_each = 4; // a table, its sequence, and what they depend on
  const auto needed = scene.plan.inventory.objects.size() * locks_for_each;
  const auto text = scene.session().query(capacity_query).text(0, "locks");
  if (needed > std::stoull(text) / 2) {
    findings.push_back({.rule = "too-many-locks",
                        .severity = Severity::error,
                        .message = fmt::format(
                            "--strategy pause moves {} objects in one transaction, which may need "
                            "more than half of the server's {} locks",
                            scene.plan.inventory.objects.size(), text),
                        .remedy = "use --strategy expand, which moves them one by one"});
  }
}

} // namespace

Findings session_findings(const MoveScene& scene) {
  Findings findings;
  if (scene.plan.strategy == MoveStrategy::expand) {
    add_hidden(scene, findings);
    add_standbys(scene, findings);
  }
  add_unexamined(scene, findings);
  add_event_triggers(scene, findings);
  add_capacity(scene, findings);
  return findings;
}

} // namespace pgtool
