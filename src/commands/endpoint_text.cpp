#include "commands/endpoint_text.hpp"

#include "base/error.hpp"
#include "base/shell_words.hpp"
#include "base/text.hpp"
#include "pg/spelling.hpp"

namespace pgtool {
namespace {

std::string host_of(const Endpoint& endpoint) {
  return endpoint.host().empty() ? endpoint.get("hostaddr") : endpoint.host();
}

/// What a name resolves to is left to who connects; an address that stands alone is the host.
std::vector<SpeltParameter> further_parameters(const Endpoint& endpoint) {
  auto parameters = spelt_parameters(endpoint);
  std::erase_if(parameters, [](const auto& parameter) { return parameter.keyword == "hostaddr"; });
  return parameters;
}

void add_password(Variables& variables, const std::string& name, const ToldEndpoint& told) {
  if (told.with_password && !told.endpoint.password.empty()) {
    variables.emplace_back(name, told.endpoint.password.reveal());
  }
}

Variables libpq_variables(const ToldEndpoint& told) {
  const auto& endpoint = told.endpoint;
  Variables variables{{"PGHOST", host_of(endpoint)},
                      {"PGPORT", endpoint.port()},
                      {"PGDATABASE", endpoint.database()},
                      {"PGUSER", endpoint.user()}};
  add_password(variables, "PGPASSWORD", told);
  for (const auto& parameter : further_parameters(endpoint)) {
    if (!parameter.variable.empty()) {
      variables.emplace_back(parameter.variable, parameter.value);
    }
  }
  return variables;
}

Variables prefixed_variables(const ToldEndpoint& told, const std::string& prefix) {
  const auto& endpoint = told.endpoint;
  Variables variables{{prefix + "_HOST", host_of(endpoint)},
                      {prefix + "_PORT", endpoint.port()},
                      {prefix + "_NAME", endpoint.database()},
                      {prefix + "_USER", endpoint.user()}};
  add_password(variables, prefix + "_PASSWORD", told);
  return variables;
}

/// Settings of this kind use the pooler's host and port where they are not empty, else the
/// server's.
Variables article_variables(const ToldEndpoint& told) {
  auto variables = prefixed_variables(told, "POSTGRES");
  const auto host = variables[0].second;
  const auto port = variables[1].second;
  if (told.direct) {
    variables.insert(variables.begin(), {{"PG_BOUNCER_HOST", ""}, {"PG_BOUNCER_PORT", ""}});
  } else {
    variables[0] = {"PG_BOUNCER_HOST", host};
    variables[1] = {"PG_BOUNCER_PORT", port};
  }
  return variables;
}

bool has(const std::string& value, std::string_view piece) {
  return value.find(piece) != std::string::npos;
}

/// Plain values stay plain; the rest stands between quotes that python-dotenv, django-environ and
/// docker compose read alike: single ones, where none of them looks for variables, or else double
/// ones, where some do. Throws Error(Failure::usage) where neither will do.
std::string quoted_for_dotenv(const std::string& name, const std::string& value) {
  if (value.empty() || quoted_for_shell(value) == value) {
    return value;
  }
  const bool is_reference = has(value, "${"); // to python-dotenv even between single quotes
  if (!is_reference && !has(value, "'") && !has(value, "\\\\") && !value.ends_with('\\') &&
      !has(value, "\n")) {
    return "'" + value + "'";
  }
  if (has(value, "$") || has(value, "\n") || has(value, "\r")) {
    throw Error(Failure::usage,
                "the value of " + name +
                    " cannot stand in a .env file: its readers differ about "
                    "quotes together with $ or line feeds",
                "use --format shell or --exec");
  }
  std::string quoted = "\"";
  for (const char c : value) {
    quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return quoted + "\"";
}

} // namespace

std::string connection_url(const ToldEndpoint& told) {
  auto url = told.endpoint.url();
  if (told.with_password && !told.endpoint.password.empty()) {
    const auto user = percent_encoded(told.endpoint.user());
    const auto after_user = std::string_view("postgresql://").size() + user.size();
    url.insert(after_user,
               ":" + percent_encoded(told.endpoint.password.reveal()) + (user.empty() ? "@" : ""));
  }
  char separator = '?';
  for (const auto& parameter : further_parameters(told.endpoint)) {
    url += separator + parameter.keyword + "=" + percent_encoded(parameter.value, "-._~/,:");
    separator = '&';
  }
  return url;
}

Variables endpoint_variables(const ToldEndpoint& told, EndpointNames names) {
  switch (names) {
  case EndpointNames::article:
    return article_variables(told);
  case EndpointNames::django:
    return prefixed_variables(told, "DB");
  case EndpointNames::url:
    return {{"DATABASE_URL", connection_url(told)}};
  case EndpointNames::libpq:
    break;
  }
  return libpq_variables(told);
}

std::string variable_lines(const Variables& variables, Format format) {
  std::string lines;
  for (const auto& [name, value] : variables) {
    lines += format == Format::shell ? "export " + name + "=" + quoted_for_shell(value) + "\n"
                                     : name + "=" + quoted_for_dotenv(name, value) + "\n";
  }
  return lines;
}

Value endpoint_value(const ToldEndpoint& told) {
  const auto& endpoint = told.endpoint;
  Value parameters = Value::object();
  for (const auto& parameter : further_parameters(endpoint)) {
    parameters.set(parameter.keyword, parameter.value);
  }
  auto value = Value::object({{"chosen", told.direct ? "direct" : "pooled"},
                              {"url", connection_url(told)},
                              {"host", host_of(endpoint)},
                              {"port", endpoint.port()},
                              {"database", endpoint.database()},
                              {"user", endpoint.user()},
                              {"parameters", parameters}});
  if (told.with_password) {
    value.set("password", endpoint.password.reveal());
  }
  return value;
}

} // namespace pgtool
