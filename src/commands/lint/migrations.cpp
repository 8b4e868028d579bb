#include "commands/lint/migrations.hpp"

#include "base/shown_path.hpp"
#include "sql/type_named.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <iterator>
#include <map>

namespace pgtool {
namespace {

/// Of a name as Django has it: "table", or "schema"."table" in quotes that it was given.
Relation relation_of_table(const std::string& name) {
  const auto between = name.find("\".\"");
  if (between == std::string::npos) {
    return {"", name};
  }
  const auto first = name.starts_with('"') ? 1U : 0U;
  auto table = name.substr(between + 3);
  if (table.ends_with('"')) {
    table.pop_back();
  }
  return {name.substr(first, between - first), std::move(table)};
}

std::optional<TypeName> type_of_column(const std::string& text) {
  static std::map<std::string, std::optional<TypeName>> known;
  const auto [place, is_new] = known.try_emplace(text);
  if (is_new) {
    place->second = type_named(text);
  }
  return place->second;
}

ConstraintKind kind_of(const std::string& word) {
  if (word == "unique") {
    return ConstraintKind::unique;
  }
  if (word == "foreign") {
    return ConstraintKind::foreign_key;
  }
  if (word == "primary") {
    return ConstraintKind::primary_key;
  }
  return word == "exclude" ? ConstraintKind::exclusion : ConstraintKind::check;
}

/// What Django's state says of the tables before a migration. What SQL has said beside it stays.
void know_tables(const Value& tables, Schema& schema) {
  for (const auto& [name, table] : tables.members()) {
    auto& known = schema.know(relation_of_table(name));
    for (const auto& [column, facts] : table["columns"].members()) {
      auto& one = known.columns[column];
      one.type = type_of_column(facts["type"].text());
      one.not_null = !facts["null"].truth();
    }
    for (const auto& [constraint, facts] : table["constraints"].members()) {
      auto& one = known.constraints[constraint];
      one.kind = kind_of(facts["kind"].text());
      one.valid = facts["valid"].truth(true);
      for (const auto& column : facts["columns"].elements()) {
        one.columns.push_back(column.text());
      }
    }
  }
}

std::vector<CodePlace> places_of(const Value& list) {
  std::vector<CodePlace> places;
  for (const auto& one : list.elements()) {
    places.push_back(
        {one["name"].text(), static_cast<int>(one["line"].number()), one["atomic"].truth()});
  }
  return places;
}

/// What may help where the SQL of an operation is not known.
std::string cure_for(const Value& told) {
  const auto reason = told["reason"].text();
  if (reason == "database") {
    return "with --live the database is asked for what Django needs";
  }
  return reason == "silent" ? fmt::format("read database_forwards() of {}: it is not run here",
                                          told["path"].text())
                            : "";
}

/// The statements that a call in source sends; of an expression one that has it.
std::vector<Statement> statements_of(const Value& query, int line) {
  const bool is_part = query["fragment"].truth();
  const auto text = query["text"].text();
  auto statements = read_script(is_part ? "SELECT (" + text + "\n)" : text);
  for (auto& statement : statements) {
    statement.line = statement.problem_line = line;
    // What is filled in when it runs need not be a whole statement.
    statement.problem = is_part || query["dynamic"].truth() ? "" : statement.problem;
  }
  return statements;
}

/// The statements of one migration in their order, each with the line of its operation.
class Collector {
public:
  Collector(const Value& migration, LintSubject& subject)
      : migration_(migration), subject_(subject) {
    django_.line = static_cast<int>(migration["line"].number(1));
    django_.atomic = migration["atomic"].truth(true);
    django_.initial = migration["initial"].truth();
    name_ = migration["app"].text() + "." + migration["name"].text();
  }

  void collect() {
    for (const auto& operation : migration_["operations"].elements()) {
      add_operation(operation);
    }
    add_deferred();
  }

  Reading read(const LintTerms& terms, Schema& schema) {
    ReadingTerms reading;
    reading.name = name_;
    reading.file = shown_path(migration_["file"].text());
    reading.sender = Sender::migration;
    reading.pool_mode = terms.pool_mode;
    reading.server_version = terms.server_version;
    reading.wrapped = django_.atomic;
    reading.first_line = 0;
    auto result = read_statements(std::move(statements_), reading, schema);
    result.django = std::move(django_);
    return result;
  }

  DjangoMigration& django() { return django_; }
  [[nodiscard]] const std::vector<Statement>& statements() const { return statements_; }

private:
  void add_operation(const Value& told) {
    DjangoOperation operation;
    operation.kind = told["class"].text();
    operation.says = told["says"].text();
    operation.line = static_cast<int>(told["line"].number(django_.line));
    operation.reversible = told["reversible"].truth(true);
    const auto& python = told["python"];
    operation.runs_python = !python.is_null();
    operation.runs_sql = operation.kind == "RunSQL";
    operation.changes_schema = told["kind"].text() == "schema";
    operation.writes = python["writes"].truth();
    operation.imported_models = places_of(python["imports_models"]);
    operation.iterators = places_of(python["iterators"]);
    operation.source = told["source"].text();
    for (const auto& line : told["source_imports"].elements()) {
      operation.source_imports += "# " + line.text() + "\n";
    }
    for (const auto& [rule, form] : told["safe"].members()) {
      operation.safe[rule] = form.text();
    }
    operation.first_statement = statements_.size();
    add_texts(told["sql"], operation.line);
    for (const auto& query : python["queries"].elements()) {
      const auto line = static_cast<int>(query["line"].number(operation.line));
      for (auto& statement : statements_of(query, line)) {
        statements_.push_back(std::move(statement));
      }
    }
    operation.end_statement = statements_.size();
    if (const auto error = told["error"].text(); !error.empty()) {
      add_unknown(
          {name_ + ": " + operation.says, "its SQL is not known: " + error, cure_for(told)});
    }
    django_.operations.push_back(std::move(operation));
  }

  /// What comes at the end of the migration, with the operation that each statement is of.
  void add_deferred() {
    const auto& owners = migration_["deferred_by"].elements();
    std::size_t at = 0;
    for (const auto& text : migration_["deferred_sql"].elements()) {
      const auto first = statements_.size();
      add_text(text.text(), django_.line);
      const auto owner = at < owners.size() ? owners[at].number(-1) : -1;
      if (owner >= 0 && static_cast<std::size_t>(owner) < django_.operations.size()) {
        auto& operation = django_.operations[static_cast<std::size_t>(owner)];
        for (auto statement = first; statement < statements_.size(); ++statement) {
          operation.deferred.push_back(statement);
        }
      }
      ++at;
    }
  }

  /// Several operations of a migration may say the same.
  void add_unknown(Unknown one) {
    const bool is_told =
        std::any_of(subject_.unknown.begin(), subject_.unknown.end(), [&](const Unknown& other) {
          return other.what == one.what && other.why == one.why;
        });
    if (!is_told) {
      subject_.unknown.push_back(std::move(one));
    }
  }

  void add_texts(const Value& texts, int line) {
    for (const auto& text : texts.elements()) {
      add_text(text.text(), line);
    }
  }

  void add_text(const std::string& text, int line) {
    for (auto& statement : read_script(text)) {
      statement.line = line;
      statement.problem_line = line;
      statements_.push_back(std::move(statement));
    }
  }

  const Value& migration_;
  LintSubject& subject_;
  std::string name_;
  DjangoMigration django_;
  std::vector<Statement> statements_;
};

/// SQL of migrations that are not judged: what it made, and which checks it validated.
void know_history(const Value& history, Schema& schema) {
  for (const auto& migration : history.elements()) {
    for (const auto& text : migration["sql"].elements()) {
      read_statements(read_script(text.text()), {}, schema);
    }
  }
  schema.age();
}

} // namespace

void read_migrations(const Value& answer, const LintTerms& terms, bool one_plan,
                     const LiveSession& live, Before before, LintSubject& subject) {
  Schema schema;
  know_history(answer["history"], schema);
  std::vector<Collector> collectors;
  for (const auto& migration : answer["migrations"].elements()) {
    collectors.emplace_back(migration, subject).collect();
  }
  if (live.session != nullptr) {
    NamedRelations names;
    for (const auto& collector : collectors) {
      names.add(collector.statements());
    }
    know_live(live, names, before, schema, subject.unknown);
  }
  // The initial migrations of an app are several where its models refer to each other: nobody has
  // ever deployed the first without the others.
  std::map<std::string, std::vector<std::string>> of_first_deploy;
  for (std::size_t at = 0; at < collectors.size(); ++at) {
    const auto& migration = answer["migrations"].elements()[at];
    auto& collector = collectors[at];
    auto& first_tables = of_first_deploy[migration["app"].text()];
    if (migration["initial"].truth()) {
      schema.renew(first_tables);
    }
    know_tables(migration["tables"], schema);
    for (const auto& leaf : answer["conflicts"][migration["app"].text()].elements()) {
      collector.django().conflicts.push_back(leaf.text());
    }
    subject.readings.push_back(collector.read(terms, schema));
    ++subject.migrations;
    if (one_plan) {
      continue;
    }
    const auto aged = schema.age();
    if (migration["initial"].truth()) {
      first_tables.insert(first_tables.end(), aged.begin(), aged.end());
    }
  }
}

void read_queries(const Value& answer, const LintTerms& terms, LintSubject& subject) {
  for (const auto& query : answer["queries"].elements()) {
    ReadingTerms reading;
    reading.file = shown_path(query["file"].text());
    reading.name = reading.file;
    reading.sender = Sender::application;
    reading.pool_mode = terms.pool_mode;
    reading.server_version = terms.server_version;
    reading.wrapped = query["atomic"].truth();
    reading.first_line = 0;
    auto statements = statements_of(query, static_cast<int>(query["line"].number(1)));
    Schema schema;
    subject.readings.push_back(read_statements(std::move(statements), reading, schema));
  }
  for (const auto& file : answer["unread"].elements()) {
    subject.unknown.push_back({shown_path(file["file"].text()), file["why"].text(), ""});
  }
}

} // namespace pgtool
