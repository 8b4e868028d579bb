#pragma once

#include "model/finding.hpp"
#include "rules/reading/django_migration.hpp"
#include "rules/reading/schema.hpp"
#include "sql/script.hpp"

#include <memory>
#include <string>
#include <vector>

namespace pgtool {

/// Who sends statements, which decides what can be wrong with them.
enum class Sender {
  file,        ///< a file of SQL, by psql or a runner
  migration,   ///< an operation of a Django migration
  application, ///< the project's source: its views, tasks, models
};

/// One action of one statement, and what was known right before it.
struct ReadStep {
  std::size_t statement = 0; ///< its place in Reading::statements
  Action action;
  Place where{};       ///< file, line; its object is the table
  int transaction = 0; ///< the number of the one it runs in, from 1; 0: it commits by itself
  TableFacts table{};  ///< of the table that it is about
  std::optional<TypeName> old_type{}; ///< of a column whose type changes
  std::optional<std::string> old_collation{}; ///< of it, as KnownColumn has it
  /// Of a column that gets NOT NULL; of a check that is dropped: what it proves has NOT NULL now.
  bool proved_not_null = false;
  std::optional<KnownConstraint> constraint{}; ///< that is validated or dropped
  bool constrained_domain = false;             ///< the type of a column that is added
  bool born_type = false;                      ///< of an enum that gets a value
  std::vector<TableFacts> objects{};           ///< that Drop or Truncate names, in their order
  bool target_is_born = false;                 ///< the table that a foreign key refers to
  TableFacts partition{};                      ///< that is attached; of a new partition, its parent
  bool partition_is_checked = false;           ///< a valid check may prove its bounds
  bool checks_anew = false;                    ///< a check reads the column whose type changes
  bool may_hold_null = false;                  ///< the index of a primary key has a column that may

  /// Whether it is about a table that was there before, or may have been.
  [[nodiscard]] bool is_old() const { return !table.born && !table.temporary; }
};

/// A lock on a table that was there before, or may have been.
struct TakenLock {
  Relation table;
  LockMode mode = LockMode::access_share;
  std::optional<TableSize> size{};
};

/// The statements of one migration, one file or one call, in the order in which they run.
struct Reading {
  std::string name; ///< "shop.0002_total", "0002.sql"
  std::string file;
  Sender sender = Sender::file;
  std::string pool_mode = "unknown"; ///< of the pooler that they go through; "none": there is none
  int server_version = 0;            ///< major; 0: not known
  bool wrapped = false;              ///< all of it in one transaction, which its runner opens
  std::vector<Statement> statements;
  std::vector<int> transactions; ///< of each statement, as ReadStep has it
  std::vector<ReadStep> steps;
  std::vector<std::vector<TakenLock>> locks; ///< of each statement, the strongest of each table
  bool ends_in_transaction = false; ///< that it has opened itself

  std::optional<DjangoMigration> django{};

  /// A server that is not known is taken for one that is maintained.
  [[nodiscard]] bool is_before(int version) const {
    return server_version != 0 && server_version < version;
  }
};

/// How a reading is run, and what is known of where its statements stand.
struct ReadingTerms {
  std::string name;
  std::string file;
  Sender sender = Sender::file;
  std::string pool_mode = "unknown";
  int server_version = 0;
  bool wrapped = false;
  int first_line = 1; ///< of the file, on which the text begins; 0: each statement knows its line
};

/// Goes through the statements; `schema` is what is known before, and afterwards what is then.
Reading read_statements(std::vector<Statement> statements, const ReadingTerms& terms,
                        Schema& schema);

/// Calls `visit(step, action)` for each action of that kind.
template <typename Kind, typename Visit> void each(const Reading& reading, Visit visit) {
  for (const auto& step : reading.steps) {
    if (const auto* action = std::get_if<Kind>(&step.action); action != nullptr) {
      visit(step, *action);
    }
  }
}

} // namespace pgtool
