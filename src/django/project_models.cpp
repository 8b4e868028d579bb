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

} // namespace

Value models_question(const std::string& alias) {
  return Value::object({{"do", "models"}, {"alias", alias}});
}

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

} // namespace pgtool
