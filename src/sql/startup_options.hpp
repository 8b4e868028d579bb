#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pgtool {

/// A setting by its lower-case name, and its value.
using NamedSetting = std::pair<std::string, std::string>;

/// The settings that the start-up parameter `options` makes (`-c name=value`, `-cname=value`,
/// `--name=value`), in their order, taken apart as the server does: white space separates, a
/// backslash keeps the next letter. What is no setting is left out.
std::vector<NamedSetting> startup_settings(std::string_view options);

} // namespace pgtool
