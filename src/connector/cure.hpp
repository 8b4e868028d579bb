#pragma once

#include "pg/connect.hpp"

#include <string>

namespace pgtool {

/// True when the other side refused who we say we are: user or password.
bool is_about_password(const Refusal& refusal);

/// What to do about a session that could not be had. `source` says where its parameters stand:
/// "the direct URL", "alias 'default'".
std::string cure_for(const ConnectFailure& failure, const std::string& source);

} // namespace pgtool
