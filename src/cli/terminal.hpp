#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "report/text.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace pgtool {

/// Opens /dev/null for standard streams that are closed, so that no socket or file gets their
/// numbers and then what is printed.
void open_standard_streams();

/// Width and colour for text that goes where `output` says.
TextStyle text_style(const OutputOptions& output, const Environment& environment);

/// Width for pages of help: the terminal's, and at most the 80 columns that they are written for.
std::size_t help_width();

/// Text for stderr: on a terminal its lines are broken to fit, what follows the first one indented.
std::string fitted(std::string_view text);

} // namespace pgtool
