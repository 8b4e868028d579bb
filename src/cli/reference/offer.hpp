#pragma once

#include "cli/command_table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// What a shell offers at one place. All lists that pgtool itself knows have become `choices`.
struct Offer {
  Completes kind = Completes::nothing; ///< nothing, choices, file, folder, program or alias
  std::vector<std::string> choices;
  bool operator==(const Offer&) const = default;
};

/// An option as a shell offers it.
struct OfferedOption {
  const OptionSpec* spec;
  std::vector<std::string> names; ///< "-v", "--verbosity"
  std::string description;
  Offer value;
  bool operator==(const OfferedOption&) const = default;

  [[nodiscard]] bool takes_value() const { return !spec->value.empty(); }
};

/// Options that exactly these commands have.
struct SharedOptions {
  std::vector<std::string> commands;
  std::vector<OfferedOption> options;
};

/// Every option of every command, once.
std::vector<SharedOptions> shared_options();

/// The commands behind whose first word everything is another command's, and those of their options
/// that take a value.
struct HandingOn {
  std::vector<std::string> commands;
  std::vector<std::string> valued;
};
HandingOn handing_on();

/// Puts words in the place of a mark that stands once in the text.
void fill_in(std::string& text, std::string_view mark, const std::string& words);

/// What the words of a command are.
Offer words_of(const CommandSpec& command);

} // namespace pgtool
