#pragma once

#include "base/environment.hpp"
#include "pooler/config/pooler_config.hpp"

#include <string>
#include <string_view>

namespace pgtool {

/// A container as a compose file or a manifest describes it.
struct Container {
  std::string origin; ///< for people: "compose.yaml, service pooler"
  std::string file;   ///< "" when it is described by none
  std::string image;  ///< "edoburu/pgbouncer:1.25"; "" when it is not said
  Environment environment;
  /// Variables that are set, but whose values stand elsewhere, and where: "secret app, key
  /// password".
  Environment elsewhere;
  int line = 0;
  VariablePlaces places{}; ///< of variables, where they are known

  /// True when the variable is set to something, here or elsewhere.
  [[nodiscard]] bool has(std::string_view name) const;
  /// The variable's value; "" when it is not set or stands elsewhere.
  [[nodiscard]] std::string value(std::string_view name) const;
};

/// True for what a variable can be called: letters, digits and `_`. Anything else may be a value
/// that stands in a name's place, and is not repeated.
bool is_variable_name(std::string_view name);

/// True for a number from 1 to 65535.
bool is_port(std::string_view text);

/// The kind of pooler that an image's name speaks of ("pgbouncer", "pgcat", …); "" for every other
/// image, a pooler's exporter of metrics among them.
std::string pooler_kind_of_image(std::string_view image);

/// The version that an image's tag tells to its end: "1.25.2" of "edoburu/pgbouncer:v1.25.2-p0", ""
/// of ":1.25", which is another one tomorrow.
std::string version_of_image(std::string_view image);

} // namespace pgtool
