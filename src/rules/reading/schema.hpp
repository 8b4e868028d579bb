#pragma once

#include "sql/action.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pgtool {

struct KnownConstraint {
  ConstraintKind kind = ConstraintKind::check;
  std::vector<std::string> columns;  ///< of a check: those that it reads
  std::vector<std::string> not_null; ///< columns of which a check proves that they hold no NULL
  bool valid = true;
  std::vector<std::string> constants{}; ///< of a check: what it compares with
};

struct KnownIndex {
  Relation table;
  std::vector<std::string> columns; ///< "" for an expression
};

struct KnownColumn {
  std::optional<TypeName> type;
  std::optional<bool> not_null;
  std::optional<std::string> collation{}; ///< "": that of its type
};

/// How much a database says that a table holds; of a partitioned one: all its partitions.
struct TableSize {
  std::optional<double> rows; ///< the server's estimate
  double bytes = 0;           ///< without its indexes
  double index_bytes = 0;
  int indexes = 0;
};

/// What is known of a table as a whole.
struct TableFacts {
  bool born = false; ///< made by this plan: nobody else uses it, and it holds next to nothing
  bool temporary = false;
  bool partitioned = false;
  bool dropped_with_transaction = false;
  bool has_default_partition = false;
  std::optional<TableSize> size{};
};

/// What nobody said is not known: no column here may still be one there.
struct KnownTable : TableFacts {
  std::map<std::string, KnownColumn> columns;
  std::map<std::string, KnownConstraint> constraints;
};

/// What the statements so far, Django's state or a database say of tables, domains and types. The
/// schema of a name counts only where both names have one.
class Schema {
public:
  /// Null when nothing is known of it.
  [[nodiscard]] const KnownTable* find(const Relation& table) const;
  KnownTable& know(const Relation& table);
  /// The same, but a name without a schema is another table than one with it.
  KnownTable& enter(const Relation& table);

  [[nodiscard]] bool is_constrained_domain(const TypeName& type) const;
  void know_domain(const std::string& name, bool constrained);
  [[nodiscard]] bool is_born_type(const std::string& type) const;
  /// A view, function, type, sequence, extension or schema that these statements made.
  [[nodiscard]] bool is_born_object(const std::string& name) const;
  /// An index that these statements made; null for another one.
  [[nodiscard]] const KnownIndex* find_index(const std::string& index) const;
  /// Whether the column is NOT NULL by itself.
  [[nodiscard]] bool is_not_null(const Relation& table, const std::string& column) const;
  /// Whether a valid check or the column itself proves that it holds no NULL.
  [[nodiscard]] bool proves_not_null(const Relation& table, const std::string& column) const;

  /// What a database says of a table that is there before all these statements.
  void measure(const Relation& table, const TableSize& size);
  [[nodiscard]] std::optional<TableSize> size_of(const Relation& table) const;

  /// Takes in what an action does.
  void apply(const Action& action);
  /// What was born so far is old from now on: a later plan comes to it. The tables of it, as
  /// renew() takes them.
  std::vector<std::string> age();
  /// Makes them newborn again: those who run one of two plans run the other one with it.
  void renew(const std::vector<std::string>& tables);

private:
  void make(const action::CreateTable& create);
  void rename(const action::Rename& rename);
  void add(KnownTable& table, const ColumnDefinition& column);
  void add(const Relation& table, KnownTable& known, const ConstraintDefinition& constraint);

  std::map<std::string, KnownTable> tables_; ///< by name alone, or schema.name
  std::map<std::string, bool> domains_;      ///< whether they are constrained
  std::set<std::string> born_types_;
  std::set<std::string> born_objects_;
  std::map<std::string, KnownIndex> indexes_;
  std::map<std::string, TableSize> sizes_; ///< as tables_
};

/// The table or object that an action is about; no name where it is about none, or several.
Relation table_of(const Action& action);

} // namespace pgtool
