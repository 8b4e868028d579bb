#include "cli/reference/manual.hpp"

#include "base/text.hpp"
#include "cli/about.hpp"
#include "cli/option_sections.hpp"
#include "cli/reference/manual_parts.hpp"
#include "cli/reference/usage.hpp"

#include <algorithm>

namespace pgtool {
namespace {

std::string tag_of(const OptionSpec& option) {
  std::string tag;
  for (const auto& name : split(option.flags, ',')) {
    tag += (tag.empty() ? "Fl " : " , Fl ") + mdoc_word(std::string_view(name).substr(1));
  }
  return option.value.empty() ? tag : tag + " Ar " + mdoc_word(option.value);
}

/// ".Pq Ev PGTOOL_WAIT , Cm migrate.wait": where else the option can be set.
std::string elsewhere(const OptionSpec& option) {
  std::string places;
  if (!option.environment.empty()) {
    places = "Ev " + std::string(option.environment);
  }
  if (!option.key.empty()) {
    places += std::string(places.empty() ? "" : " , ") + "Cm " + mdoc_word(option.key);
  }
  return places;
}

void add_option(Mdoc& page, const CommandSpec& command, const OptionSpec& option) {
  page.item(tag_of(option));
  page.text(described(command, option) + (option.repeatable ? "; may be repeated." : "."));
  if (const auto places = elsewhere(option); !places.empty()) {
    page.macro(".Pq " + places);
  }
}

void add_section(Mdoc& page, const CommandSpec& command, const OptionSection& section) {
  auto options = all_options(command);
  std::erase_if(options, [&](const auto* option) { return option->group != section.group; });
  if (options.empty()) {
    return;
  }
  page.subheading(section.title);
  page.begin_list();
  for (const auto* option : options) {
    add_option(page, command, *option);
  }
  page.end_list();
}

} // namespace

std::string command_manual(const CommandSpec& command) {
  const std::string name(command.name);
  const std::string title = "pgtool-" + name;
  Mdoc page(title, 1, command.summary);
  page.heading("SYNOPSIS");
  page.macro(".Nm pgtool " + name);
  page.macro(trim(mdoc_usage(command.usage)));
  page.heading("DESCRIPTION");
  const auto first = command.text.substr(0, command.text.find("\n\n"));
  page.text(first);
  for (auto rest = command.text.substr(first.size()); !rest.empty();) {
    rest.remove_prefix(2); // the blank line between paragraphs
    const auto next = rest.substr(0, rest.find("\n\n"));
    page.paragraph(next);
    rest.remove_prefix(next.size());
  }
  page.heading("OPTIONS");
  if (!command.is_about_pgtool()) {
    page.text("The names in parentheses after an option set the same: `PGTOOL_` variables in the "
              "environment, and keys in");
    page.macro(".Xr pgtool.yaml 5 .");
    page.text(precedence);
  }
  for (const auto& section : option_sections) {
    add_section(page, command, section);
  }
  if (!command.is_about_pgtool()) {
    add_exit_statuses(page);
    if (!command.statuses.empty()) {
      page.paragraph(command.statuses);
    }
  }
  add_examples(page, command.examples);
  add_see_also(page, title);
  return page.page();
}

} // namespace pgtool
