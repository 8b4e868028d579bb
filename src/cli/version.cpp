#include "cli/version.hpp"

#include "pg/version.hpp"

// The parser itself comes with lint; its header already says which grammar that will be.
#include <pg_query.h>

namespace pgtool {
namespace {

/// 150020 is 15.20; before PostgreSQL 10 a version had three parts: 90624 is 9.6.24.
std::string libpq_text(int version) {
  const int major = version / 10000;
  if (major >= 10) {
    return std::to_string(major) + "." + std::to_string(version % 10000);
  }
  return std::to_string(major) + "." + std::to_string(version / 100 % 100) + "." +
         std::to_string(version % 100);
}

} // namespace

std::string version_text() {
  std::string text = "pgtool " PGTOOL_VERSION "\n";
  text += "libpq " + libpq_text(libpq_version()) + "\n";
  text += "SQL grammar " PG_MAJORVERSION " (libpg_query of PostgreSQL " PG_VERSION ")\n";
  return text;
}

std::string_view pgtool_version() { return PGTOOL_VERSION; }

} // namespace pgtool
