#pragma once

#include "rules/reading/reading.hpp"

namespace pgtool::rules {

/// Whether something of that name is there again before anybody else looks: a view, another table.
bool is_left_behind(const Reading& reading, const ReadStep& step, const Relation& name);

} // namespace pgtool::rules
