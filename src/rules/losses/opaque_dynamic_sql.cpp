#include "rules/losses/all.hpp"

#include "rules/reading/remarks.hpp"

#include <fmt/core.h>
#include <set>

namespace pgtool::rules {
namespace {

Remark remark_for(const Reading& reading, const ReadStep& step, const std::string& how) {
  if (how == "\\gexec") {
    return remark_on(reading, step,
                     "\\gexec runs what its query returns, and nobody can see which statements "
                     "these are",
                     "write the statements down that it is to run");
  }
  if (how.starts_with('\\')) {
    return remark_on(reading, step, fmt::format("the file that {} includes is not read", how),
                     "pgtool lint FILE for the included file, too");
  }
  return remark_on(reading, step,
                   "a text that is built when it runs is executed, and nobody can see which "
                   "statements it sends",
                   "write the statements down, or EXECUTE with a constant text; what has to stay "
                   "needs a reviewer");
}

std::vector<Remark> read(const Reading& reading) {
  std::vector<Remark> remarks;
  std::set<std::size_t> told; // one statement may build several texts
  each<action::RunCode>(reading, [&](const ReadStep& step, const action::RunCode& code) {
    if (code.opaque && told.insert(step.statement).second) {
      remarks.push_back(remark_for(reading, step, code.how));
    }
  });
  return remarks;
}

} // namespace

const Rule opaque_dynamic_sql{
    .slug = "opaque-dynamic-sql",
    .area = Area::migrations,
    .grades = always(Severity::warning),
    .summary = "nobody can see which statements are sent",
    .why = "The statements are put together when they run, or stand elsewhere, so no rule could "
           "look at them: they may lock, rewrite or lose anything. That nothing else was found "
           "here means nothing.",
    .remedy = "write the statements down, or let pgtool lint read the file that is included",
    .link = "https://www.postgresql.org/docs/current/plpgsql-statements.html"
            "#PLPGSQL-STATEMENTS-EXECUTING-DYN",
    .read = read,
};

} // namespace pgtool::rules
