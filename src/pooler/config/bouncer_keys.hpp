#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pgtool {

enum class BouncerSection { pgbouncer, databases, users, peers };

/// The section of that name; nullopt when PgBouncer has none, letters counted as they are.
std::optional<BouncerSection> bouncer_section(std::string_view name);

enum class KeyTrait {
  plain,
  kept,   ///< has no default: a second [pgbouncer] section leaves it as it was
  secret, ///< its value may hold a password
};

/// A key that PgBouncer knows.
struct BouncerKey {
  std::string_view name;
  std::string_view since = {}; ///< the first version with it; "" when 1.8 had it
  KeyTrait trait = KeyTrait::plain;
  std::string_view until = {}; ///< the first version without it; "" while there is none
};

/// The keys of a section of pgbouncer.ini, from the sources of 1.8 to 1.26.
std::span<const BouncerKey> bouncer_keys(BouncerSection section);

/// The key of that name, or null.
const BouncerKey* find_bouncer_key(BouncerSection section, std::string_view name);

/// The key that somebody most likely meant.
std::optional<std::string> nearest_bouncer_key(BouncerSection section, std::string_view name);

} // namespace pgtool
