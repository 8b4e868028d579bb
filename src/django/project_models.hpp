#pragma once

#include "base/value.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// A table that Django would use on one alias.
struct ModelTable {
  std::string model;   ///< "shop.Order"; an automatic many-to-many table has a model, too
  std::string table;   ///< db_table exactly as it is written, quotes included
  bool managed = true; ///< false: migrations do not make it
};

/// What the project runs on each new connection: a receiver of Django's connection_created.
struct ConnectionHook {
  std::string name; ///< dotted
  std::string file; ///< empty when it is not known
  int line = 0;
  bool sets_path = false; ///< its source speaks of search_path, which would override a role's
};

/// The models of a project as one alias has them, by its routers.
struct ProjectModels {
  std::vector<ModelTable> tables; ///< django_migrations included, proxies left out
  std::vector<ConnectionHook> hooks;
  std::string error; ///< why they are not known: the apps do not load
};

/// The answer to `settings` that asks for them, and the reader of what comes back.
Value models_question(const std::string& alias);
ProjectModels read_models(const Value& message);

} // namespace pgtool
