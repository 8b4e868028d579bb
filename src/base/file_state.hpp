#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// What a name in the file system stands for.
enum class FileKind { absent, file, folder, link, other };

/// What can be told of a file without reading it. Times are nanoseconds since 1970.
struct FileState {
  FileKind kind = FileKind::absent;
  std::int64_t size = 0;
  std::int64_t modified = 0;
  std::int64_t changed = 0; ///< its contents or anything else of it; nobody can set it
  std::int64_t inode = 0;

  friend bool operator==(const FileState&, const FileState&) = default;
};

/// The state of what the path leads to, links followed unless told otherwise. What cannot be
/// reached is absent.
FileState state_of_file(const std::string& path, bool follows_links = true);

/// A file's contents as a short text, equal for equal contents, and the state that it had
/// meanwhile; nothing when it is no regular file or cannot be read.
struct FilePrint {
  std::string contents;
  FileState state;
};
std::optional<FilePrint> print_of_file(const std::string& path);

/// The names in a folder, in order; nothing when it cannot be read.
std::optional<std::vector<std::string>> names_in_folder(const std::string& path);

/// Where a link leads to, as it is written there; "" when it is none.
std::string target_of_link(const std::string& path);

} // namespace pgtool
