#pragma once

#include "cli/option.hpp"

#include <array>

namespace pgtool {

struct OptionSection {
  Group group;
  std::string_view title;
};

/// The sections in which options are listed: first what this command has and others have not.
constexpr std::array option_sections = {
    OptionSection{Group::command, "Options"},
    OptionSection{Group::django, "Options that are handed to Django"},
    OptionSection{Group::project, "Project"},
    OptionSection{Group::database, "Database"},
    OptionSection{Group::output, "Output"},
    OptionSection{Group::general, "General"},
};

} // namespace pgtool
