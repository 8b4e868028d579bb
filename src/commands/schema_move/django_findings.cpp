#include "commands/schema_move/findings.hpp"

#include "plan/written_table.hpp"

#include <fmt/core.h>

namespace pgtool {
namespace {

Finding quoted(const MoveScene& scene, const ModelTable& table, const WrittenTable& written) {
  return {.rule = "quoted-db-table",
          .severity = Severity::error,
          .message = fmt::format("model {} has db_table {}: it looks for {} in schema {} whatever "
                                 "the path is",
                                 table.model, table.table, written.name, written.schema),
          .where = {.object = table.model},
          .remedy = fmt::format("write db_table = '{}' before the move, or leave it out with "
                                "--exclude '{}'",
                                written.name, written.name) +
                    (scene.plan.undo ? "" : "; the path finds it")};
}

Finding hooked(const ConnectionHook& hook) {
  return {.rule = "path-set-by-client",
          .severity = Severity::error,
          .message =
              fmt::format("{} runs on each new connection of Django and speaks of search_path: "
                          "what it sets wins over the role's path",
                          hook.name),
          .where = {.file = hook.file, .line = hook.line, .object = hook.name},
          .remedy = "take it out: the role's path takes its place"};
}

} // namespace

Findings django_findings(const MoveScene& scene) {
  Findings findings;
  if (!scene.models) {
    return findings;
  }
  const auto moving = moving_names(scene.plan);
  for (const auto& table : scene.models->tables) {
    const auto written = written_table(table.table);
    if (written.schema == scene.plan.emptied() && moving.contains(written.name)) {
      findings.push_back(quoted(scene, table, written));
    }
  }
  for (const auto& hook : scene.models->hooks) {
    if (hook.sets_path) {
      findings.push_back(hooked(hook));
    }
  }
  return findings;
}

} // namespace pgtool
