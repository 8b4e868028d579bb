#pragma once

#include <map>
#include <string>
#include <vector>

namespace pgtool {

/// A line of the code of a RunPython.
struct CodePlace {
  std::string name; ///< what stands there: a model, a function
  int line = 0;
  bool atomic = false; ///< inside a transaction
};

/// What Django tells of an operation beside its SQL.
struct DjangoOperation {
  std::string kind; ///< its class: "AddField"
  std::string says; ///< describe()
  int line = 0;
  bool reversible = true;
  bool runs_python = false;
  bool runs_sql = false; ///< RunSQL
  bool changes_schema = false;
  bool writes = false; ///< the code of a RunPython seems to write rows
  std::vector<CodePlace> imported_models;
  std::vector<CodePlace> iterators; ///< calls of .iterator()
  std::size_t first_statement = 0;  ///< its statements in Reading::statements
  std::size_t end_statement = 0;
  std::vector<std::size_t> deferred; ///< and those that come at the end of its migration
  std::string source;                ///< as it stands in a migration; "" where that is not known
  std::string source_imports;        ///< what that needs: a line for each
  std::map<std::string, std::string> safe; ///< by rule: the operations that do without its hazard
};

struct DjangoMigration {
  int line = 0; ///< of its class
  bool atomic = true;
  bool initial = false;
  std::vector<std::string> conflicts; ///< leaf nodes of its app, where there are several
  std::vector<DjangoOperation> operations;
};

} // namespace pgtool
