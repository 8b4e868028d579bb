#include "django/messages.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pgtool {
namespace {

// Said by HOST, PORT, NAME, USER and PASSWORD, or pgtool's own business.
constexpr std::array<std::string_view, 9> not_options{"host",
                                                      "hostaddr",
                                                      "port",
                                                      "dbname",
                                                      "user",
                                                      "password",
                                                      "service",
                                                      "application_name",
                                                      "fallback_application_name"};

bool is_option(std::string_view keyword) {
  return std::find(not_options.begin(), not_options.end(), keyword) == not_options.end();
}

Value place_settings(const Endpoint& endpoint) {
  const auto host = endpoint.host().empty() ? endpoint.get("hostaddr") : endpoint.host();
  return Value::object({{"HOST", host}, {"PORT", endpoint.port()}});
}

Value settings_of(const AliasRoute& route) {
  const auto& endpoint = route.endpoint;
  Value set = place_settings(endpoint);
  if (endpoint.database() != route.before.database()) {
    set.set("NAME", endpoint.database());
  }
  if (endpoint.user() != route.before.user()) {
    set.set("USER", endpoint.user());
  }
  if (!(endpoint.password == route.before.password)) {
    set.set("PASSWORD", endpoint.password.reveal());
  }
  return set;
}

/// OPTIONS that differ: the pinned address, TLS of a direct URL, and the like.
void add_options(const AliasRoute& route, Value& message) {
  Value set = Value::object();
  Value drop = Value::array();
  if (!route.endpoint.is_socket()) {
    set.set("hostaddr", route.endpoint.get("hostaddr"));
  }
  for (const auto& [keyword, value] : route.endpoint.parameters) {
    if (is_option(keyword) && route.before.get(keyword) != value) {
      set.set(keyword, value);
    }
  }
  for (const auto& [keyword, value] : route.before.parameters) {
    if (is_option(keyword) && route.endpoint.get(keyword).empty()) {
      drop.add(keyword);
    }
  }
  message.set("options_set", set);
  message.set("options_drop", drop);
}

Value alias_answer(const AliasRoute& route) {
  Value message = Value::object();
  if (route.action == AliasRoute::Action::deny) {
    message.set("action", "deny");
    message.set("reason", route.reason);
    return message;
  }
  if (route.action == AliasRoute::Action::leave) {
    message.set("action", "leave");
    return message;
  }
  message.set("action", "direct");
  message.set("set", settings_of(route));
  add_options(route, message);
  Value session = Value::array();
  for (const auto& [name, value] : route.session) {
    session.add(Value(Value::Array{name, value}));
  }
  message.set("session", session);
  message.set("lock_pid", route.lock_pid != 0 ? Value(route.lock_pid) : Value());
  return message;
}

Value timeouts_answer(const TimeoutTerms& terms) {
  Value answer = Value::object();
  if (terms.lock) {
    answer.set("lock", *terms.lock);
  }
  if (terms.statement) {
    answer.set("statement", *terms.statement);
  }
  return answer;
}

Value migrations_answer(const std::optional<MigrationTerms>& terms) {
  if (!terms) {
    return {};
  }
  Value answer = timeouts_answer(terms->all);
  Value apps = Value::object();
  for (const auto& [app, timeouts] : terms->apps) {
    apps.set(app, timeouts_answer(timeouts));
  }
  answer.set("apps", apps);
  answer.set("default_lock", terms->default_lock);
  answer.set("record", terms->record);
  return answer;
}

} // namespace

Value password_question(const std::string& alias, const Endpoint& endpoint) {
  Value set = place_settings(endpoint);
  set.set("NAME", endpoint.database());
  set.set("USER", endpoint.user());
  return Value::object({{"do", "describe"}, {"alias", alias}, {"set", set}});
}

Value run_answer(const std::vector<AliasRoute>& routes, const RunTerms& terms) {
  const auto& keys = terms.keys;
  Value aliases = Value::object();
  for (const auto& route : routes) {
    aliases.set(route.alias, alias_answer(route));
  }
  const Value deploy_key(Value::Array{keys.space, keys.deploy});
  const Value run_key(Value::Array{keys.space, keys.run});
  return Value::object({{"do", "run"},
                        {"aliases", aliases},
                        {"strict", terms.strict},
                        {"migrations", migrations_answer(terms.migrations)},
                        {"tells_plan", terms.tells_plan},
                        {"judges_plan", terms.judges_plan},
                        {"deploy_key", deploy_key},
                        {"run_key", terms.locked ? run_key : Value()}});
}

} // namespace pgtool
