#include "django/messages.hpp"

namespace pgtool {
namespace {

Alias read_alias(const Value& message) {
  Alias alias;
  alias.name = message["name"].text();
  alias.engine = message["engine"].text();
  alias.vendor = message["vendor"].text();
  alias.server_side_cursors = !message["disable_server_side_cursors"].truth();
  alias.driver_pool = message["pool"].truth();
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
  for (const auto& [name, value] : message["environment"].members()) {
    settings.environment.insert_or_assign(name, value.text());
  }
  for (const auto& alias : message["aliases"].elements()) {
    settings.aliases.push_back(read_alias(alias));
  }
  return settings;
}

} // namespace pgtool
