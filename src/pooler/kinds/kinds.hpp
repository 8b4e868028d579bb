#pragma once

#include "model/report.hpp"
#include "pooler/sighting.hpp"

#include <optional>
#include <string_view>

namespace pgtool {

/// What a recogniser makes of a sighting: nullopt when it is not this one. `kind` is filled in by
/// the table of identify.cpp.
using Recognised = std::optional<PoolerReport>;

Recognised recognise_neon(const Sighting& sighting);
Recognised recognise_pgagroal(const Sighting& sighting);
Recognised recognise_pgbouncer(const Sighting& sighting);
Recognised recognise_pgcat(const Sighting& sighting);
Recognised recognise_pgdog(const Sighting& sighting);
Recognised recognise_pgpool(const Sighting& sighting);
Recognised recognise_odyssey(const Sighting& sighting);
Recognised recognise_rds_proxy(const Sighting& sighting);
Recognised recognise_supavisor(const Sighting& sighting);

/// True when the pooler itself, and no server behind it, said these words in any case: PostgreSQL
/// tells the place in its source with every error.
bool says(const std::optional<Refusal>& refusal, std::string_view words);

/// True when a pooler, whichever it is, shows itself.
bool shows_a_pooler(const Sighting& sighting);

} // namespace pgtool
