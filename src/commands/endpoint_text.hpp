#pragma once

#include "base/value.hpp"
#include "commands/options.hpp"
#include "model/endpoint.hpp"

#include <string>
#include <utility>
#include <vector>

namespace pgtool {

/// An endpoint that was chosen, and how it may be told.
struct ToldEndpoint {
  const Endpoint& endpoint;
  bool direct = false;
  bool with_password = false;
};

using Variables = std::vector<std::pair<std::string, std::string>>;

/// "postgresql://user@host:port/database?sslmode=require": all that libpq needs.
std::string connection_url(const ToldEndpoint& told);

/// The endpoint as environment variables of that convention. A variable that has to be empty for
/// this choice is there with an empty value.
Variables endpoint_variables(const ToldEndpoint& told, EndpointNames names);

/// Lines that a POSIX shell evaluates, or that a .env file holds. Throws Error(Failure::usage) for
/// a value that no .env file can hold alike for all its readers.
std::string variable_lines(const Variables& variables, Format format);

/// For the report's own key.
Value endpoint_value(const ToldEndpoint& told);

} // namespace pgtool
