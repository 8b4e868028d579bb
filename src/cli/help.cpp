#include "cli/help.hpp"

#include "base/text.hpp"
#include "report/page.hpp"

#include <array>

namespace pgtool {
namespace {

constexpr std::size_t width = 80;

struct Section {
  Group group;
  std::string_view title;
};

// `Options` first: what this command has and others have not.
constexpr std::array sections = {
    Section{Group::command, "Options:"},
    Section{Group::django, "Options that are handed to Django:"},
    Section{Group::project, "Project:"},
    Section{Group::database, "Database:"},
    Section{Group::output, "Output:"},
    Section{Group::general, "General:"},
};

std::string label_of(const OptionSpec& option) {
  std::string label = join(split(option.flags, ','), ", ");
  return option.value.empty() ? label : label + " " + std::string(option.value);
}

std::string text_of(const OptionSpec& option) {
  std::string text(option.description);
  return option.environment.empty() ? text : text + " [" + std::string(option.environment) + "]";
}

void put_examples(Page& page, std::string_view examples) {
  for (const auto& line : split(examples, '\n')) {
    page.paragraph("  " + line);
  }
}

} // namespace

std::string overview() {
  Page page(width, false);
  page.paragraph("pgtool finds the connection pooler between Django and PostgreSQL, proves where "
                 "the real server is, and runs migrations there.");
  page.gap();
  page.paragraph("Usage: pgtool COMMAND [options]");
  page.heading("Commands:");
  std::vector<Page::Row> rows;
  for (const auto* command : command_table()) {
    rows.push_back({std::string(command->name), std::string(command->summary)});
  }
  page.table(rows);
  page.heading("Start here, in the folder of manage.py:");
  put_examples(page, "pgtool detect\npgtool migrate --plan\npgtool migrate --direct");
  page.gap();
  page.paragraph("pgtool help COMMAND says more. pgtool --version names the versions.");
  return page.text();
}

std::string help_of(const CommandSpec& command) {
  Page page(width, false);
  page.paragraph("Usage: pgtool " + std::string(command.name) + " " + std::string(command.usage));
  page.gap();
  page.paragraph(command.text);
  for (const auto& section : sections) {
    std::vector<Page::Row> rows;
    for (const auto* option : all_options(command)) {
      if (option->group == section.group) {
        rows.push_back({label_of(*option), text_of(*option)});
      }
    }
    page.heading(section.title);
    page.table(rows);
  }
  page.heading("Examples:");
  put_examples(page, command.examples);
  page.gap();
  page.paragraph("A flag beats the [PGTOOL_ variable], which beats pgtool.yaml, which beats what "
                 "Django says.");
  return page.text();
}

} // namespace pgtool
