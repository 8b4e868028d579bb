#include "commands/schema_move/settings_lines.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

TEST_CASE("what is left of a settings line without its search_path") {
  CHECK(without_path_option(R"(    "OPTIONS": {"options": "-c search_path=shop,public"},)") ==
        R"(    "OPTIONS": {},)");
  CHECK(without_path_option(R"(  "options": "-c search_path=shop",)").empty());
  CHECK(without_path_option(R"("options": "-c search_path=shop -c jit=off",)") ==
        R"("options": "-c jit=off",)");
  CHECK(without_path_option(R"('OPTIONS': {'sslmode': 'require', 'options': '-csearch_path=a'})") ==
        R"('OPTIONS': {'sslmode': 'require'})");
}

TEST_CASE("the advice is a diff of the very lines") {
  CHECK(diff_of({{"config/settings.py", 12, "a search_path=x", "a"},
                 {"config/settings.py", 14, "  \"options\": \"-c search_path=x\",", ""}}) ==
        "--- config/settings.py\n+++ config/settings.py\n@@ -12 +12 @@\n-a search_path=x\n+a\n"
        "@@ -14 +13,0 @@\n-  \"options\": \"-c search_path=x\",\n");
  CHECK(diff_of({{".env", 1, "", ""}}).empty()); // it may hold a secret
}
