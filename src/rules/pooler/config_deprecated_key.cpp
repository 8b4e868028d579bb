#include "rules/pooler/all.hpp"

#include "rules/pooler/bouncers.hpp"

#include <fmt/core.h>

namespace pgtool::rules {
namespace {

void judge_settings(const PoolerFacts& pooler, const Settings& settings,
                    std::vector<Remark>& remarks) {
  for (const auto& [key, setting] : settings) {
    if (!setting.is_written()) {
      continue;
    }
    auto where = setting.where;
    where.object = key;
    if (!setting.since.empty() && pooler.is_before(setting.since)) {
      remarks.push_back(
          {.message = fmt::format("PgBouncer {} does not know {}, which is new in {}",
                                  pooler.version, key, setting.since),
           .where = std::move(where),
           .remedy = fmt::format("take {} out, or upgrade PgBouncer to {}", key, setting.since)});
    } else if (!setting.until.empty() && pooler.is_since(setting.until)) {
      remarks.push_back(
          {.message = fmt::format("PgBouncer {} does not know {} any more, which went with {}",
                                  pooler.version, key, setting.until),
           .where = std::move(where),
           .remedy = "take " + key + " out"});
    }
  }
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto* pooler : bouncers(deployment)) {
    if (pooler->form != PoolerFacts::Form::ini) {
      continue; // an image leaves out what it does not know
    }
    judge_settings(*pooler, pooler->settings, remarks);
    for (const auto& database : pooler->databases) {
      judge_settings(*pooler, database.settings, remarks);
    }
    for (const auto& [name, settings] : pooler->users) {
      judge_settings(*pooler, settings, remarks);
    }
  }
  return remarks;
}

} // namespace

const Rule config_deprecated_key{
    .slug = "config-deprecated-key",
    .area = Area::pooler,
    .grades = always(Severity::error),
    .summary = "A key that this version of PgBouncer does not know yet, or does not know any more",
    .why = "PgBouncer does not start with a key that it does not know: ERROR unknown parameter, "
           "FATAL cannot load config file. The file was written for another version, and the next "
           "restart or the next upgrade meets it.",
    .remedy = "take the key out, or install the version that knows it",
    .link = "https://www.pgbouncer.org/changelog.html",
    .look = look,
};

} // namespace pgtool::rules
