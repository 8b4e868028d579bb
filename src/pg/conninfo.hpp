#pragma once

#include "base/environment.hpp"
#include "model/endpoint.hpp"

#include <string>

namespace pgtool {

/// Reads a URL or a keyword string by libpq's own parser. `origin` names where the text stands and
/// becomes the endpoint's origin. Throws Error(Failure::usage) that repeats no part of the text
/// that could be a password.
Endpoint parse_conninfo(const std::string& text, const std::string& origin);

/// Fills what is missing as libpq would: from the service file (PGSERVICE, PGSERVICEFILE) and the
/// PG* variables of `environment`, which need not be our own, and from libpq's defaults.
Endpoint resolve(Endpoint endpoint, const Environment& environment);

/// While it lives, the PG* variables of this process are exactly those of `environment`.
class ScopedEnvironment {
public:
  explicit ScopedEnvironment(const Environment& environment);
  ~ScopedEnvironment();
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

private:
  Environment before_;
};

} // namespace pgtool
