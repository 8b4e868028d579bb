#include "plan/role_path.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {
const SchemaPair there{"public", "shop"};
} // namespace

TEST_CASE("while objects move the emptied schema comes right before the filled one") {
  CHECK(path_while_moving({"$user", "public"}, there, "app") ==
        SearchPath{"$user", "public", "shop"});
  CHECK(path_while_moving({"public", "extensions"}, there, "app") ==
        SearchPath{"public", "shop", "extensions"});
}

TEST_CASE("at the end the filled schema takes the emptied one's place") {
  CHECK(path_after_moving({"$user", "public", "audit"}, there, "app", false) ==
        SearchPath{"$user", "shop", "audit"});
  CHECK(path_after_moving({"$user", "public"}, there, "app", true) ==
        SearchPath{"$user", "shop", "public"});
  CHECK(path_after_moving({"public", "x", "public"}, there, "app", false) ==
        SearchPath{"shop", "x"});
}

TEST_CASE("a path that leads to both keeps its order: names may be in both") {
  CHECK(path_while_moving({"shop", "public"}, there, "app") == SearchPath{"shop", "public"});
  CHECK(path_while_moving({"public", "x", "shop"}, there, "app") ==
        SearchPath{"public", "x", "shop"});
  CHECK(path_after_moving({"shop", "x", "public"}, there, "app", true) ==
        SearchPath{"shop", "x", "public"});
  CHECK(path_after_moving({"shop", "x", "public"}, there, "app", false) == SearchPath{"shop", "x"});
  CHECK(path_after_moving({"public", "x", "shop"}, there, "app", false) == SearchPath{"shop", "x"});
}

TEST_CASE("a path that does not lead to the emptied schema stays as it is") {
  CHECK(path_while_moving({"other"}, there, "app") == SearchPath{"other"});
  CHECK(path_after_moving({"shop"}, there, "app", true) == SearchPath{"shop"});
}

TEST_CASE("$user is the schema of the role's own name") {
  CHECK(leads_to({"$user"}, "app", "app"));
  CHECK_FALSE(leads_to({"$user"}, "app", "other"));
  // Made as the target it would stand first by itself: objects would be looked for there first.
  CHECK(path_while_moving({"$user", "public"}, {"public", "app"}, "app") ==
        SearchPath{"public", "app"});
  CHECK(path_after_moving({"$user", "public"}, {"app", "shop"}, "app", false) ==
        SearchPath{"shop", "public"});
}
