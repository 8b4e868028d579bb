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

/// What Django sees through an alias exactly as it is configured.
struct DjangoView {
  std::string search_path;
  std::vector<ModelTable> missing;    ///< tables of models that are not visible there
  std::vector<std::string> unapplied; ///< "shop.0001_initial", in the order of `migrate --plan`
  std::string error; ///< why it is not known, or not all of it: what was seen before stands
};

/// The answers to `settings` that ask about the apps, and the readers of what comes back.
Value models_question(const std::string& alias);
Value view_question(const std::string& alias);
ProjectModels read_models(const Value& message);
DjangoView read_view(const Value& message);

} // namespace pgtool
