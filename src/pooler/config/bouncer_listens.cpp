#include "pooler/config/bouncer_listens.hpp"

#include "base/text.hpp"

#include <cstdlib>
#include <optional>

namespace pgtool {
namespace {

std::string setting(const PoolerSettings& settings, std::string_view key, std::string_view preset) {
  const auto found = settings.find(key);
  return found != settings.end() ? found->second : std::string(preset);
}

/// PgBouncer reads numbers as C does: 0x1920 and 014440 are 6432, and nothing may stand behind.
std::optional<std::string> read_listen_port(const std::string& text) {
  char* end = nullptr;
  const auto number = std::strtol(text.c_str(), &end, 0);
  if (text.empty() || *end != '\0' || number < 1 || number > 65535) {
    return std::nullopt;
  }
  return std::to_string(number);
}

} // namespace

std::vector<Endpoint> bouncer_listens(const PoolerSettings& settings, const std::string& origin,
                                      Complaints& complaints) {
  const auto port = read_listen_port(setting(settings, "listen_port", "6432"));
  if (!port) {
    complaints.add("listen_port is no number from 1 to 65535");
    return {};
  }
  auto hosts = split(setting(settings, "listen_addr", ""), ',');
  hosts.push_back(setting(settings, "unix_socket_dir", "/tmp"));
  std::vector<Endpoint> listens;
  for (const auto& host : hosts) {
    if (const auto name = trim(host); !name.empty()) {
      Endpoint endpoint;
      endpoint.set("host", std::string(name));
      endpoint.set("port", *port);
      endpoint.origin = origin;
      listens.push_back(std::move(endpoint));
    }
  }
  return listens;
}

} // namespace pgtool
