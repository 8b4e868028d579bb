#pragma once

#include <cstddef>
#include <string>

namespace pgtool {

/// The bytes of a file. Throws Error(Failure::usage) that names it when it cannot be read, is no
/// regular file, or is larger than `limit` bytes.
std::string read_file(const std::string& path, std::size_t limit = 16U << 20);

/// True for a regular file (links followed).
bool is_file(const std::string& path);
/// True for a folder.
bool is_folder(const std::string& path);
/// True for a regular file that we may execute.
bool is_executable(const std::string& path);

} // namespace pgtool
