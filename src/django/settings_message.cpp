#include "django/messages.hpp"

namespace pgtool {
namespace {

std::optional<std::int64_t> number_or_nothing(const Value& value) {
  return value.is_null() ? std::nullopt : std::optional(value.number());
}

std::vector<std::string> texts_of(const Value& list) {
  std::vector<std::string> texts;
  for (const auto& one : list.elements()) {
    texts.push_back(one.text());
  }
  return texts;
}

Alias read_alias(const Value& message) {
  Alias alias;
  alias.name = message["name"].text();
  alias.engine = message["engine"].text();
  alias.vendor = message["vendor"].text();
  alias.server_side_cursors = !message["disable_server_side_cursors"].truth();
  alias.driver_pool = message["pool"].truth();
  alias.server_side_binding = message["server_side_binding"].truth();
  alias.atomic_requests = message["atomic_requests"].truth();
  alias.health_checks = message["conn_health_checks"].truth();
  alias.conn_max_age = number_or_nothing(message["conn_max_age"]);
  alias.prepare_threshold = number_or_nothing(message["prepare_threshold"]);
  alias.time_zone = message["time_zone"].text();
  alias.password_computed = message["password_computed"].truth();
  alias.assume_role = message["assume_role"].text();
  alias.error = message["error"].text();
  alias.endpoint.origin = "alias '" + alias.name + "'";
  for (const auto& [keyword, value] : message["parameters"].members()) {
    alias.endpoint.set(keyword, value.text());
  }
  alias.endpoint.password = Secret(message["password"].text());
  return alias;
}

} // namespace

const Alias* ProjectSettings::find(const std::string& name) const {
  for (const auto& alias : aliases) {
    if (alias.name == name) {
      return &alias;
    }
  }
  return nullptr;
}

ProjectSettings read_settings(const Value& message) {
  ProjectSettings settings;
  settings.django_version = message["django"].text();
  settings.settings_module = message["settings_module"].text();
  settings.base_dir = message["base_dir"].text();
  settings.source_dirs = texts_of(message["source_dirs"]);
  settings.apps = texts_of(message["installed_apps"]);
  settings.middleware = texts_of(message["middleware"]);
  settings.silenced_checks = texts_of(message["silenced_checks"]);
  for (const auto& [name, value] : message["environment"].members()) {
    settings.environment.insert_or_assign(name, value.text());
  }
  for (const auto& alias : message["aliases"].elements()) {
    settings.aliases.push_back(read_alias(alias));
  }
  return settings;
}

} // namespace pgtool
