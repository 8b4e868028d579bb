#include "cli/typed_words.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

using Words = std::vector<std::string>;

const Environment at_home = {{"HOME", "/home/ann"}};

} // namespace

TEST_CASE("a word loses the quotes that the shell would take away") {
  CHECK(unquoted("shop", at_home) == "shop");
  CHECK(unquoted("'my shop'", at_home) == "my shop");
  CHECK(unquoted("my\\ shop", at_home) == "my shop");
  CHECK(unquoted(R"("a \" b"'\')", at_home) == R"(a " b\)");
  CHECK(unquoted("\"unfinished", at_home) == "unfinished");
  CHECK(unquoted("", at_home).empty());
}

TEST_CASE("only a tilde at the beginning is the home folder") {
  CHECK(unquoted("~/shop", at_home) == "/home/ann/shop");
  CHECK(unquoted("~/shop", {}) == "~/shop");
  CHECK(unquoted("a~/shop", at_home) == "a~/shop");
  CHECK(unquoted("'~/shop'", at_home) == "~/shop");
}

TEST_CASE("of what was typed only the options that name the project are taken") {
  CHECK(project_options({"migrate", "--direct", "--project", "my shop", "--format", "json",
                         "--settings=shop.settings", "--direct-url", "host=x", "--database"}) ==
        Words{"--project=my shop", "--settings=shop.settings"});
  CHECK(project_options({"detect", "--config", "p.yaml", "--python=py"}) ==
        Words{"--config=p.yaml", "--python=py"});
}

TEST_CASE("an option without its value, and what follows --, are left out") {
  CHECK(project_options({"detect", "--project"}).empty());
  CHECK(project_options({"migrate", "--", "--project", "x"}).empty());
}
