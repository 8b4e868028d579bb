#include "plan/move_plan.hpp"
#include "plan/name_filter.hpp"
#include "plan/written_table.hpp"

#include <doctest/doctest.h>

using namespace pgtool;

namespace {

MoveObject object(const char* type, const char* identity) {
  return {find_object_kind(type), 1259, 16400, "orders", identity};
}

RoleMove app(std::optional<std::string> setting, std::optional<std::string> old = std::nullopt) {
  RoleMove role;
  role.role = "app";
  role.setting = std::move(setting);
  role.old_setting = std::move(old);
  role.before = {"$user", "public"};
  return role;
}

MovePlan plan_of(bool undo) {
  MovePlan plan;
  plan.schemas = {"public", "shop"};
  plan.undo = undo;
  return plan;
}

} // namespace

TEST_CASE("each kind of object has its own ALTER") {
  CHECK(object("table", "public.orders").statement("shop") ==
        "ALTER TABLE public.orders SET SCHEMA shop");
  CHECK(object("aggregate", "public.ag()").statement("shop") ==
        "ALTER ROUTINE public.ag() SET SCHEMA shop");
  CHECK(object("statistics object", "public.st").statement("sh\"op") ==
        "ALTER STATISTICS public.st SET SCHEMA \"sh\"\"op\"");
  CHECK(find_object_kind("index") == nullptr);
}

TEST_CASE("what has types in its signature moves before them, and tables after") {
  const auto place = [](const char* type) { return find_object_kind(type); };
  CHECK(place("function") < place("type"));
  CHECK(place("operator") < place("type"));
  CHECK(place("type") < place("table"));
  CHECK(place("table") < place("statistics object"));
  CHECK(place("table")->lockable);
  CHECK_FALSE(place("view")->lockable); // LOCK TABLE on a view would lock its tables, too
}

TEST_CASE("objects are counted in words") {
  SchemaInventory inventory;
  CHECK(counted(inventory) == "nothing");
  inventory.objects = {object("table", "a"), object("table", "b"), object("view", "c")};
  CHECK(counted(inventory) == "2 tables, 1 view");
}

TEST_CASE("a role's path goes there by way of both schemas, and back to what it was") {
  const auto there = plan_of(false);
  const auto back = plan_of(true);
  CHECK(there.during(app({})) == SearchPath{"$user", "public", "shop"});
  CHECK(there.after(app({})) == SearchPath{"$user", "shop"});
  CHECK(back.during(app({})) == SearchPath{"$user", "shop", "public"});
  CHECK(back.after(app("\"$user\", shop")) == std::nullopt);
  CHECK(back.after(app("x", "public, audit")) == SearchPath{"public", "audit"});
}

TEST_CASE("a path is set when the catalog holds it, whatever the spelling") {
  CHECK(MovePlan::is_set(app("\"$user\", \"shop\""), SearchPath{"$user", "shop"}));
  CHECK(MovePlan::is_set(app({}), std::nullopt));
  CHECK_FALSE(MovePlan::is_set(app("public"), std::nullopt));
  CHECK_FALSE(MovePlan::is_set(app({}), SearchPath{"public"}));
}

TEST_CASE("names are chosen by shell patterns") {
  CHECK(NameFilter{}.takes("anything"));
  CHECK(NameFilter{{"shop_*"}, {}}.takes("shop_order"));
  CHECK_FALSE(NameFilter{{"shop_*"}, {}}.takes("auth_user"));
  CHECK_FALSE(NameFilter{{"shop_*"}, {"*_old"}}.takes("shop_order_old"));
  CHECK_FALSE(NameFilter{{}, {}, std::set<std::string, std::less<>>{"a"}}.takes("b"));
}

TEST_CASE("a db_table may name a schema by the back door") {
  CHECK(written_table("shop_order").schema.empty());
  CHECK(written_table("\"public\".\"shop_order\"").schema == "public");
  CHECK(written_table("public\".\"shop_order").name == "shop_order");
  CHECK(written_table("\"shop_order\"").name == "shop_order");
}
