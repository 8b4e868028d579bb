#pragma once

#include "pg/rows.hpp"
#include "pooler/console.hpp"

#include <optional>
#include <string>

namespace pgtool {

/// A state of a pooler in which it lets nobody through, by its name.
struct Trouble {
  std::string name;    ///< "database-disabled", a stable key
  std::string meaning; ///< in words, for a person
  std::string cure;
};

/// What a refusal, or an answer that never came, says about the pooler that gave it; nullopt when
/// it is about something else (a password, a name, the server). A row of the table in trouble.cpp
/// for each.
std::optional<Trouble> trouble_in(const Refusal& refusal);

/// Why a login that was taken up is never finished: a pooler waits for its server meanwhile.
Trouble unfinished_login();

/// What the pooler's console says of the database; nullopt when nothing is wrong with it.
std::optional<Trouble> trouble_in(const ConsoleDatabase& database);

/// Why nobody gets an answer, by the console's word on the pool; nullopt when the pool has a server
/// session to give.
std::optional<Trouble> shortage_in(const ConsoleAnswer& console);

} // namespace pgtool
