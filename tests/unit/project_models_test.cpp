#include "django/project_models.hpp"

#include "base/json.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("a question about the apps names the alias") {
  CHECK(dump_json(models_question("default")) == R"({"do":"models","alias":"default"})");
  CHECK(dump_json(view_question("logs")) == R"({"do":"view","alias":"logs"})");
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

TEST_CASE("a view keeps what was seen before its error") {
  const auto view = read_view(parse_json(R"({"error": "permission denied", "search_path": "shop",
      "missing": [{"model": "shop.Order", "table": "orders", "managed": false}]})",
                                         "test"));

  CHECK(view.search_path == "shop");
  REQUIRE(view.missing.size() == 1);
  CHECK(view.missing[0].table == "orders");
  CHECK_FALSE(view.missing[0].managed);
  CHECK(view.unapplied.empty());
  CHECK(view.error == "permission denied");
}

TEST_CASE("unapplied migrations keep their order") {
  const auto view = read_view(
      parse_json(R"({"unapplied": ["shop.0002_b", "shop.0001_a"], "error": null})", "test"));

  CHECK(view.unapplied == std::vector<std::string>{"shop.0002_b", "shop.0001_a"});
  CHECK(view.error.empty());
}
