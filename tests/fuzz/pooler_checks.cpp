#include "pooler_checks.hpp"

#include "base/text.hpp"

namespace pgtool::fuzz {
namespace {

void check_ports(const Endpoint& endpoint) {
  for (const auto& port : split(endpoint.get("port"), ',')) {
    const auto number = parse_integer(port);
    require(port.empty() || (number && *number >= 1 && *number <= 65535), "a port is a number");
  }
}

} // namespace

void check_problems(const std::vector<ConfigProblem>& problems) {
  for (const auto& problem : problems) {
    require(!problem.message.empty() && problem.line >= 0, "a problem has words and a line");
    require(!tells_secret(problem.message), "a problem tells no password");
  }
}

void check_pooler(const PoolerConfig& config) {
  require(!config.origin.empty() && !config.kind.empty(), "a pooler has an origin and a kind");
  require(config.listens.size() <= 100, "ways to a pooler are bounded");
  for (const auto& database : config.databases) {
    require(!database.name.empty(), "a database has a name");
    check_ports(database.server);
    for (const auto& outer : database.also_at) {
      require(!outer.host().empty(), "another way has a host");
      require(outer.database() == database.server.database(), "another way leads to the same");
    }
  }
  check_problems(config.problems);
}

} // namespace pgtool::fuzz
