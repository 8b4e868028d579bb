#include "pooler/config/ini.hpp"
#include "base/text.hpp"
#include "fuzz_target.hpp"

#include <set>

namespace pgtool::fuzz {
namespace {

/// What stands behind the first byte 1 is the text of every included file.
PoolerConfig parse(const std::string& text) {
  const auto cut = text.find('\1');
  const auto include = [&](const std::string&) -> std::optional<std::string> {
    return cut == std::string::npos ? std::nullopt : std::optional(text.substr(cut + 1));
  };
  return parse_bouncer_ini(text.substr(0, cut), "conf/pgbouncer.ini", include);
}

bool is_port(const Endpoint& endpoint) {
  const auto port = parse_integer(endpoint.port());
  return port && *port >= 1 && *port <= 65535;
}

bool is_mode(const std::string& mode) {
  return mode.empty() || mode == "session" || mode == "transaction" || mode == "statement";
}

void check_databases(const PoolerConfig& config) {
  std::set<std::string> names;
  for (const auto& database : config.databases) {
    require(!database.name.empty() && database.name != "pgbouncer", "a database has a name");
    require(names.insert(database.name).second, "a name stands there once");
    require(config.find(database.name) == &database, "a database is found by its name");
    require(is_mode(database.mode), "a mode is one of PgBouncer's");
    require(is_port(database.server), "a port is a number");
    require(database.line > 0, "an entry has a line");
    require(!database.settings.contains("password"), "a password is no setting");
    require(database.server.password.empty() || !database.server.user().empty(),
            "a password has a user");
  }
}

void check_ini(std::string_view bytes) {
  const auto config = parse(with_secret_behind(bytes, "password="));

  check_databases(config);
  require(is_mode(config.mode), "a mode is one of PgBouncer's");
  for (const auto& endpoint : config.listens) {
    require(is_port(endpoint) && !endpoint.host().empty(), "a pooler listens at host and port");
  }
  // The name of an included file is repeated, whatever it is.
  const bool may_be_told = bytes.find("%include") != std::string_view::npos;
  for (const auto& problem : config.problems) {
    require(!problem.message.empty() && problem.line >= 0, "a problem has words and a line");
    require(may_be_told || !tells_secret(problem.message), "a problem tells no password");
  }
  require(config.problems.size() <= 101, "problems are bounded");
}

const Target target("ini", check_ini);

} // namespace
} // namespace pgtool::fuzz
