#include "django/project_models.hpp"

#include "base/json.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("a question about the apps names the alias") {
  CHECK(dump_json(models_question("default")) == R"({"do":"models","alias":"default"})");
}

TEST_CASE("tables are read as the models have them") {
  const auto models = read_models(parse_json(R"({"tables": [
      {"model": "shop.Order", "table": "\"public\".\"orders\"", "managed": true},
      {"model": "shop.Old", "table": "old", "managed": false}], "hooks": [], "error": null})",
                                             "test"));

  REQUIRE(models.tables.size() == 2);
  CHECK(models.tables[0].model == "shop.Order");
  CHECK(models.tables[0].table == R"("public"."orders")");
  CHECK(models.tables[0].managed);
  CHECK_FALSE(models.tables[1].managed);
  CHECK(models.error.empty());
}

TEST_CASE("a hook whose source is not known has no place") {
  const auto models = read_models(parse_json(R"({"hooks": [
      {"name": "shop.apps.set_path", "file": "/srv/shop/apps.py", "line": 7, "sets_path": true},
      {"name": "fast.hook", "file": null, "line": null, "sets_path": false}]})",
                                             "test"));

  REQUIRE(models.hooks.size() == 2);
  CHECK(models.hooks[0].name == "shop.apps.set_path");
  CHECK(models.hooks[0].file == "/srv/shop/apps.py");
  CHECK(models.hooks[0].line == 7);
  CHECK(models.hooks[0].sets_path);
  CHECK(models.hooks[1].file.empty());
  CHECK(models.hooks[1].line == 0);
  CHECK_FALSE(models.hooks[1].sets_path);
}

TEST_CASE("apps that do not load are an error without tables") {
  const auto models = read_models(parse_json(R"({"error": "the apps do not load: x"})", "test"));

  CHECK(models.tables.empty());
  CHECK(models.error == "the apps do not load: x");
}
