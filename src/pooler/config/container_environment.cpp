#include "pooler/config/container_environment.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "pg/conninfo.hpp"
#include "pooler/config/container_conventions.hpp"

#include <algorithm>

namespace pgtool {
namespace {

/// A URL, or a text that something else must still fill in: no name of anything, and perhaps a
/// password.
bool is_no_word(std::string_view value) {
  return value.find("://") != std::string_view::npos ||
         value.find("{{") != std::string_view::npos || value.find("${") != std::string_view::npos ||
         value.find("$(") != std::string_view::npos;
}

/// What Kubernetes leaves of a variable whose value is not told.
bool is_reference(std::string_view value) {
  return value.starts_with("$(") && value.ends_with(')');
}

class EnvironmentReader {
public:
  EnvironmentReader(const Container& container, const Convention& convention)
      : container_(container), convention_(convention) {}

  PoolerConfig read() {
    config_.origin = container_.origin;
    config_.file = container_.file;
    config_.line = container_.line;
    config_.kind = convention_.kind;
    config_.is_container = true;
    config_.variable_prefix = convention_.prefix;
    read_settings();
    read_listening();
    read_server();
    if (convention_.complete != nullptr) {
      convention_.complete(container_, config_);
    }
    name_mistaken();
    return std::move(config_);
  }

private:
  void object(std::string message, ProblemKind kind = ProblemKind::other) {
    const auto is_same = [&](const ConfigProblem& told) { return told.message == message; };
    if (std::any_of(config_.problems.begin(), config_.problems.end(), is_same)) {
      return;
    }
    config_.problems.push_back({container_.file, container_.line, std::move(message), kind});
  }

  void read_settings() {
    for (const auto& [key, value] : convention_.settings) {
      set(key, std::string(value));
    }
    for (const auto key : ini_keys()) {
      set_by(std::string(convention_.prefix) + upper(key), key);
    }
    for (const auto& [variable, key] : convention_.renamed) {
      set_by(variable, key);
    }
  }

  void set_by(std::string_view variable, std::string_view key) {
    auto value = word(variable);
    if (!value.empty()) {
      const auto place = container_.places.find(variable);
      config_.places.insert_or_assign(
          std::string(key),
          place != container_.places.end()
              ? place->second
              : KeyPlace{container_.file, container_.line, std::string(variable)});
    }
    set(key, std::move(value));
  }

  void set(std::string_view key, std::string value) {
    if (key == "pool_mode" && !value.empty()) {
      config_.mode = std::move(value);
    } else if (!value.empty()) {
      config_.settings.insert_or_assign(std::string(key), std::move(value));
    }
  }

  void read_listening() {
    const auto address = word(convention_.listen_addr);
    Endpoint listening;
    listening.origin = container_.origin;
    listening.set("host", is_any_address(address) ? "" : address);
    listening.set("port", port(convention_.listen_port, convention_.default_port));
    set_by(convention_.listen_addr, "listen_addr");
    set("listen_port", listening.port());
    config_.listens.push_back(std::move(listening));
  }

  void read_server() {
    const auto& names = convention_.server;
    const auto& defaults = convention_.defaults;
    const auto host = or_else(word(names.host), names.host, defaults.host);
    if (!is_plain_host(host)) {
      object(std::string(names.host) + " has an @ in it, as the host of a URL behind a password");
      return;
    }
    if (host.empty()) {
      return;
    }
    ConfiguredDatabase database;
    database.name = or_else(word(names.name), names.name, defaults.name);
    if (database.name.empty()) {
      database.name = "*"; // any could be the one that was not read
    }
    database.line = container_.line;
    database.server.origin = container_.origin;
    database.server.set("host", host);
    database.server.set("port", port(names.port, defaults.port));
    database.server.set("dbname", or_else(word(names.dbname), names.dbname, defaults.dbname));
    KnownLogin login{or_else(word(names.user), names.user, defaults.user), password()};
    if (convention_.forces_login) {
      database.server.set("user", login.user);
      database.server.password = login.password;
    }
    database.logins.push_back(std::move(login));
    config_.databases.push_back(std::move(database));
  }

  /// A default holds only where nothing is said, here or elsewhere.
  [[nodiscard]] std::string or_else(std::string value, std::string_view variable,
                                    std::string_view otherwise) const {
    const bool is_said = container_.has(variable) || is_in_file(variable);
    return is_said ? value : std::string(otherwise);
  }

  std::string port(std::string_view variable, std::string_view otherwise) {
    const auto value = or_else(word(variable), variable, otherwise);
    if (!value.empty() && !is_port(value)) {
      object(std::string(variable) + " is no port");
      return "";
    }
    return value;
  }

  Secret password() {
    const auto variable = convention_.server.password;
    note_elsewhere(variable);
    auto value = container_.value(variable);
    if (is_reference(value)) {
      object(std::string(variable) + " was not read: it stands for another variable");
      return {};
    }
    return Secret(std::move(value));
  }

  /// The value of a variable that is no secret; "" and a problem when it cannot be one.
  std::string word(std::string_view variable) {
    if (variable.empty()) {
      return "";
    }
    note_elsewhere(variable);
    auto value = container_.value(variable);
    if (is_no_word(value)) {
      object(std::string(variable) + " holds a URL or a template where a plain word is expected");
      return "";
    }
    return value;
  }

  void note_elsewhere(std::string_view variable) {
    if (const auto place = container_.elsewhere.find(variable);
        place != container_.elsewhere.end()) {
      object(std::string(variable) + " was not read: its value stands in " + place->second);
    } else if (is_in_file(variable)) {
      object(std::string(variable) + " was not read: " + std::string(variable) +
             "_FILE names a file inside the container");
    }
  }

  [[nodiscard]] bool is_in_file(std::string_view variable) const {
    return convention_.reads_files && !variable.empty() &&
           container_.has(std::string(variable) + "_FILE");
  }

  void name_mistaken() {
    for (const auto& [variable, name] : convention_.mistaken) {
      if (container_.has(variable) && !container_.has(name)) {
        object(std::string(convention_.name) + " does not read " + std::string(variable) +
                   ", but " + std::string(name),
               ProblemKind::unread_variable);
      }
    }
  }

  const Container& container_;
  const Convention& convention_;
  PoolerConfig config_;
};

/// The URL with libpq's scheme; "" when its own speaks of another database.
std::string with_libpq_scheme(const std::string& url) {
  const auto colon = url.find("://");
  const auto scheme = lower(url.substr(0, std::min(colon, url.size())));
  const bool is_ours = scheme.starts_with("postgres") || scheme.starts_with("pgsql") ||
                       scheme == "postgis" || scheme == "psql" || scheme == "pgbouncer";
  return colon != std::string::npos && is_ours ? "postgresql" + url.substr(colon) : "";
}

} // namespace

std::optional<Endpoint> server_of_url(const std::string& url, const std::string& variable,
                                      const Container& container, PoolerConfig& config) {
  const auto object = [&](std::string message) {
    config.problems.push_back({container.file, container.line, variable + std::move(message)});
    return std::optional<Endpoint>();
  };
  if (const auto place = container.elsewhere.find(variable); place != container.elsewhere.end()) {
    return object(" was not read: its value stands in " + place->second);
  }
  const auto known = with_libpq_scheme(url);
  // What stands behind the question mark is for another driver more often than for libpq.
  for (const auto& text : {known, known.substr(0, known.find('?'))}) {
    try {
      auto server = parse_conninfo(text, container.origin);
      if (is_no_word(server.host() + server.database() + server.user())) {
        return object(" is a template");
      }
      if (is_reference(server.password.reveal())) {
        object(": the password stands elsewhere and was not read");
        server.password = {};
      }
      return server;
    } catch (const Error&) {
      continue;
    }
  }
  return object(" is no URL of a PostgreSQL server");
}

std::optional<PoolerConfig> pooler_of(const Container& container) {
  for (const auto& convention : conventions()) {
    if (convention.is_followed(container)) {
      return EnvironmentReader(container, convention).read();
    }
  }
  return std::nullopt;
}

} // namespace pgtool
