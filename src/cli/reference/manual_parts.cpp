#include "cli/reference/manual_parts.hpp"

#include "cli/exit_statuses.hpp"
#include "cli/reference/artifact.hpp"

#include <algorithm>

namespace pgtool {
namespace {

struct PageName {
  char section;
  std::string title;
  auto operator<=>(const PageName&) const = default;
};

/// The man pages among the artifacts, in the order that SEE ALSO has.
std::vector<PageName> page_names() {
  std::vector<PageName> names;
  for (const auto& artifact : artifacts()) {
    if (artifact.path.starts_with("man/")) {
      const auto dot = artifact.name.rfind('.');
      names.push_back({artifact.name[dot + 1], artifact.name.substr(0, dot)});
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> choices_in_all_commands(const OptionSpec& option) {
  std::vector<std::string> choices;
  for (const auto* command : command_table()) {
    for (auto& choice : choices_of(*command, option)) {
      if (std::find(choices.begin(), choices.end(), choice) == choices.end()) {
        choices.push_back(std::move(choice));
      }
    }
  }
  return choices;
}

} // namespace

std::string preset_text(const OptionSpec& option) {
  const bool is_flag = option.value.empty();
  return described(option.description, is_flag ? std::vector<std::string>{"true", "false"}
                                               : choices_in_all_commands(option));
}

void add_exit_statuses(Mdoc& page) {
  page.heading("EXIT STATUS");
  page.begin_list();
  for (const auto& [status, meaning] : exit_statuses()) {
    page.item("Sy " + mdoc_word(status));
    page.text(meaning);
  }
  page.end_list();
}

void add_examples(Mdoc& page, std::string_view examples) {
  page.heading("EXAMPLES");
  page.literal(examples);
}

void add_see_also(Mdoc& page, std::string_view itself) {
  page.heading("SEE ALSO");
  std::string lines;
  for (const auto& name : page_names()) {
    if (name.title != itself) {
      lines += std::string(lines.empty() ? "" : " ,\n") + ".Xr " + name.title + " " + name.section;
    }
  }
  page.macro(lines);
}

} // namespace pgtool
