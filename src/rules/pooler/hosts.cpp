#include "rules/pooler/hosts.hpp"

#include "base/text.hpp"
#include "model/endpoint.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace pgtool::rules {
namespace {

constexpr std::string_view private_endings[] = {
    ".internal",  ".local",     ".svc",    ".lan",         ".test",
    ".localhost", ".home.arpa", ".docker", ".localdomain", ".flycast"};

struct Net {
  std::array<int, 4> base;
  int bits;
  Distance distance;
};

// Docker's default bridge is one machine's own; the others are RFC 1918, 3927 and 6598.
constexpr Net nets[] = {
    {{127, 0, 0, 0}, 8, Distance::here},           {{172, 17, 0, 0}, 16, Distance::neighbour},
    {{10, 0, 0, 0}, 8, Distance::private_net},     {{172, 16, 0, 0}, 12, Distance::private_net},
    {{192, 168, 0, 0}, 16, Distance::private_net}, {{169, 254, 0, 0}, 16, Distance::private_net},
    {{100, 64, 0, 0}, 10, Distance::private_net}};

unsigned number_of(const std::array<int, 4>& bytes) {
  unsigned number = 0;
  for (const int byte : bytes) {
    number = number << 8U | static_cast<unsigned>(byte);
  }
  return number;
}

/// The address as a number; nothing for a name.
std::optional<unsigned> address(const std::string& host) {
  const auto parts = split(host, '.');
  std::array<int, 4> bytes{};
  if (parts.size() != bytes.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto byte = parse_integer(parts[i]);
    if (!byte || *byte < 0 || *byte > 255) {
      return std::nullopt;
    }
    bytes[i] = static_cast<int>(*byte);
  }
  return number_of(bytes);
}

Distance of_address(unsigned number) {
  for (const auto& net : nets) {
    const auto base = number_of(net.base);
    if (number >> (32 - net.bits) == base >> (32 - net.bits)) {
      return net.distance;
    }
  }
  return Distance::public_net;
}

/// fc00::/7 and fe80::/10 are private.
Distance of_ipv6(const std::string& host) {
  const auto start = lower(host.substr(0, 3));
  const bool is_private = start.starts_with("fc") || start.starts_with("fd") || start == "fe8" ||
                          start == "fe9" || start == "fea" || start == "feb";
  return is_private ? Distance::private_net : Distance::public_net;
}

Distance of_host(const std::string& host) {
  Endpoint endpoint;
  endpoint.set("host", host);
  if (endpoint.is_local()) {
    return Distance::here;
  }
  if (const auto number = address(host)) {
    return of_address(*number);
  }
  if (host.find(':') != std::string::npos) {
    return of_ipv6(host);
  }
  const auto name = lower(host);
  const bool is_private =
      name.find('.') == std::string::npos ||
      std::any_of(std::begin(private_endings), std::end(private_endings),
                  [&](std::string_view ending) { return name.ends_with(ending); }) ||
      name.find(".svc.") != std::string::npos;
  return is_private ? Distance::neighbour : Distance::public_net;
}

} // namespace

Distance distance_to(const std::string& hosts) {
  auto farthest = Distance::here;
  for (const auto& host : split(hosts, ',')) {
    farthest = std::max(farthest, of_host(std::string(trim(host))));
  }
  return farthest;
}

} // namespace pgtool::rules
