#include "pooler/kinds/kinds.hpp"

namespace pgtool {

/// pgagroal has no mark of its own in a login that it lets in; only its refusals are its own
/// (pgagroal 1.6 and 2.1, source).
Recognised recognise_pgagroal(const Sighting& sighting) {
  if (!says(sighting.login_refusal, "connection pool is full") &&
      !says(sighting.console_refusal, "connection pool is full")) {
    return std::nullopt;
  }
  return PoolerReport{
      "", "", "", "likely", {"it says \"connection pool is full\", as pgagroal does"}};
}

} // namespace pgtool
