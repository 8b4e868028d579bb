#include "rules/releases/left_behind.hpp"

#include "rules/reading/together.hpp"

namespace pgtool::rules {

bool is_left_behind(const Reading& reading, const ReadStep& step, const Relation& name) {
  return follows_together<action::CreateObject>(
             reading, step,
             [&](const action::CreateObject& create) { return is_same(create.object, name); }) ||
         follows_together<action::CreateTable>(
             reading, step,
             [&](const action::CreateTable& create) { return is_same(create.table, name); }) ||
         follows_together<action::Rename>(reading, step, [&](const action::Rename& rename) {
           return is_same({rename.table.schema, rename.to}, name) && rename.kind != "COLUMN";
         });
}

} // namespace pgtool::rules
