#include "rules/losses/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "sql/quote.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool is_group(const std::string& trigger) { return trigger == "ALL" || trigger == "USER"; }

std::string shown(const std::string& trigger) {
  return is_group(trigger) ? trigger : quote_identifier(trigger);
}

std::string message_for(const action::SwitchTrigger& disabled) {
  const auto table = written(disabled.table);
  if (!is_group(disabled.trigger)) {
    return fmt::format("trigger {} of {} is off for every session", shown(disabled.trigger), table);
  }
  return fmt::format("the triggers of {} are off for every session{}", table,
                     disabled.trigger == "ALL" ? ", and its foreign keys are not checked" : "");
}

/// Its lock keeps other sessions from writing until the transaction ends.
bool is_switched_back(const Reading& reading, const ReadStep& step,
                      const action::SwitchTrigger& disabled) {
  return follows_together<action::SwitchTrigger>(
      reading, step, [&](const action::SwitchTrigger& next) {
        const bool covers = next.trigger == "ALL" || next.trigger == disabled.trigger ||
                            (next.trigger == "USER" && !is_group(disabled.trigger));
        return !next.disables && is_same(next.table, disabled.table) && covers;
      });
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::SwitchTrigger>(
      reading, [&](const ReadStep& step, const action::SwitchTrigger& disabled) {
        if (!disabled.disables || !step.is_old() || is_switched_back(reading, step, disabled)) {
          return;
        }
        const auto table = written(disabled.table);
        const auto trigger = shown(disabled.trigger);
        remarks.push_back(remark_on(
            reading, step, message_for(disabled),
            fmt::format("BEGIN;\nALTER TABLE {0} DISABLE TRIGGER {1};\n-- what has to do without\n"
                        "ALTER TABLE {0} ENABLE TRIGGER {1};\nCOMMIT;",
                        table, trigger)));
      });
  return remarks;
}

} // namespace

const Rule disable_trigger{
    .slug = "disable-trigger",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "triggers are switched off for everybody, with ALL those of foreign keys, too",
    .why = "DISABLE TRIGGER is no setting of the session: what other sessions write meanwhile "
           "passes by unchecked, and ENABLE does not look at these rows again. Inside of one "
           "transaction its lock keeps the others from writing.",
    .remedy = "DISABLE and ENABLE in one transaction",
    .link = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .read = read,
};

} // namespace pgtool::rules
