#include "rules/reading/schema.hpp"

#include "base/visitor.hpp"
#include "sql/constraint_name.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <type_traits>
#include <utility>

namespace pgtool {
namespace {

template <typename Map> auto found(Map& tables, const Relation& table) {
  auto at = tables.find(plain_name(table));
  if (at == tables.end() && !table.schema.empty()) {
    at = tables.find(table.name);
  }
  if (at == tables.end() && table.schema.empty()) {
    at = std::find_if(tables.begin(), tables.end(),
                      [&](const auto& one) { return one.first.ends_with("." + table.name); });
  }
  return at;
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace

const KnownTable* Schema::find(const Relation& table) const {
  const auto at = found(tables_, table);
  return at != tables_.end() ? &at->second : nullptr;
}

KnownTable& Schema::know(const Relation& table) {
  const auto at = found(tables_, table);
  return at != tables_.end() ? at->second : tables_[plain_name(table)];
}

KnownTable& Schema::enter(const Relation& table) { return tables_[plain_name(table)]; }

bool Schema::is_constrained_domain(const TypeName& type) const {
  const auto at = domains_.find(type.name);
  return at != domains_.end() && at->second;
}

void Schema::know_domain(const std::string& name, bool constrained) {
  domains_[name] = constrained;
}

void Schema::measure(const Relation& table, const TableSize& size) {
  sizes_[plain_name(table)] = size;
}

std::optional<TableSize> Schema::size_of(const Relation& table) const {
  const auto at = found(sizes_, table);
  return at != sizes_.end() ? std::optional(at->second) : std::nullopt;
}

bool Schema::is_born_type(const std::string& type) const { return born_types_.contains(type); }

bool Schema::is_born_object(const std::string& name) const {
  return born_objects_.contains(name) || born_types_.contains(name);
}

const KnownIndex* Schema::find_index(const std::string& index) const {
  const auto at = indexes_.find(index);
  return at != indexes_.end() ? &at->second : nullptr;
}

bool Schema::is_not_null(const Relation& table, const std::string& column) const {
  const auto* known = find(table);
  if (known == nullptr) {
    return false;
  }
  const auto at = known->columns.find(column);
  return at != known->columns.end() && at->second.not_null.value_or(false);
}

bool Schema::proves_not_null(const Relation& table, const std::string& column) const {
  const auto* known = find(table);
  return is_not_null(table, column) ||
         (known != nullptr &&
          std::any_of(known->constraints.begin(), known->constraints.end(), [&](const auto& one) {
            return one.second.valid && contains(one.second.not_null, column);
          }));
}

void Schema::make(const action::CreateTable& create) {
  if (create.if_not_exists && find(create.table) != nullptr) {
    return;
  }
  // With IF NOT EXISTS it may be an old one; whoever writes that mostly means a new one.
  auto& table = tables_[plain_name(create.table)];
  table = {};
  table.born = true;
  table.temporary = create.temporary;
  table.partitioned = create.partitioned;
  table.dropped_with_transaction = create.drops_on_commit;
  if (create.parent && create.as_default) {
    know(*create.parent).has_default_partition = true;
  }
  for (const auto& column : create.columns) {
    add(table, column);
    for (const auto& constraint : column.constraints) {
      add(create.table, table, constraint);
    }
  }
  for (const auto& constraint : create.constraints) {
    add(create.table, table, constraint);
  }
}

void Schema::add(KnownTable& table, const ColumnDefinition& column) {
  table.columns[column.name] = {column.type, column.not_null, column.collation};
}

void Schema::add(const Relation& table, KnownTable& known, const ConstraintDefinition& constraint) {
  known.constraints[constraint_name(table, constraint)] = {
      constraint.kind, constraint.columns, constraint.not_null, !constraint.not_valid,
      constraint.constants};
  if (constraint.kind == ConstraintKind::primary_key) {
    for (const auto& column : constraint.columns) {
      known.columns[column].not_null = true;
    }
  }
}

void Schema::rename(const action::Rename& rename) {
  const auto at = found(tables_, rename.table);
  if (at == tables_.end()) {
    return;
  }
  if (rename.kind == "TABLE") {
    const Relation renamed{rename.table.schema, rename.to};
    auto known = std::move(at->second);
    tables_.erase(at);
    tables_[plain_name(renamed)] = std::move(known);
    if (const auto size = size_of(rename.table)) {
      measure(renamed, *size);
    }
  } else if (rename.kind == "COLUMN") {
    auto& columns = at->second.columns;
    if (const auto column = columns.find(rename.from); column != columns.end()) {
      columns[rename.to] = column->second;
      columns.erase(rename.from);
    }
  }
}

void Schema::apply(const Action& done) {
  using namespace action;
  std::visit(
      Visitor{
          [&](const CreateTable& one) { make(one); },
          [&](const CreateIndex& one) {
            indexes_[one.index] = {one.table, one.columns};
          },
          [&](const AddColumn& one) {
            auto& table = know(one.table);
            add(table, one.column);
            for (const auto& constraint : one.column.constraints) {
              add(one.table, table, constraint);
            }
          },
          [&](const DropColumn& one) { know(one.table).columns.erase(one.column); },
          [&](const ChangeColumnType& one) {
            auto& column = know(one.table).columns[one.column];
            column.type = one.type;
            column.collation = one.collation;
          },
          [&](const SetNotNull& one) { know(one.table).columns[one.column].not_null = true; },
          [&](const DropNotNull& one) { know(one.table).columns[one.column].not_null = false; },
          [&](const AddConstraint& one) { add(one.table, know(one.table), one.constraint); },
          [&](const ValidateConstraint& one) {
            auto& constraints = know(one.table).constraints;
            if (const auto at = constraints.find(one.constraint); at != constraints.end()) {
              at->second.valid = true;
            }
          },
          [&](const DropConstraint& one) { know(one.table).constraints.erase(one.constraint); },
          [&](const Rename& one) { rename(one); },
          [&](const AttachPartition& one) {
            auto& table = know(one.table);
            table.has_default_partition = table.has_default_partition || one.as_default;
          },
          [&](const Drop& one) {
            for (const auto& object : one.objects) {
              if (const auto at = found(tables_, object); at != tables_.end()) {
                tables_.erase(at);
              }
              born_objects_.erase(object.name);
            }
          },
          [&](const CreateDomain& one) {
            domains_[one.domain.name] = one.constrained;
            born_types_.insert(one.domain.name);
          },
          [&](const AddDomainConstraint& one) { domains_[one.domain.name] = true; },
          [&](const CreateObject& one) {
            if (!one.replaces) {
              born_objects_.insert(one.object.name);
            }
          },
          [&](const CreateEnum& one) { born_types_.insert(one.type.name); },
          [](const auto&) {},
      },
      done);
}

std::vector<std::string> Schema::age() {
  std::vector<std::string> aged;
  for (auto& [name, table] : tables_) {
    if (std::exchange(table.born, false)) {
      aged.push_back(name);
    }
  }
  born_types_.clear();
  born_objects_.clear();
  return aged;
}

void Schema::renew(const std::vector<std::string>& tables) {
  for (const auto& name : tables) {
    if (const auto at = tables_.find(name); at != tables_.end()) {
      at->second.born = true;
    }
  }
}

Relation table_of(const Action& done) {
  return std::visit(
      [](const auto& one) -> Relation {
        if constexpr (requires { one.table; }) {
          return one.table;
        } else if constexpr (std::is_same_v<std::decay_t<decltype(one)>, action::Reindex>) {
          const bool is_table = one.kind == "TABLE" || one.kind == "INDEX";
          return is_table ? one.object : Relation{}; // else it names a schema or a database
        } else if constexpr (requires { one.view; }) {
          return one.view;
        } else if constexpr (requires { one.object; }) {
          return one.object;
        } else if constexpr (requires { one.domain; }) {
          return one.domain;
        } else if constexpr (requires { one.type.name; }) {
          return one.type;
        } else {
          return {};
        }
      },
      done);
}

} // namespace pgtool
