#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pgtool {

/// A port of a container that the machine offers as one of its own.
struct PublishedPort {
  std::string address;   ///< of the machine; "" is any
  std::string published; ///< on the machine; "" where docker picks one
  std::string target;    ///< inside the container
};

/// Reads the short syntax, `[address:][published:]target[/protocol]`, ranges one by one (at most
/// 64). Nothing for another protocol than TCP and for what is no port.
std::vector<PublishedPort> parse_published(std::string_view text);

/// The address as an endpoint's host has it: "" for every address of the machine.
std::string bind_address(std::string_view address);

} // namespace pgtool
