#include "rules/timeline/work.hpp"

#include "base/visitor.hpp"
#include "rules/reading/type_change.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pgtool {
namespace {

class WorkReader {
public:
  WorkReader(const Reading& reading, const ReadStep& step) : reading_(reading), step_(step) {}

  std::vector<Work> read() {
    using namespace action;
    std::visit(
        Visitor{
            [&](const AddColumn& one) { add_column(one); },
            [&](const ChangeColumnType& one) { change_type(one); },
            [&](const SetNotNull& one) { set_not_null(one); },
            [&](const AddConstraint& one) { add_constraint(one.table, one.constraint); },
            [&](const ValidateConstraint& one) { validate(one); },
            [&](const AttachPartition& one) { attach(one); },
            [&](const SetLogged& one) { on_old({.kind = WorkKind::rewrite, .table = one.table}); },
            [&](const SetAccessMethod& one) {
              on_old({.kind = WorkKind::rewrite, .table = one.table});
            },
            [&](const SetTablespace& one) { on_old({.kind = WorkKind::copy, .table = one.table}); },
            [&](const CreateIndex& one) { create_index(one); },
            [&](const Reindex& one) { reindex(one); },
            [&](const Vacuum& one) { vacuum(one); },
            [&](const Cluster& one) { on_old({.kind = WorkKind::rewrite, .table = one.table}); },
            [&](const RefreshView& one) { add({.kind = WorkKind::unknown, .table = one.view}); },
            [&](const WriteRows& one) { write(one); },
            [&](const RunCode& one) { run(one); },
            [&](const ReadRows& one) { select(one); },
            [&](const CallFunction& one) { call(one); },
            [&](const CreateTable& one) { create(one); },
            [](const auto&) {},
        },
        step_.action);
    return std::move(works_);
  }

private:
  void add(Work work) { works_.push_back(std::move(work)); }

  /// Nobody else uses a table that this plan makes.
  void on_old(Work work) {
    if (step_.is_old()) {
      work.size = step_.table.size;
      add(std::move(work));
    }
  }

  void add_column(const action::AddColumn& add) {
    const auto& column = add.column;
    const bool varies = column.value && column.value->volatility != Volatility::steady;
    if (varies || column.generated || column.identity || column.serial ||
        step_.constrained_domain) {
      on_old({.kind = WorkKind::rewrite,
              .table = add.table,
              .maybe = varies && column.value->volatility == Volatility::not_known});
    }
    for (const auto& constraint : column.constraints) {
      const bool is_empty = !column.value || column.value->null;
      if (constraint.kind != ConstraintKind::foreign_key || !is_empty) {
        add_constraint(add.table, constraint);
      }
    }
  }

  void change_type(const action::ChangeColumnType& change) {
    const auto kind =
        change.converts ? TypeChange::rewrites : type_change(step_.old_type, change.type);
    if (kind == TypeChange::free) {
      if (step_.checks_anew) {
        on_old({.kind = WorkKind::scan, .table = change.table});
      }
      return;
    }
    on_old(
        {.kind = WorkKind::rewrite, .table = change.table, .maybe = kind != TypeChange::rewrites});
  }

  void set_not_null(const action::SetNotNull& set) {
    constexpr int proves_since = 12;
    if (!step_.proved_not_null || reading_.is_before(proves_since)) {
      on_old({.kind = WorkKind::scan, .table = set.table});
    }
  }

  void add_constraint(const Relation& table, const ConstraintDefinition& constraint) {
    const bool is_index =
        constraint.kind == ConstraintKind::unique || constraint.kind == ConstraintKind::primary_key;
    if (is_index && constraint.using_index.empty()) {
      on_old({.kind = WorkKind::build_index, .table = table});
    } else if (is_index && step_.may_hold_null) {
      on_old({.kind = WorkKind::scan, .table = table});
    } else if (constraint.kind == ConstraintKind::exclusion) {
      on_old({.kind = WorkKind::unknown, .table = table});
    } else if (!is_index && !constraint.not_valid) {
      const bool looks_up = constraint.kind == ConstraintKind::foreign_key;
      on_old({.kind = looks_up ? WorkKind::look_up : WorkKind::scan, .table = table});
    }
  }

  void validate(const action::ValidateConstraint& validate) {
    if (step_.constraint && step_.constraint->kind == ConstraintKind::foreign_key) {
      on_old({.kind = WorkKind::look_up, .table = validate.table});
    } else if (step_.constraint) {
      on_old({.kind = WorkKind::scan, .table = validate.table});
    } else {
      // A check is read faster than a foreign key.
      on_old({.kind = WorkKind::look_up, .table = validate.table, .maybe = true});
    }
  }

  void attach(const action::AttachPartition& attach) {
    if (!step_.partition.born && !step_.partition_is_checked) {
      add({.kind = WorkKind::scan, .table = attach.partition, .size = step_.partition.size});
    }
    if (step_.table.has_default_partition && !attach.as_default) {
      add({.kind = WorkKind::unknown, .table = attach.table});
    }
  }

  void create_index(const action::CreateIndex& create) {
    if (create.only) {
      return;
    }
    const bool is_tree = create.method.empty() || create.method == "btree";
    on_old({.kind = is_tree ? WorkKind::build_index : WorkKind::unknown,
            .table = create.table,
            .times = create.concurrently ? 2 : 1});
  }

  void reindex(const action::Reindex& reindex) {
    const bool is_one = reindex.kind == "TABLE" || reindex.kind == "INDEX";
    if (!is_one) {
      add({.kind = WorkKind::unknown, .table = reindex.object});
      return;
    }
    const bool is_table = reindex.kind == "TABLE";
    const int indexes = is_table && step_.table.size ? step_.table.size->indexes : 1;
    on_old({.kind = WorkKind::build_index,
            .table = reindex.object,
            .times = indexes * (reindex.concurrently ? 2 : 1)});
  }

  void vacuum(const action::Vacuum& vacuum) {
    if (!vacuum.full) {
      return;
    }
    if (vacuum.tables.size() == 1) {
      on_old({.kind = WorkKind::rewrite, .table = vacuum.tables.front()});
    } else {
      add({.kind = WorkKind::unknown, .table = {}});
    }
  }

  void write(const action::WriteRows& write) {
    using action::RowChange;
    if (write.few) {
      return;
    }
    if (!step_.is_old()) { // what it is filled from may be large
      add({.kind = WorkKind::unknown, .table = write.table});
      return;
    }
    const bool is_all = !write.bounded && (write.change == RowChange::update);
    on_old({.kind = is_all ? WorkKind::update : WorkKind::unknown, .table = write.table});
  }

  void select(const action::ReadRows& select) {
    for (const auto& table : select.tables) {
      add({.kind = WorkKind::unknown, .table = table});
    }
  }

  /// Of its own functions PostgreSQL has few that take long, and nobody knows another one.
  void call(const action::CallFunction& call) {
    constexpr auto quick = std::to_array<std::string_view>(
        {"set_config", "current_setting", "setval", "nextval", "currval", "lastval", "now",
         "current_schema", "version", "pg_advisory_unlock", "pg_try_advisory_lock",
         "pg_try_advisory_xact_lock", "pg_notify", "pg_get_serial_sequence", "gen_random_uuid",
         "uuid_generate_v4", "random", "clock_timestamp", "timeofday"});
    if (std::find(quick.begin(), quick.end(), call.name) == quick.end()) {
      add({.kind = WorkKind::unknown, .table = {}});
    }
  }

  void create(const action::CreateTable& create) {
    if (create.from_query) {
      add({.kind = WorkKind::unknown, .table = create.table});
    }
  }

  void run(const action::RunCode& code) {
    if (code.opaque) {
      add({.kind = WorkKind::unknown, .table = {}});
    }
  }

  const Reading& reading_;
  const ReadStep& step_;
  std::vector<Work> works_;
};

} // namespace

std::vector<Work> work_of(const Reading& reading, const ReadStep& step) {
  return WorkReader(reading, step).read();
}

} // namespace pgtool
