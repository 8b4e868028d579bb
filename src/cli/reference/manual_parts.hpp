#pragma once

#include "cli/command_table.hpp"
#include "cli/reference/mdoc.hpp"

#include <string>
#include <string_view>

namespace pgtool {

// Parts that several man pages have.

/// What an option means where it is preset for all commands, with its choices.
std::string preset_text(const OptionSpec& option);
void add_exit_statuses(Mdoc& page);
void add_examples(Mdoc& page, std::string_view examples);
/// SEE ALSO, with all pages but the page itself.
void add_see_also(Mdoc& page, std::string_view itself);

} // namespace pgtool
