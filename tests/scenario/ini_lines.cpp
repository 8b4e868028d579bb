#include "pooler/config/ini.hpp"

#include <cstdio>
#include <exception>
#include <fmt/core.h>

// What pgtool reads in a pgbouncer.ini, one thing a line, for test_ini_grammar.py.

int main(int count, char** words) {
  try {
    const auto config = pgtool::read_bouncer_ini(count == 2 ? words[1] : "pgbouncer.ini");
    for (const auto& database : config.databases) {
      const auto& server = database.server;
      fmt::print("database|{}|{}|{}|{}|{}|{}\n", database.name, server.host(), server.port(),
                 server.database().empty() ? database.name : server.database(), server.user(),
                 database.mode);
    }
    for (const auto& [key, value] : config.settings) {
      fmt::print("setting|{}|{}\n", key, value);
    }
    for (const auto& endpoint : config.listens) {
      fmt::print("listens|{}|{}\n", endpoint.host(), endpoint.port());
    }
    for (const auto& problem : config.problems) {
      fmt::print("problem|{}|{}\n", problem.line, problem.message);
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
