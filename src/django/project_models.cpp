#include "django/project_models.hpp"

namespace pgtool {
namespace {

std::vector<ModelTable> read_tables(const Value& list) {
  std::vector<ModelTable> tables;
  for (const auto& table : list.elements()) {
    tables.push_back({table["model"].text(), table["table"].text(), table["managed"].truth(true)});
  }
  return tables;
}

Value question(const char* what, const std::string& alias) {
  return Value::object({{"do", what}, {"alias", alias}});
}

} // namespace

Value models_question(const std::string& alias) { return question("models", alias); }

Value view_question(const std::string& alias) { return question("view", alias); }

ProjectModels read_models(const Value& message) {
  ProjectModels models;
  models.tables = read_tables(message["tables"]);
  for (const auto& hook : message["hooks"].elements()) {
    models.hooks.push_back({hook["name"].text(), hook["file"].text(),
                            static_cast<int>(hook["line"].number()), hook["sets_path"].truth()});
  }
  models.error = message["error"].text();
  return models;
}

DjangoView read_view(const Value& message) {
  DjangoView view;
  view.search_path = message["search_path"].text();
  view.missing = read_tables(message["missing"]);
  for (const auto& migration : message["unapplied"].elements()) {
    view.unapplied.push_back(migration.text());
  }
  view.error = message["error"].text();
  return view;
}

} // namespace pgtool
