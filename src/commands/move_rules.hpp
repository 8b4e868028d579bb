#pragma once

#include <array>
#include <string_view>

namespace pgtool {

/// The one that is never accepted.
inline constexpr const char* path_not_changeable = "path-not-changeable";

/// What schema-move may find before anything moves. An error stops; --accept RULE goes on.
inline constexpr std::array<std::string_view, 26> move_rules = {
    "name-clash",         "name-shadowed",        "event-trigger",         "missing-privilege",
    "default-privileges", "too-many-locks",       "replicated-table",      "path-set-by-client",
    "path-set-by-pooler", "path-not-seen",        "no-path-leads-there",   "path-changed",
    "not-in-place",       "cluster-wide-undo",    "function-names-schema", "function-path",
    "job-names-schema",   "setting-names-schema", "database-path",         "role-not-changed",
    "role-in-use",        "quoted-db-table",      "no-recycling",          "hidden-sessions",
    "standby-sessions",   "alias-not-examined"};

} // namespace pgtool
