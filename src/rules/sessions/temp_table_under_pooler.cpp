#include "rules/sessions/all.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/reading/together.hpp"
#include "rules/sessions/own_session.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

bool is_dropped_in_time(const Reading& reading, const ReadStep& step, const Relation& object) {
  return follows_together<action::Drop>(reading, step, [&](const action::Drop& drop) {
    return std::any_of(drop.objects.begin(), drop.objects.end(),
                       [&](const Relation& dropped) { return dropped.name == object.name; });
  });
}

/// Whether ON COMMIT DROP would come after the statements that need it. A call does not show
/// whether its caller has opened a transaction.
bool may_be_inside(const Reading& reading, const ReadStep& step) {
  return step.transaction != 0 || reading.sender == Sender::application ||
         is_in_block(reading, step);
}

std::string remedy_for(const Reading& reading, const ReadStep& step, const Relation& object,
                       bool is_table) {
  const auto name = written(object);
  const auto form = is_table ? fmt::format("ON COMMIT DROP behind the definition of {}", name)
                             : fmt::format("DROP VIEW {} before the transaction ends", name);
  if (step.transaction != 0) {
    return form;
  }
  if (reading.sender == Sender::migration) {
    return or_own_session(reading, "with atomic = True " + form);
  }
  return or_own_session(reading, "all of it between BEGIN and COMMIT, with " + form);
}

void judge_one(const Reading& reading, const ReadStep& step, const Relation& object, bool is_table,
               std::vector<Remark>& remarks) {
  if (is_dropped_in_time(reading, step, object) || is_rolled_back(reading, step)) {
    return;
  }
  remarks.push_back(remark_on(
      reading, step,
      fmt::format("temporary {} {} stays in the server session: the next transaction here may not "
                  "find it, and other clients of the pooler do",
                  is_table ? "table" : "view", written(object)),
      remedy_for(reading, step, object, is_table)));
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  each<action::CreateTable>(reading, [&](const ReadStep& step, const action::CreateTable& create) {
    const bool ends = create.drops_on_commit && may_be_inside(reading, step);
    if (create.temporary && !ends) {
      judge_one(reading, step, create.table, true, remarks);
    }
  });
  each<action::CreateObject>(reading,
                             [&](const ReadStep& step, const action::CreateObject& create) {
                               if (create.temporary && create.kind == "VIEW") {
                                 judge_one(reading, step, create.object, false, remarks);
                               }
                             });
  return remarks;
}

} // namespace

const Rule temp_table_under_pooler{
    .slug = "temp-table-under-pooler",
    .area = Area::migrations,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "a temporary table outlives the transaction that has its session",
    .why = "A temporary table lives as long as the server session. In transaction mode the next "
           "transaction may have another session, where it is \"relation does not exist\", and "
           "who gets this one finds a table that hides the real one of the same name.",
    .remedy = "CREATE TEMPORARY TABLE … ON COMMIT DROP, all of it in one transaction; or a direct "
              "session (pgtool migrate --direct)",
    .link = "https://www.postgresql.org/docs/current/sql-createtable.html",
    .read = read,
};

} // namespace pgtool::rules
