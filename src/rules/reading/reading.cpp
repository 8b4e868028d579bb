#include "rules/reading/reading.hpp"

#include "sql/placeholders.hpp"

#include <algorithm>

namespace pgtool {
namespace {

/// Follows the transactions that a text opens and ends.
class Transactions {
public:
  explicit Transactions(bool wrapped) : open_(wrapped), wrapped_(wrapped) {}

  [[nodiscard]] int now() const { return open_ ? number_ : 0; }
  [[nodiscard]] bool is_own() const { return open_ && !wrapped_; }

  void follow(const action::ControlTransaction& control) {
    using Control = action::TransactionStep;
    const bool ends = control.step == Control::commit || control.step == Control::rollback ||
                      control.step == Control::prepare;
    if (control.step == Control::begin && !open_) {
      open_ = true;
    } else if (ends && open_) {
      ++number_;
      open_ = control.chain;
      wrapped_ = false;
    }
  }

private:
  bool open_;
  bool wrapped_;
  int number_ = 1;
};

class Walk {
public:
  Walk(const ReadingTerms& terms, Schema& schema)
      : terms_(terms), schema_(schema), transactions_(terms.wrapped) {}

  Reading walked(std::vector<Statement> statements) {
    reading_.name = terms_.name;
    reading_.file = terms_.file;
    reading_.sender = terms_.sender;
    reading_.pool_mode = terms_.pool_mode;
    reading_.server_version = terms_.server_version;
    reading_.wrapped = terms_.wrapped;
    reading_.statements = std::move(statements);
    for (std::size_t at = 0; at < reading_.statements.size(); ++at) {
      auto& statement = reading_.statements[at];
      statement.problem_line = line_of(statement.problem_line);
      statement.line = line_of(statement.line);
      reading_.transactions.push_back(transactions_.now());
      reading_.locks.push_back(locks_of(statement));
      for (const auto& action : statement.actions) {
        take(at, action);
      }
    }
    reading_.ends_in_transaction = transactions_.is_own();
    return std::move(reading_);
  }

private:
  int line_of(int line) const {
    return terms_.first_line > 0 && line > 0 ? terms_.first_line + line - 1 : line;
  }

  void take(std::size_t at, const Action& action) {
    ReadStep step;
    step.statement = at;
    step.action = action;
    const auto table = table_of(action);
    const bool is_named = !table.name.empty() && !has_placeholder(table.name);
    step.where = {terms_.file, reading_.statements[at].line,
                  is_named ? plain_name(table) : terms_.name};
    if (const auto* control = std::get_if<action::ControlTransaction>(&action)) {
      step.transaction = transactions_.now();
      transactions_.follow(*control);
    } else {
      step.transaction = transactions_.now();
    }
    if (!table.name.empty()) {
      step.table = table_facts(table);
    }
    note_before(step);
    schema_.apply(action);
    reading_.steps.push_back(std::move(step));
  }

  /// A table that this plan makes holds next to nothing, whatever one of that name held.
  void add_size(const Relation& table, TableFacts& facts) const {
    if (!facts.born && !facts.temporary) {
      facts.size = schema_.size_of(table);
    }
  }

  TableFacts table_facts(const Relation& table) const {
    TableFacts facts;
    if (const auto* known = schema_.find(table)) {
      facts = *known;
    }
    add_size(table, facts);
    return facts;
  }

  /// Whose locks others can meet.
  std::vector<TakenLock> locks_of(const Statement& statement) const {
    std::vector<TakenLock> taken;
    for (const auto& lock : statement.locks.locks) {
      auto table = lock.relation;
      if (lock.index) {
        const auto* index = schema_.find_index(table.name);
        table = index != nullptr ? index->table : table;
      }
      const auto facts = facts_of(table);
      if (facts.born || facts.temporary) {
        continue;
      }
      const auto same = std::find_if(taken.begin(), taken.end(),
                                     [&](const TakenLock& one) { return one.table == table; });
      if (same == taken.end()) {
        taken.push_back({table, lock.mode, facts.size});
      } else {
        same->mode = std::max(same->mode, lock.mode);
      }
    }
    return taken;
  }

  bool is_born(const std::optional<Relation>& table) const {
    const auto* known = table ? schema_.find(*table) : nullptr;
    return known != nullptr && known->born;
  }

  void note_before(ReadStep& step) const {
    using namespace action;
    if (const auto* change = std::get_if<ChangeColumnType>(&step.action)) {
      if (const auto* column = find_column(change->table, change->column)) {
        step.old_type = column->type;
        step.old_collation = column->collation;
      }
      step.checks_anew = is_checked(change->table, change->column);
    } else if (const auto* set = std::get_if<SetNotNull>(&step.action)) {
      step.proved_not_null = schema_.proves_not_null(set->table, set->column);
    } else if (const auto* validate = std::get_if<ValidateConstraint>(&step.action)) {
      step.constraint = constraint_of(validate->table, validate->constraint);
    } else if (const auto* drop = std::get_if<DropConstraint>(&step.action)) {
      step.constraint = constraint_of(drop->table, drop->constraint);
      step.proved_not_null = step.constraint && is_needless(drop->table, *step.constraint);
    } else if (const auto* add = std::get_if<AddColumn>(&step.action)) {
      step.constrained_domain = schema_.is_constrained_domain(add->column.type);
      for (const auto& constraint : add->column.constraints) {
        step.target_is_born = step.target_is_born || is_born(constraint.target);
      }
    } else if (const auto* constraint = std::get_if<AddConstraint>(&step.action)) {
      step.target_is_born = is_born(constraint->constraint.target);
      step.may_hold_null = may_hold_null(constraint->table, constraint->constraint.using_index);
    } else if (const auto* value = std::get_if<AddEnumValue>(&step.action)) {
      step.born_type = schema_.is_born_type(value->type.name);
    } else if (const auto* domain = std::get_if<AddDomainConstraint>(&step.action)) {
      step.born_type = schema_.is_born_type(domain->domain.name);
    } else if (const auto* create = std::get_if<CreateTable>(&step.action)) {
      step.partition = create->parent ? facts_of(*create->parent) : TableFacts{};
    } else if (const auto* attach = std::get_if<AttachPartition>(&step.action)) {
      note_partition(step, *attach);
    } else {
      note_index(step);
      note_objects(step);
    }
  }

  bool is_checked(const Relation& table, const std::string& column) const {
    const auto* known = schema_.find(table);
    return known != nullptr &&
           std::any_of(known->constraints.begin(), known->constraints.end(), [&](const auto& one) {
             const auto& columns = one.second.columns;
             return one.second.kind == ConstraintKind::check &&
                    std::find(columns.begin(), columns.end(), column) != columns.end();
           });
  }

  bool may_hold_null(const Relation& table, const std::string& index) const {
    const auto* known = schema_.find(table);
    const auto* built = schema_.find_index(index);
    return known != nullptr && built != nullptr &&
           std::any_of(built->columns.begin(), built->columns.end(), [&](const auto& column) {
             const auto at = known->columns.find(column);
             return at != known->columns.end() && !at->second.not_null.value_or(true) &&
                    !schema_.proves_not_null(table, column);
           });
  }

  /// Whether a check proves no more than the columns' own NOT NULL does.
  bool is_needless(const Relation& table, const KnownConstraint& constraint) const {
    const auto& columns = constraint.not_null;
    return !columns.empty() && std::all_of(columns.begin(), columns.end(), [&](const auto& column) {
      return schema_.is_not_null(table, column);
    });
  }

  TableFacts facts_of(const Relation& object) const {
    auto facts = table_facts(object);
    if (schema_.find(object) == nullptr) {
      facts.born = schema_.is_born_object(object.name);
    }
    return facts;
  }

  void note_objects(ReadStep& step) const {
    if (const auto* drop = std::get_if<action::Drop>(&step.action)) {
      for (const auto& object : drop->objects) {
        step.objects.push_back(facts_of(object));
      }
    } else if (const auto* truncate = std::get_if<action::Truncate>(&step.action)) {
      for (const auto& table : truncate->tables) {
        step.objects.push_back(facts_of(table));
      }
    } else if (const auto* lock = std::get_if<action::LockTable>(&step.action)) {
      for (const auto& table : lock->tables) {
        step.objects.push_back(facts_of(table));
      }
    } else if (std::holds_alternative<action::Rename>(step.action) ||
               std::holds_alternative<action::MoveToSchema>(step.action)) {
      step.table.born = facts_of(table_of(step.action)).born;
    }
  }

  /// A check that compares with the bounds themselves is taken for one that proves them.
  void note_partition(ReadStep& step, const action::AttachPartition& attach) const {
    const auto* known = schema_.find(attach.partition);
    if (known == nullptr) {
      return;
    }
    step.partition = table_facts(attach.partition);
    for (const auto& [name, constraint] : known->constraints) {
      const auto& constants = constraint.constants;
      const bool has_bounds =
          std::all_of(attach.bounds.begin(), attach.bounds.end(), [&](const auto& bound) {
            return std::find(constants.begin(), constants.end(), bound) != constants.end();
          });
      step.partition_is_checked =
          step.partition_is_checked ||
          (constraint.valid && constraint.kind == ConstraintKind::check && has_bounds);
    }
  }

  /// An index has no table in its own name: one that was made here is known.
  void note_index(ReadStep& step) const {
    std::string index;
    if (const auto* drop = std::get_if<action::Drop>(&step.action);
        drop != nullptr && drop->objects.size() == 1) {
      index = drop->objects.front().name;
    } else if (const auto* reindex = std::get_if<action::Reindex>(&step.action);
               reindex != nullptr && (reindex->kind == "INDEX" || reindex->kind == "TABLE")) {
      index = reindex->object.name;
    } else {
      return;
    }
    const auto* built = schema_.find_index(index);
    step.table = table_facts(built != nullptr ? built->table : Relation{"", index});
  }

  const KnownColumn* find_column(const Relation& table, const std::string& name) const {
    const auto* known = schema_.find(table);
    const bool is_known = known != nullptr && known->columns.contains(name);
    return is_known ? &known->columns.at(name) : nullptr;
  }

  std::optional<KnownConstraint> constraint_of(const Relation& table,
                                               const std::string& name) const {
    const auto* known = schema_.find(table);
    if (known == nullptr || !known->constraints.contains(name)) {
      return std::nullopt;
    }
    return known->constraints.at(name);
  }

  const ReadingTerms& terms_;
  Schema& schema_;
  Transactions transactions_;
  Reading reading_;
};

} // namespace

Reading read_statements(std::vector<Statement> statements, const ReadingTerms& terms,
                        Schema& schema) {
  return Walk(terms, schema).walked(std::move(statements));
}

} // namespace pgtool
