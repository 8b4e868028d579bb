#include "base/file.hpp"
#include "cli/config.hpp"
#include "cli/exit_statuses.hpp"
#include "cli/reference/manual.hpp"
#include "cli/reference/mdoc.hpp"
#include "cli/reference/usage.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("README's table of exit statuses is the one in the code") {
  std::string table = "| status | meaning |\n|---|---|\n";
  for (const auto& [status, meaning] : exit_statuses()) {
    table += "| " + std::string(status) + " | " + std::string(meaning) + " |\n";
  }

  CHECK(contains(read_file(PGTOOL_README), "\n\n" + table + "\n"));
}

TEST_CASE("prose is never taken for a request of the formatter") {
  Mdoc page("thing", 1, "a thing");
  page.text(".hidden comes first. Then C:\\x, `--a-b` and server-side -- at last");

  const std::string expected = "\\&.hidden comes first.\n"
                               "Then C:\\ex, \\fB\\-\\-a\\-b\\fR and server-side \\-\\- at last\n";
  CHECK(page.page().ends_with(expected));
}

TEST_CASE("a word is never taken for a macro") {
  CHECK(mdoc_word("No") == "\\&No");
  CHECK(mdoc_word("-plan") == "\\-plan");
}

TEST_CASE("a usage becomes what SYNOPSIS shows") {
  CHECK(mdoc_usage("[options] --to SCHEMA [-- more]") ==
        ".Op Ar options\n.Fl \\-to Ar SCHEMA\n.Op Fl \\- Ar more\n");
}

TEST_CASE("the page of a command has every option with its variable and its key") {
  const auto page = command_manual(migrate_command());

  CHECK(contains(page, ".It Fl \\-wait Ar DURATION\n"));
  CHECK(contains(page, ".Pq Ev PGTOOL_WAIT , Cm migrate.wait\n"));
  for (const auto* option : all_options(migrate_command())) {
    CAPTURE(option->flags);
    CHECK(contains(page, mdoc_word(long_name(*option).substr(1))));
  }
}

TEST_CASE("the page of pgtool.yaml has every key that is read, and no other") {
  const auto page = config_manual();

  for (const auto& key : config_keys(options_of_all_commands())) {
    auto path = key.path;
    if (const auto any = path.find('*'); any != std::string::npos) {
      path.replace(any, 1, "ALIAS");
    }
    CAPTURE(path);
    CHECK(contains(page, ".It Cm " + mdoc_word(path) + "\n") == (key.shape != Shape::later));
  }
}

TEST_CASE("brackets within brackets are optional words of an optional part") {
  CHECK(mdoc_usage("[options] [--exec COMMAND [words]]") ==
        ".Op Ar options\n.Op Fl \\-exec Ar COMMAND Op Ar words\n");
}
