#pragma once

#include "pooler/config/pooler_config.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pgtool {

/// Yields the text of a file that a pgbouncer.ini includes; nullopt when it cannot be read.
using ReadInclude = std::function<std::optional<std::string>(const std::string& path)>;

/// Reads a pgbouncer.ini as PgBouncer does (measured on 1.18): keys and sections are
/// case-sensitive, the last of two equal keys counts, a second entry of a database replaces the
/// first but for its user, and a second [pgbouncer] section sets back what the first one set. Never
/// throws on what stands there: what PgBouncer would refuse is a problem, and the rest is read all
/// the same. Values of unknown keys and of those that hold a password are not kept. The origin of a
/// database is the file that it stands in, which may be an included one.
PoolerConfig parse_bouncer_ini(std::string_view text, const std::string& file,
                               const ReadInclude& read_include);

/// The same with what the file system has of the files that are included.
PoolerConfig parse_bouncer_ini(std::string_view text, const std::string& file);

/// The same for a file. Throws Error(Failure::usage) when the file itself cannot be read.
PoolerConfig read_bouncer_ini(const std::string& path);

} // namespace pgtool
