#include "rules/releases/all.hpp"

#include "base/text.hpp"
#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/releases/left_behind.hpp"

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

/// Types are made by actions of their own.
bool is_made_again(const Reading& reading, const ReadStep& step, const Relation& object) {
  return is_left_behind(reading, step, object) ||
         follows_together<action::CreateEnum>(
             reading, step,
             [&](const action::CreateEnum& create) { return is_same(create.type, object); }) ||
         follows_together<action::CreateDomain>(
             reading, step,
             [&](const action::CreateDomain& create) { return is_same(create.domain, object); });
}

bool comes_back_later(const Reading& reading, const ReadStep& step, const Relation& object) {
  bool found = false;
  each<action::CreateObject>(reading, [&](const ReadStep& at, const action::CreateObject& create) {
    found = found || (&at > &step && is_same(create.object, object));
  });
  return found;
}

Remark remark_for(const Reading& reading, const ReadStep& step, const action::Drop& drop,
                  const Relation& object) {
  const auto kind = words_of(drop.kind);
  const auto name = written(object);
  const auto sql_kind = drop.kind == "MATVIEW" ? "MATERIALIZED VIEW" : drop.kind;
  if (comes_back_later(reading, step, object)) {
    return remark_on(
        reading, step, object,
        fmt::format("{} {} is missing between its DROP and its CREATE, and whoever "
                    "asks for it then fails",
                    kind, name),
        fmt::format("put both into one transaction, or CREATE OR REPLACE {} {} …", sql_kind, name));
  }
  return remark_on(
      reading, step, object,
      fmt::format("{} {} is dropped{}, and the running release may still use it", kind, name,
                  drop.cascade ? " with all that depends on it" : ""),
      fmt::format("deploy the code that does without it first; DROP {} {} in the release after",
                  sql_kind, name));
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::Drop>(reading, [&](const ReadStep& step, const action::Drop& drop) {
    for (std::size_t at = 0; is_asked_for(drop.kind) && at < drop.objects.size(); ++at) {
      const auto& facts = step.objects[at];
      if (!facts.born && !facts.temporary && !is_made_again(reading, step, drop.objects[at])) {
        remarks.push_back(remark_for(reading, step, drop, drop.objects[at]));
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
