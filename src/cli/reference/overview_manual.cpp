#include "cli/reference/manual.hpp"

#include "cli/about.hpp"
#include "cli/reference/manual_parts.hpp"

namespace pgtool {
namespace {

void add_commands(Mdoc& page) {
  page.heading("COMMANDS");
  page.begin_list();
  for (const auto* command : command_table()) {
    page.item("Xr pgtool-" + std::string(command->name) + " 1");
    page.text(std::string(command->summary) + ".");
  }
  page.item("Cm help Op Ar COMMAND");
  page.text("Print what there is, or all about one command.");
  page.item("Fl -version");
  page.text("Print the versions of pgtool and its libraries.");
  page.end_list();
}

void add_environment(Mdoc& page) {
  page.heading("ENVIRONMENT");
  page.text(precedence);
  page.text("An empty variable counts as not set.");
  page.begin_list();
  for (const auto* option : options_of_all_commands()) {
    if (!option->environment.empty()) {
      page.item("Ev " + std::string(option->environment));
      page.text("As `" + long_name(*option) + "`: " + preset_text(*option) + ".");
    }
  }
  page.item("Ev VIRTUAL_ENV");
  page.text("The active Python environment, which runs the project unless `--python` is given.");
  page.item("Ev NO_COLOR");
  page.text("No colours, unless `--color` is given.");
  page.end_list();
}

void add_files(Mdoc& page) {
  page.heading("FILES");
  page.begin_list();
  page.item("Pa pgtool.yaml");
  page.text("The configuration, in the project's folder, or in the current one or above it up to "
            "the root of the work tree. See");
  page.macro(".Xr pgtool.yaml 5 .");
  page.end_list();
}

} // namespace

std::string overview_manual() {
  Mdoc page("pgtool", 1, "Django migrations behind a connection pooler");
  page.heading("SYNOPSIS");
  page.macro(".Nm\n.Ar COMMAND\n.Op Ar options\n.Nm\n.Cm help\n.Op Ar COMMAND\n.Nm\n.Fl -version");
  page.heading("DESCRIPTION");
  page.text(purpose);
  page.paragraph("It runs where the project's `manage.py` runs, starts the project's own process "
                 "and watches it; nothing in the project is changed. The result goes to standard "
                 "output, progress and messages to standard error. Passwords are printed by "
                 "`pgtool endpoint --show-password` alone.");
  add_commands(page);
  add_environment(page);
  add_files(page);
  add_exit_statuses(page);
  add_examples(page, first_steps);
  add_see_also(page, "pgtool");
  return page.page();
}

} // namespace pgtool
