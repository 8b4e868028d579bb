#include "rules/releases/all.hpp"

#include "base/text.hpp"
#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool is_asked_for(const std::string& kind) {
  constexpr std::array<std::string_view, 10> kinds{"VIEW",      "MATVIEW", "FUNCTION", "PROCEDURE",
                                                   "ROUTINE",   "TYPE",    "SEQUENCE", "EXTENSION",
                                                   "AGGREGATE", "DOMAIN"};
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::string words_of(const std::string& kind) {
  return kind == "MATVIEW" ? "materialized view" : lower(kind);
}

bool is_made_by(const Action& action, const Relation& object) {
  if (const auto* create = std::get_if<action::CreateObject>(&action)) {
    return is_same(create->object, object);
  }
  if (const auto* create = std::get_if<action::CreateTable>(&action)) { // a materialized view
    return is_same(create->table, object);
  }
  if (const auto* create = std::get_if<action::CreateEnum>(&action)) {
    return is_same(create->type, object);
  }
  const auto* domain = std::get_if<action::CreateDomain>(&action);
  return domain != nullptr && is_same(domain->domain, object);
}

/// The step that makes it again; null when nothing does.
const ReadStep* made_again(const Reading& reading, const ReadStep& dropped,
                           const Relation& object) {
  const auto found =
      std::find_if(reading.steps.begin(), reading.steps.end(), [&](const ReadStep& step) {
        return &step > &dropped && is_made_by(step.action, object);
      });
  return found != reading.steps.end() ? &*found : nullptr;
}

Remark remark_on_gap(const Reading& reading, const ReadStep& step, const action::Drop& drop,
                     const Relation& object) {
  const auto name = written(object);
  const bool can_replace = drop.kind == "VIEW" || drop.kind == "FUNCTION" ||
                           drop.kind == "PROCEDURE" || drop.kind == "AGGREGATE";
  return remark_on(reading, step, object,
                   fmt::format("{} {} is missing between its DROP and its CREATE, and whoever asks "
                               "for it then fails",
                               words_of(drop.kind), name),
                   can_replace
                       ? fmt::format("CREATE OR REPLACE {} for {}; or DROP and CREATE in one "
                                     "transaction",
                                     drop.kind, name)
                       : "DROP and CREATE in one transaction");
}

Remark remark_for(const Reading& reading, const ReadStep& step, const action::Drop& drop,
                  const Relation& object) {
  const auto name = written(object);
  return remark_on(
      reading, step, object,
      fmt::format("{} {} is dropped{}, and the running release may still use it",
                  words_of(drop.kind), name, drop.cascade ? " with all that depends on it" : ""),
      fmt::format("deploy the code that does without it first; DROP {} {} in the release after",
                  drop.kind == "MATVIEW" ? "MATERIALIZED VIEW" : drop.kind, name));
}

void judge_one(const Reading& reading, const ReadStep& step, const action::Drop& drop,
               const Relation& object, std::vector<Remark>& remarks) {
  const auto* again = made_again(reading, step, object);
  if (again == nullptr) {
    remarks.push_back(remark_for(reading, step, drop, object));
  } else if (!are_together(step, *again)) {
    remarks.push_back(remark_on_gap(reading, step, drop, object));
  }
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Drop>(reading, [&](const ReadStep& step, const action::Drop& drop) {
    for (std::size_t at = 0; is_asked_for(drop.kind) && at < drop.objects.size(); ++at) {
      const auto& facts = step.objects[at];
      if (!facts.born && !facts.temporary) {
        judge_one(reading, step, drop, drop.objects[at], remarks);
      }
    }
  });
  return remarks;
}

} // namespace

const Rule drop_view{
    .slug = "drop-view",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "a view, function, type, sequence or extension is dropped while it may be in use",
    .why = "The old release runs on until its last worker is gone, and triggers, column defaults "
           "or other databases' readers may use the object, too. What asks for it then fails with "
           "\"does not exist\".",
    .remedy = "deploy the code that does without it first, drop it in the release after; to "
              "replace it, CREATE OR REPLACE, or DROP and CREATE in one transaction",
    .link = "https://www.postgresql.org/docs/current/sql-dropview.html",
    .read = read,
};

} // namespace pgtool::rules
