#include "pg/spelling.hpp"

#include "pg/conninfo.hpp"

#include <algorithm>
#include <array>
#include <libpq-fe.h>
#include <memory>
#include <string_view>

namespace pgtool {
namespace {

constexpr std::array<std::string_view, 11> spoken_elsewhere{"host",
                                                            "port",
                                                            "dbname",
                                                            "user",
                                                            "password",
                                                            "service",
                                                            "application_name",
                                                            "fallback_application_name",
                                                            "client_encoding",
                                                            "connect_timeout",
                                                            "replication"};

} // namespace

std::vector<SpeltParameter> spelt_parameters(const Endpoint& endpoint) {
  const ScopedEnvironment none({});
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> defaults(PQconndefaults(),
                                                                              PQconninfoFree);
  std::vector<SpeltParameter> spelt;
  for (const auto* option = defaults.get(); option != nullptr && option->keyword != nullptr;
       ++option) {
    const std::string_view keyword(option->keyword);
    const auto value = endpoint.get(keyword);
    const bool is_default = value.empty() || (option->val != nullptr && value == option->val);
    if (!is_default && std::find(spoken_elsewhere.begin(), spoken_elsewhere.end(), keyword) ==
                           spoken_elsewhere.end()) {
      spelt.push_back(
          {std::string(keyword), option->envvar != nullptr ? option->envvar : "", value});
    }
  }
  return spelt;
}

} // namespace pgtool
