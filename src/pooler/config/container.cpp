#include "pooler/config/container.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace pgtool {
namespace {

constexpr std::string_view kinds[] = {"pgbouncer", "odyssey",   "pgcat",   "pgpool",
                                      "pgdog",     "supavisor", "pgagroal"};
/// What stands beside a pooler and bears its name.
constexpr std::string_view companions[] = {"exporter", "prometheus", "metrics", "dashboard"};

/// "registry:5000/edoburu/pgbouncer:1.25@sha256:…" is about "pgbouncer".
std::string last_part(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const auto slash = image.rfind('/');
  image.remove_prefix(slash == std::string_view::npos ? 0 : slash + 1);
  return lower(image.substr(0, image.find(':')));
}

} // namespace

bool Container::has(std::string_view name) const {
  return !value(name).empty() || elsewhere.contains(name);
}

std::string Container::value(std::string_view name) const {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

bool is_variable_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_';
  });
}

bool is_port(std::string_view text) {
  const auto number = parse_integer(text);
  return number && *number > 0 && *number <= 65535;
}

std::string pooler_kind_of_image(std::string_view image) {
  const auto name = last_part(image);
  for (const auto companion : companions) {
    if (name.find(companion) != std::string::npos) {
      return "";
    }
  }
  for (const auto kind : kinds) {
    if (name.find(kind) != std::string::npos) {
      return std::string(kind);
    }
  }
  return "";
}

std::string version_of_image(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const auto colon = image.rfind(':');
  const auto slash = image.rfind('/');
  if (colon == std::string_view::npos || (slash != std::string_view::npos && colon < slash)) {
    return "";
  }
  auto tag = image.substr(colon + 1);
  tag.remove_prefix(tag.starts_with('v') ? 1 : 0);
  const auto version = tag.substr(0, tag.find_first_not_of("0123456789."));
  const auto parts = split(version, '.');
  const bool is_whole =
      parts.size() == 3 &&
      std::none_of(parts.begin(), parts.end(), [](const auto& one) { return one.empty(); });
  return is_whole ? std::string(version) : "";
}

} // namespace pgtool
