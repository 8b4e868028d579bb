#pragma once

#include "pooler/config/ini.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pgtool {

/// The file that an `%include` most likely names.
struct FoundInclude {
  std::string path;
  std::string text;
  std::string rival; ///< another file that it may name, with other contents; "" when there is none
};

/// PgBouncer resolves every include, nested ones too, against the folder that it was started in,
/// which no file tells (a systemd unit has `/`). Tried are, in this order, the folder of the first
/// file, since one folder then serves all includes; that of the file with the include; and pgtool's
/// own, which fits a project that starts its pooler at its top. The first that can be read counts.
std::optional<FoundInclude> find_include(std::string_view name, const std::string& first_file,
                                         const std::string& including,
                                         const ReadInclude& read_include);

} // namespace pgtool
