#pragma once

#include <functional>
#include <string>

namespace pgtool {

/// How the pooler is made to give its clients fresh sessions of the server.
struct Recycler {
  /// Asks for it once, on every process that can be asked; what was done, in words.
  std::function<std::string()> recycle = [] { return std::string(); };
  /// Asks again by new sessions of the console: one address may lead to several processes.
  std::function<void()> again = [] {};
  std::string why_not; ///< why the pooler cannot be asked; "" when it can, or there is none
};

} // namespace pgtool
