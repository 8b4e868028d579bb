#include "pg/conninfo.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <array>
#include <cstdlib>
#include <fmt/core.h>
#include <libpq-fe.h>
#include <memory>
#include <string_view>
#include <unistd.h>

namespace pgtool {
namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

/// libpq quotes the text it stumbled on, which may be a password with quotation marks in it: only
/// its own words before the first and behind the last mark are kept.
std::string without_quotations(std::string_view message) {
  while (message.ends_with('\n')) {
    message.remove_suffix(1);
  }
  const auto first = message.find('"');
  if (first == std::string_view::npos) {
    return std::string(message);
  }
  return std::string(message.substr(0, first)) + "\"…\"" +
         std::string(message.substr(message.rfind('"') + 1));
}

/// A URL in the wrong field, or a password whose @ was not encoded, ends up in a part of the
/// endpoint that is no secret elsewhere and is printed in every report.
void require_plain_words(const Endpoint& endpoint) {
  const auto host = endpoint.host();
  const bool host_has_more = (host.find('@', 1) != std::string::npos && host.front() != '/') ||
                             endpoint.get("hostaddr").find('@') != std::string::npos;
  for (const char* keyword : {"host", "hostaddr", "dbname", "user"}) {
    if (endpoint.get(keyword).find("://") != std::string::npos) {
      throw Error(
          Failure::usage,
          fmt::format("{}: a URL stands where the {} is expected", endpoint.origin, keyword),
          "Django takes HOST, PORT, NAME, USER and PASSWORD apart");
    }
  }
  if (host_has_more) {
    throw Error(Failure::usage, endpoint.origin + ": the host has an @ in it",
                "write an @ of the password as %40");
  }
}

/// libpq looks at the port only when it connects.
void require_ports(const PQconninfoOption* option, const std::string& origin) {
  while (option->keyword != nullptr && std::string_view(option->keyword) != "port") {
    ++option;
  }
  for (const auto& port : split(option->val != nullptr ? option->val : "", ',')) {
    const auto number = parse_integer(port);
    if (!port.empty() && (!number || *number < 1 || *number > 65535)) {
      throw Error(Failure::usage, origin + " names a port that is no number from 1 to 65535",
                  "expected postgresql://user@host:port/database");
    }
  }
}

void keep(Endpoint& endpoint, const PQconninfoOption& option) {
  if (option.val == nullptr || *option.val == '\0') {
    return;
  }
  if (std::string_view(option.keyword) == "password") {
    if (endpoint.password.empty()) {
      endpoint.password = Secret(option.val);
    }
  } else if (endpoint.get(option.keyword).empty()) {
    endpoint.set(option.keyword, option.val);
  }
}

/// libpq ignores an unknown service when it is asked for defaults, but not when it connects. The
/// impossible port ends that attempt before anything is sent.
void require_service(const std::string& service, const std::string& origin) {
  const std::array<const char*, 3> keywords{"service", "port", nullptr};
  const std::array<const char*, 3> values{service.c_str(), "99999", nullptr};
  const std::unique_ptr<PGconn, decltype(&PQfinish)> attempt(
      PQconnectStartParams(keywords.data(), values.data(), 0), PQfinish);
  const std::string_view message = attempt ? PQerrorMessage(attempt.get()) : "";
  if (message.find("service") != std::string_view::npos) {
    throw Error(Failure::usage, origin + ": " + std::string(trim(message)),
                "services are read from PGSERVICEFILE, ~/.pg_service.conf and the system's file");
  }
}

bool is_libpq_variable(std::string_view assignment) { return assignment.starts_with("PG"); }

Environment own_variables() {
  Environment found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view assignment(*entry);
    const auto equals = assignment.find('=');
    if (equals != std::string_view::npos && is_libpq_variable(assignment)) {
      found.emplace(assignment.substr(0, equals), assignment.substr(equals + 1));
    }
  }
  return found;
}

void replace_variables(const Environment& wanted) {
  for (const auto& [name, value] : own_variables()) {
    unsetenv(name.c_str());
  }
  for (const auto& [name, value] : wanted) {
    if (is_libpq_variable(name)) {
      setenv(name.c_str(), value.c_str(), 1);
    }
  }
}

} // namespace

ScopedEnvironment::ScopedEnvironment(const Environment& environment) : before_(own_variables()) {
  replace_variables(environment);
}

ScopedEnvironment::~ScopedEnvironment() { replace_variables(before_); }

Endpoint parse_conninfo(const std::string& text, const std::string& origin) {
  char* message = nullptr;
  const Options options(PQconninfoParse(text.c_str(), &message), PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> owner(message, PQfreemem);
  if (!options || text.empty()) {
    throw Error(Failure::usage,
                origin + " is not a PostgreSQL URL or keyword string: " +
                    without_quotations(message != nullptr ? message : "it is empty"),
                "expected postgresql://user@host:port/database, or host=… port=… dbname=…");
  }
  Endpoint endpoint;
  endpoint.origin = origin;
  require_ports(options.get(), origin);
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    keep(endpoint, *option);
  }
  require_plain_words(endpoint);
  return endpoint;
}

Endpoint resolve(Endpoint endpoint, const Environment& environment) {
  auto variables = environment;
  if (const auto service = endpoint.get("service"); !service.empty()) {
    variables["PGSERVICE"] = service;
  }
  // A setting that travels in the start-up packet would end the login at most poolers.
  for (const char* name : {"PGOPTIONS", "PGTZ", "PGDATESTYLE", "PGGEQO"}) {
    variables.erase(name);
  }
  const ScopedEnvironment scope(variables);
  if (const auto service = variables.find("PGSERVICE"); service != variables.end()) {
    require_service(service->second, endpoint.origin);
  }
  const Options defaults(PQconndefaults(), PQconninfoFree);
  for (const auto* option = defaults.get(); option != nullptr && option->keyword != nullptr;
       ++option) {
    keep(endpoint, *option);
  }
  if (endpoint.database().empty()) {
    endpoint.set("dbname", endpoint.user());
  }
  endpoint.set("service", "");
  require_plain_words(endpoint);
  return endpoint;
}

} // namespace pgtool
