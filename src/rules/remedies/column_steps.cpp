#include "rules/remedies/column_steps.hpp"

#include "rules/reading/remarks.hpp"
#include "rules/remedies/batches.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>

namespace pgtool {
namespace {

/// What an ADD COLUMN works with, as it is written.
struct Column {
  Relation relation;
  std::string table;
  std::string name;
  std::string bare_name;

  Column(const Relation& of, const std::string& column)
      : relation(of), table(written(of)), name(quote_identifier(column)), bare_name(column) {}

  /// "shop"."order_total_fill", in the table's schema.
  [[nodiscard]] std::string beside(const std::string& what) const {
    return written({relation.schema, relation.name + "_" + bare_name + what});
  }
  [[nodiscard]] std::string alter(const std::string& what) const {
    return fmt::format("ALTER TABLE {} ALTER COLUMN {} {}", table, name, what);
  }
  [[nodiscard]] std::string drop() const {
    return fmt::format("ALTER TABLE {} DROP COLUMN {}", table, name);
  }
};

void append(SafeSteps& steps, SafeSteps more) {
  std::move(more.begin(), more.end(), std::back_inserter(steps));
}

/// Fills NULL with what is the column's default by now.
SafeStep fill(const Column& column) {
  return {in_batches(column.relation,
                     fmt::format("UPDATE {} SET {} = DEFAULT", column.table, column.name),
                     column.name + " IS NULL"),
          "", "the rows that are there"};
}

std::string integer_of(const std::string& serial) {
  static const std::map<std::string, std::string> types{
      {"serial", "integer"}, {"serial4", "integer"},      {"bigserial", "bigint"},
      {"serial8", "bigint"}, {"smallserial", "smallint"}, {"serial2", "smallint"}};
  const auto found = types.find(serial);
  return found != types.end() ? found->second : serial;
}

SafeSteps counting_steps(const Column& column, const ColumnDefinition& definition,
                         const AlterPart& part) {
  const auto identity = part.kept.substr(std::min(part.kept.size(), part.bare.size()));
  if (!definition.serial && (part.kept.empty() || identity.find('(') != std::string::npos)) {
    return {}; // a sequence with options of its own
  }
  const auto type = definition.serial ? integer_of(definition.type.name) : part.type;
  const auto sequence = column.beside(definition.serial ? "_seq" : "_fill");
  SafeSteps steps{
      {fmt::format("ALTER TABLE {} ADD COLUMN {} {}", column.table, column.name, type),
       column.drop(), ""},
      {fmt::format("CREATE SEQUENCE {} AS {} OWNED BY {}.{}", sequence, type, column.table,
                   column.name),
       "", ""},
      {column.alter(fmt::format("SET DEFAULT nextval({})", quote_literal(sequence))), "", ""},
      fill(column)};
  append(steps, not_null_steps(column.relation, column.bare_name));
  if (definition.identity) {
    const auto always = identity.find("ALWAYS") != std::string::npos ? "ALWAYS" : "BY DEFAULT";
    steps.push_back({fmt::format("BEGIN;\n{};\n{};\nSELECT setval(pg_get_serial_sequence({}, {}), "
                                 "nextval({}));\nDROP SEQUENCE {};\nCOMMIT",
                                 column.alter("DROP DEFAULT"),
                                 column.alter(fmt::format("ADD GENERATED {} AS IDENTITY", always)),
                                 quote_literal(column.table), quote_literal(column.bare_name),
                                 quote_literal(sequence), sequence),
                     "", "all that is left for the lock"});
  }
  return steps;
}

/// A function that computes the column when a row is written, and its trigger.
SafeSteps trigger_steps(const Column& column, const std::string& target,
                        const std::string& expression) {
  const auto function = column.beside("_fill");
  const auto trigger = quote_identifier(column.relation.name + "_" + column.bare_name + "_fill");
  return {{fmt::format("CREATE FUNCTION {0}() RETURNS trigger LANGUAGE plpgsql AS $fill$\nBEGIN\n"
                       "  SELECT {1} INTO NEW.{2} FROM (SELECT NEW.*) AS {3};\n  RETURN NEW;\n"
                       "END $fill$",
                       function, expression, target, quote_identifier(column.relation.name)),
           fmt::format("DROP FUNCTION {}()", function), ""},
          {fmt::format("CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE "
                       "FUNCTION {}()",
                       trigger, column.table, function),
           fmt::format("DROP TRIGGER {} ON {}", trigger, column.table), ""}};
}

SafeSteps generated_steps(const Column& column, const AlterPart& part) {
  SafeSteps steps{{part.bare, column.drop(), "a plain column that a trigger fills"}};
  append(steps, trigger_steps(column, column.name, part.value));
  steps.push_back(
      {in_batches(column.relation,
                  fmt::format("UPDATE {} SET {} = {}", column.table, column.name, part.value),
                  fmt::format("{} IS NULL AND ({}) IS NOT NULL", column.name, part.value)),
       "", "the rows that are there"});
  return steps;
}

SafeSteps late_default_steps(const Column& column, const ColumnDefinition& definition,
                             const AlterPart& part) {
  SafeSteps steps{{part.bare, column.drop(), ""},
                  {column.alter("SET DEFAULT " + part.value), "", ""},
                  fill(column)};
  if (definition.not_null) {
    append(steps, not_null_steps(column.relation, column.bare_name));
  }
  return steps;
}

/// A value that is as good as none, for types that have such a one.
std::string neutral_value(const TypeName& type) {
  static const std::map<std::string, std::string> values{{"int2", "0"},
                                                         {"int4", "0"},
                                                         {"int8", "0"},
                                                         {"numeric", "0"},
                                                         {"float4", "0"},
                                                         {"float8", "0"},
                                                         {"bool", "false"},
                                                         {"text", "''"},
                                                         {"varchar", "''"},
                                                         {"jsonb", "'{}'"},
                                                         {"json", "'{}'"},
                                                         {"date", "'-infinity'"},
                                                         {"timestamp", "'-infinity'"},
                                                         {"timestamptz", "'-infinity'"}};
  const auto found = type.array ? values.end() : values.find(type.name);
  return type.array ? "'{}'" : found != values.end() ? found->second : "";
}

SafeSteps required_steps(const Column& column, const ColumnDefinition& definition,
                         const AlterPart& part) {
  const auto value = neutral_value(definition.type);
  if (value.empty()) {
    return {};
  }
  return {
      {fmt::format("{} NOT NULL DEFAULT {}", part.bare, value), column.drop(),
       fmt::format("{} is what the rows that are there get: put in what is true of them", value)}};
}

SafeSteps plain_steps(const Reading& reading, const ReadStep& step, const Column& column,
                      const AlterPart& part) {
  const auto& definition = std::get<action::AddColumn>(step.action).column;
  const auto& value = definition.value;
  const bool has_value = value && !value->null;
  if (definition.serial || definition.identity) {
    return counting_steps(column, definition, part);
  }
  if (definition.generated) {
    return part.value.find('$') == std::string::npos ? generated_steps(column, part) : SafeSteps{};
  }
  constexpr int constants_since = 11;
  if (has_value && reading.is_before(constants_since)) {
    return {}; // DO blocks cannot COMMIT there
  }
  if (has_value && value->volatility != Volatility::steady) {
    return late_default_steps(column, definition, part);
  }
  if (definition.not_null && !has_value) {
    return required_steps(column, definition, part);
  }
  return {{part.kept, column.drop(), ""}};
}

bool is_unique(const AlterPart& part) {
  return std::any_of(part.constraints.begin(), part.constraints.end(),
                     [](const ConstraintSteps& one) { return !one.index.empty(); });
}

} // namespace

SafeSteps not_null_steps(const Relation& table, const std::string& column) {
  const Column one(table, column);
  const auto check = quote_identifier(table.name + "_" + column + "_not_null");
  return {{fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID",
                       one.table, check, one.name),
           "", "a check that is validated spares SET NOT NULL its look at each row"},
          {fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}", one.table, check), "", ""},
          {one.alter("SET NOT NULL"), one.alter("DROP NOT NULL"), ""},
          {fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", one.table, check), "", ""}};
}

SafeSteps constraint_steps(const Relation& table, const ConstraintSteps& constraint) {
  const auto name = quote_identifier(constraint.name);
  const auto drop = fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", written(table), name);
  if (!constraint.not_valid.empty() && !constraint.definition.not_valid) {
    return {{constraint.not_valid, drop, ""},
            {fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}", written(table), name), "", ""}};
  }
  if (!constraint.index.empty() && constraint.definition.using_index.empty()) {
    SafeSteps steps;
    if (constraint.definition.kind == ConstraintKind::primary_key) {
      for (const auto& column : constraint.definition.columns) {
        append(steps, not_null_steps(table, column));
      }
    }
    const auto index = written({table.schema, constraint.name});
    steps.push_back(
        {constraint.index, fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {}", index), ""});
    steps.push_back({constraint.from_index, drop, ""});
    return steps;
  }
  return {};
}

SafeSteps added_column_steps(const Reading& reading, const ReadStep& step, const AlterPart& part) {
  const auto& add = std::get<action::AddColumn>(step.action);
  if (step.constrained_domain || part.bare.empty()) {
    return {};
  }
  const auto& value = add.column.value;
  const bool has_value = (value && !value->null) || add.column.serial || add.column.identity;
  if (add.column.not_null && !has_value && is_unique(part)) {
    return {}; // no value is right for all rows
  }
  auto steps = plain_steps(reading, step, Column(add.table, add.column.name), part);
  for (const auto& constraint : part.constraints) {
    auto more = constraint_steps(add.table, constraint);
    if (steps.empty() || more.empty()) {
      return {};
    }
    append(steps, std::move(more));
  }
  return steps;
}

SafeSteps type_steps(const action::ChangeColumnType& change, const AlterPart& part) {
  const Column old(change.table, change.column);
  const Column fresh(change.table, change.column + "_new");
  const auto value = change.converts ? part.value : old.name;
  if (value.empty() || part.type.empty() || value.find('$') != std::string::npos) {
    return {};
  }
  SafeSteps steps{
      {fmt::format("ALTER TABLE {} ADD COLUMN {} {}", old.table, fresh.name, part.type), "", ""}};
  append(steps, trigger_steps(fresh, fresh.name, value));
  steps.push_back(
      {in_batches(change.table, fmt::format("UPDATE {} SET {} = {}", old.table, fresh.name, value),
                  fmt::format("{} IS NULL AND ({}) IS NOT NULL", fresh.name, value)),
       "", "the rows that are there"});
  const auto left = quote_identifier(change.column + "_old");
  const auto function = fresh.beside("_fill");
  const auto trigger = quote_identifier(change.table.name + "_" + fresh.bare_name + "_fill");
  steps.push_back({fmt::format("BEGIN;\nSET LOCAL lock_timeout = '2s';\n"
                               "DROP TRIGGER {1} ON {0};\nDROP FUNCTION {2}();\n"
                               "{3};\nALTER TABLE {0} RENAME COLUMN {4} TO {5};\n"
                               "ALTER TABLE {0} RENAME COLUMN {6} TO {4};\nCOMMIT",
                               old.table, trigger, function, old.alter("DROP NOT NULL"), old.name,
                               left, fresh.name),
                   "",
                   fmt::format("give {} what {} has besides its type before it takes its place: "
                               "NOT NULL, a default, indexes, constraints",
                               fresh.name, old.name)});
  steps.push_back({fmt::format("ALTER TABLE {} DROP COLUMN {}", old.table, left), "", "", true});
  return steps;
}

} // namespace pgtool
