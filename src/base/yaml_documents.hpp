#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace pgtool {

/// How many documents a YAML text holds; nullopt when yaml-cpp does not get on in it. Ask before
/// YAML::LoadAll(), which then never returns and takes all memory (0.7: `,a:` in the first line).
/// Throws YAML::Exception where the loader would.
std::optional<std::size_t> count_yaml_documents(const std::string& text);

} // namespace pgtool
