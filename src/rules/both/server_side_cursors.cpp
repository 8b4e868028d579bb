#include "rules/both/all.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

// Django's own cursors die with Pgpool-II 4.3 in any mode (unable to execute Describe).
bool breaks_cursors(const AliasFacts& alias) {
  return alias.pooler_kind == "pgpool" && alias.pooler_version.starts_with("4.3");
}

/// RDS Proxy keeps the session for a client that declares a cursor.
bool keeps_cursors(const AliasFacts& alias) { return alias.pooler_kind == "rds-proxy"; }

/// What will hold its whole result in memory by then.
std::string places_that_iterate(const Deployment& deployment) {
  std::vector<std::string> places;
  if (deployment.project) {
    for (const auto& use : deployment.project->uses) {
      if (use.what == "iterator") {
        places.push_back(fmt::format("{}:{}", use.where.file, use.where.line));
      }
    }
  }
  constexpr std::size_t most = 5;
  const auto more = places.size() > most ? places.size() - most : 0;
  places.resize(places.size() - more);
  return places.empty() ? ""
                        : "uses .iterator(): " + join(places, ", ") +
                              (more == 0 ? "" : fmt::format(" and {} more", more)) +
                              "; with the cursors off these read a whole result into memory, "
                              "unless they are given an alias past the pooler with .using()";
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    const bool is_broken = breaks_cursors(alias);
    if (!alias.is_pooled() || !alias.alias.server_side_cursors || keeps_cursors(alias)) {
      continue;
    }
    remarks.push_back(
        {.message = is_broken ? fmt::format("alias '{}' declares server-side cursors, which "
                                            "Pgpool-II {} ends the connection for",
                                            alias.alias.name, alias.pooler_version)
                              : fmt::format("alias '{}' declares server-side cursors, which "
                                            "another transaction's session does not have",
                                            alias.alias.name),
         .where = alias.place_of("DISABLE_SERVER_SIDE_CURSORS"),
         .detail = places_that_iterate(deployment),
         .remedy =
             fmt::format("DATABASES['{}']['DISABLE_SERVER_SIDE_CURSORS'] = True", alias.alias.name),
         .mode = alias.pool_mode,
         .severity = is_broken ? std::optional(Severity::error) : std::nullopt,
         .edits = alias.edit_for("DISABLE_SERVER_SIDE_CURSORS", "True")});
  }
  return remarks;
}

} // namespace

const Rule server_side_cursors{
    .slug = "server-side-cursors",
    .area = Area::both,
    .grades = when_shared(Severity::error, Severity::warning),
    .summary = "Server-side cursors are on behind a pooler that shares sessions",
    .why = "QuerySet.iterator() outside of a transaction declares a cursor WITH HOLD in one "
           "session and fetches from it in the next one that the pooler hands out: "
           "InvalidCursorName, cursor \"_django_curs_…\" does not exist. The admin, exports and "
           "migrations that use iterator() fail as soon as there is other traffic.",
    .remedy = "set DISABLE_SERVER_SIDE_CURSORS = True on the alias; where a result is too large "
              "for memory, give .iterator() an alias that goes straight to the server",
    .link = "https://docs.djangoproject.com/en/stable/ref/databases/"
            "#transaction-pooling-and-server-side-cursors",
    .look = look,
};

} // namespace pgtool::rules
