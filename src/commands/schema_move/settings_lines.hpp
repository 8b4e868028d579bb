#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// A line of the project's settings that sets search_path, and what is left of it without that.
struct SettingsLine {
  std::string file;    ///< as seen from the folder that we run in
  int line = 0;        ///< from 1
  std::string text;    ///< "" when it may hold a secret and is not to be shown
  std::string without; ///< "" when nothing is left
};

/// The text without `-c search_path=…`, and without an `options` entry that is empty by then.
std::string without_path_option(std::string_view line);

/// Looks through the files of a settings module ("config.settings": a file, or a package's files)
/// below the project's folder, and its .env. Files that cannot be read are passed over: this is
/// advice.
std::vector<SettingsLine> find_settings_lines(const std::string& folder,
                                              const std::string& settings_module);

/// The lines as a diff that `patch` takes.
std::string diff_of(const std::vector<SettingsLine>& lines);

} // namespace pgtool
