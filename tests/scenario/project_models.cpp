#include "base/error.hpp"
#include "base/json.hpp"
#include "commands/django_view.hpp"
#include "commands/project_link.hpp"

#include <cstdlib>
#include <exception>
#include <fmt/core.h>
#include <string_view>

// What pgtool learns of the models of the project here, for test_project_models.py and
// test_django_view.py: `models ALIAS…` asks one process about each alias, `view ALIAS` looks
// through Django.

using namespace pgtool;

namespace {

Value told(const std::vector<ModelTable>& tables) {
  Value list = Value::array();
  for (const auto& table : tables) {
    list.add(Value::object(
        {{"model", table.model}, {"table", table.table}, {"managed", table.managed}}));
  }
  return list;
}

Value told(const ProjectModels& models) {
  Value hooks = Value::array();
  for (const auto& hook : models.hooks) {
    hooks.add(Value::object({{"name", hook.name},
                             {"file", hook.file},
                             {"line", hook.line},
                             {"sets_path", hook.sets_path}}));
  }
  return Value::object(
      {{"tables", told(models.tables)}, {"hooks", hooks}, {"error", models.error}});
}

Value told(const DjangoView& view) {
  Value unapplied = Value::array();
  for (const auto& migration : view.unapplied) {
    unapplied.add(migration);
  }
  return Value::object({{"search_path", view.search_path},
                        {"missing", told(view.missing)},
                        {"unapplied", unapplied},
                        {"error", view.error}});
}

CommonOptions here() {
  CommonOptions common;
  common.project.dir = ".";
  const char* python = std::getenv("PGTOOL_PYTHON");
  common.project.python = python != nullptr ? python : "";
  return common;
}

Context world(char** variables) {
  Context context;
  for (; *variables != nullptr; ++variables) {
    const std::string_view text(*variables);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) {
      context.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  const auto patience = context.environment.find("PATIENCE");
  if (patience != context.environment.end()) {
    context.patience = std::chrono::seconds(std::stoi(patience->second));
  }
  return context;
}

void print_models(const Context& context, const std::vector<std::string>& aliases) {
  auto link = open_project(here(), context, {"check"}, true);
  Value all = Value::array();
  for (const auto& alias : aliases) {
    all.add(told(ask_models(link, alias)));
  }
  stop_project(link, 0);
  fmt::print("{}\n", dump_json(all));
}

} // namespace

int main(int count, char** words, char** variables) {
  try {
    const auto context = world(variables);
    const std::vector<std::string> aliases(words + 2, words + count);
    if (std::string_view(words[1]) == "models") {
      print_models(context, aliases);
    } else {
      fmt::print("{}\n", dump_json(told(look_through_django(here(), context, aliases.front()))));
    }
    return 0;
  } catch (const Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return static_cast<int>(error.kind());
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
