#include "statement_cases.hpp"

using namespace pgtool;
using namespace pgtool::test;

namespace {

DjangoMigration migration_of(std::vector<DjangoOperation> operations) {
  DjangoMigration migration;
  migration.line = 4;
  migration.operations = std::move(operations);
  return migration;
}

DjangoOperation runs_python(bool reversible) {
  DjangoOperation operation;
  operation.kind = "RunPython";
  operation.line = 9;
  operation.runs_python = true;
  operation.reversible = reversible;
  operation.first_statement = operation.end_statement = 1;
  return operation;
}

DjangoOperation runs_sql(bool reversible) {
  DjangoOperation operation;
  operation.kind = "RunSQL";
  operation.line = 8;
  operation.runs_sql = true;
  operation.reversible = reversible;
  operation.end_statement = 1;
  return operation;
}

DjangoMigration python_one_way() { return migration_of({runs_python(false)}); }
DjangoMigration python_both_ways() { return migration_of({runs_python(true)}); }
DjangoMigration sql_one_way() { return migration_of({runs_sql(false)}); }
DjangoMigration sql_both_ways() { return migration_of({runs_sql(true)}); }

DjangoMigration imports() {
  auto operation = runs_python(true);
  operation.imported_models.push_back({"Order", 2});
  return migration_of({operation});
}

DjangoMigration fills_after_schema() {
  auto operation = runs_python(true);
  operation.writes = true;
  return migration_of({runs_sql(true), operation});
}

DjangoMigration reads_after_schema() { return migration_of({runs_sql(true), runs_python(true)}); }

DjangoMigration iterates() {
  auto operation = runs_python(true);
  operation.iterators.push_back({"", 3, false});
  return migration_of({operation});
}

DjangoMigration iterates_in_transaction() {
  auto operation = runs_python(true);
  operation.iterators.push_back({"", 3, true});
  return migration_of({operation});
}

DjangoMigration conflicts() {
  auto migration = migration_of({});
  migration.conflicts = {"0002_other", "sql"};
  return migration;
}

DjangoMigration no_conflict() { return migration_of({}); }

const char* const adds = "alter table a add b int";

const RegisteredStatement cases[] = {
    RegisteredStatement({"runpython-not-reversible", "without reverse_code", Severity::info, "", "",
                         true, "unknown", 0, python_one_way}),
    RegisteredStatement({"runpython-not-reversible", "with it", std::nullopt, "", "", true,
                         "unknown", 0, python_both_ways}),
    RegisteredStatement({"runsql-not-reversible", "without reverse_sql", Severity::info, adds, "",
                         true, "unknown", 0, sql_one_way}),
    RegisteredStatement({"runsql-not-reversible", "with it", std::nullopt, adds, "", true,
                         "unknown", 0, sql_both_ways}),
    RegisteredStatement({"runpython-model-import", "a model of today", Severity::warning, "", "",
                         true, "unknown", 0, imports}),
    RegisteredStatement({"runpython-model-import", "a model of the state", std::nullopt, "", "",
                         true, "unknown", 0, python_both_ways}),
    RegisteredStatement({"runpython-mixed-with-schema", "rows behind a column", Severity::warning,
                         adds, "", true, "unknown", 0, fills_after_schema}),
    RegisteredStatement({"runpython-mixed-with-schema", "it writes nothing", std::nullopt, adds, "",
                         true, "unknown", 0, reads_after_schema}),
    RegisteredStatement({"runpython-mixed-with-schema", "without a transaction", std::nullopt, adds,
                         "", false, "unknown", 0, fills_after_schema}),
    RegisteredStatement({"iterator-outside-transaction", "behind a pooler", Severity::error, "", "",
                         false, "transaction", 0, iterates}),
    RegisteredStatement({"iterator-outside-transaction", "a mode that nobody tells",
                         Severity::warning, "", "", false, "unknown", 0, iterates}),
    RegisteredStatement({"iterator-outside-transaction", "in a transaction of its own",
                         std::nullopt, "", "", false, "transaction", 0, iterates_in_transaction}),
    RegisteredStatement({"iterator-outside-transaction", "an atomic migration", std::nullopt, "",
                         "", true, "transaction", 0, iterates}),
    RegisteredStatement({"conflicting-leaf-nodes", "told with the last of them", Severity::error,
                         "", "", true, "unknown", 0, conflicts}),
    RegisteredStatement({"conflicting-leaf-nodes", "one leaf", std::nullopt, "", "", true,
                         "unknown", 0, no_conflict}),
};

} // namespace
