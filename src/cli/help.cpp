#include "cli/help.hpp"

#include "base/text.hpp"
#include "cli/about.hpp"
#include "cli/option_sections.hpp"
#include "report/page.hpp"

namespace pgtool {
namespace {

std::string label_of(const OptionSpec& option) {
  std::string label = join(split(option.flags, ','), ", ");
  return option.value.empty() ? label : label + " " + std::string(option.value);
}

std::string text_of(const CommandSpec& command, const OptionSpec& option) {
  std::string text = described(command, option);
  return option.environment.empty() ? text : text + " [" + std::string(option.environment) + "]";
}

void put_examples(Page& page, std::string_view examples) {
  for (const auto& line : split(examples, '\n')) {
    page.paragraph("  " + line);
  }
}

} // namespace

std::string overview(std::size_t width) {
  Page page(width, false);
  page.paragraph(purpose);
  page.gap();
  page.paragraph("Usage: pgtool COMMAND [options]");
  page.heading("Commands:");
  std::vector<Page::Row> rows;
  for (const auto* command : command_table()) {
    if (!command->is_about_pgtool()) {
      rows.push_back({std::string(command->name), std::string(command->summary)});
    }
  }
  page.table(rows);
  page.heading("Start here, in the folder of manage.py:");
  put_examples(page, first_steps);
  page.gap();
  page.paragraph("pgtool help COMMAND says more. pgtool --version names the versions. "
                 "Completions for your shell: pgtool help generate.");
  return page.text();
}

std::string help_of(const CommandSpec& command, std::size_t width) {
  Page page(width, false);
  page.paragraph("Usage: pgtool " + std::string(command.name) + " " + std::string(command.usage));
  page.gap();
  page.paragraph(command.text);
  for (const auto& section : option_sections) {
    std::vector<Page::Row> rows;
    for (const auto* option : all_options(command)) {
      if (option->group == section.group) {
        rows.push_back({label_of(*option), text_of(command, *option)});
      }
    }
    page.heading(std::string(section.title) + ":");
    page.table(rows);
  }
  page.heading("Examples:");
  put_examples(page, command.examples);
  page.gap();
  if (!command.is_about_pgtool()) {
    page.paragraph(precedence);
  }
  return page.text();
}

} // namespace pgtool
