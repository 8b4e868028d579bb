#pragma once

#include "model/report.hpp"
#include "pg/connection.hpp"
#include "rules/reading/schema.hpp"
#include "sql/script.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pgtool {

/// How much of what a database says may be believed of the time before the statements.
enum class Before {
  sizes, ///< they may have run already: how large the tables are, but not what they look like
  all    ///< they have not run: types, constraints, indexes, domains, too
};

/// A session to ask with, and the schemas in which its statements would look for a name.
struct LiveSession {
  Connection* session = nullptr; ///< null: there is none
  std::vector<std::string> path;
};

/// What statements are about, each name once, as it is written.
class NamedRelations {
public:
  void add(const std::vector<Statement>& statements);
  [[nodiscard]] const std::vector<Relation>& all() const { return names_; }

private:
  void add(const Relation& relation);

  std::vector<Relation> names_;
  std::set<std::pair<std::string, std::string>> seen_;
};

/// Takes in what a database says of the tables, indexes and domains of these names, as the session
/// sees them: of several of one name the one that its search_path finds. Each question stands
/// alone, so that a pooler may be in between. What cannot be read goes to `unknown`.
void know_live(const LiveSession& live, const NamedRelations& names, Before before, Schema& schema,
               std::vector<Unknown>& unknown);

} // namespace pgtool
