#pragma once

#include <string>
#include <string_view>

namespace pgtool {

/// Text as an XML 1.0 document may hold it between tags, whatever bytes come in: made printable,
/// and without the code points that no document may hold.
std::string xml_text(std::string_view text);
/// The same for double quotes: a reader would make spaces of line ends there.
std::string xml_attribute(std::string_view text);

} // namespace pgtool
