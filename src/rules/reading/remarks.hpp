#pragma once

#include "rules/rule.hpp"

#include <string>

namespace pgtool {

/// A remark about one step: at its place, with its statement as detail (without literals), in the
/// pool mode of the reading. `remedy`: SQL, or Django's operations, ready to be pasted.
Remark remark_on(const Reading& reading, const ReadStep& step, std::string message,
                 std::string remedy = {});

/// The same about a statement as a whole.
Remark remark_on(const Reading& reading, std::size_t statement, std::string message,
                 std::string remedy = {});

/// The same about an operation of a Django migration.
Remark remark_on(const Reading& reading, const DjangoOperation& operation, std::string message,
                 std::string remedy = {});

/// The operations of a Django migration; none of anything else.
const std::vector<DjangoOperation>& operations_of(const Reading& reading);

/// The same about one of several objects that a step names.
Remark remark_on(const Reading& reading, const ReadStep& step, const Relation& object,
                 std::string message, std::string remedy = {});

/// A table or column as it is written in SQL.
std::string written(const Relation& relation);

} // namespace pgtool
