#include "pooler/config/container_environment.hpp"
#include "base/text.hpp"
#include "pooler_checks.hpp"

namespace pgtool::fuzz {
namespace {

/// The first line is the image, every other one NAME=value.
void check_container(const std::string& text) {
  const auto lines = split(text, '\n');
  Container container{"t", "t", lines.front(), {}, {}, 1};
  for (const auto& line : lines) {
    if (const auto equals = line.find('='); equals != std::string::npos && equals > 0) {
      container.environment.insert_or_assign(line.substr(0, equals), line.substr(equals + 1));
    }
  }

  if (const auto config = pooler_of(container)) {
    check_pooler(*config);
    for (const auto& database : config->databases) {
      require(is_plain_host(database.server.host()), "a host is no part of a URL");
    }
    require(config->listens.size() == 1, "a container listens on one port");
  }
}

const Target target("container_environment", [](std::string_view bytes) {
  check_container(with_secret_behind(bytes, "PASSWORD="));
  check_container(with_secret_behind(bytes, "://app:"));
});

} // namespace
} // namespace pgtool::fuzz
