#pragma once

#include "pooler/config/ini.hpp"

#include <doctest/doctest.h>
#include <map>
#include <optional>
#include <string>

/// What the tests of pgbouncer.ini ask of a text.
namespace pgtool::ini_reading {

using Files = std::map<std::string, std::string>;

inline PoolerConfig parse(const std::string& text, const Files& files = {},
                          const std::string& file = "conf/pgbouncer.ini") {
  return parse_bouncer_ini(text, file, [&](const std::string& path) -> std::optional<std::string> {
    const auto found = files.find(path);
    return found != files.end() ? std::optional(found->second) : std::nullopt;
  });
}

inline const std::string main_section = "[pgbouncer]\nlisten_addr = *\n";

/// The configuration of databases with a main section before them.
inline PoolerConfig with_databases(const std::string& lines, const Files& files = {}) {
  return parse(main_section + "[databases]\n" + lines, files);
}

inline ConfiguredDatabase database(const PoolerConfig& config, const std::string& name) {
  const auto* found = config.find(name);
  REQUIRE(found != nullptr);
  return *found;
}

inline std::string problems(const PoolerConfig& config) {
  std::string text;
  for (const auto& problem : config.problems) {
    text += problem.file + ":" + std::to_string(problem.line) + ": " + problem.message + "\n";
  }
  return text;
}

inline bool complains(const PoolerConfig& config, const std::string& words) {
  return problems(config).find(words) != std::string::npos;
}

inline std::string hosts(const PoolerConfig& config) {
  std::string text;
  for (const auto& endpoint : config.listens) {
    text += endpoint.host() + ":" + endpoint.port() + " ";
  }
  return text;
}

} // namespace pgtool::ini_reading
