#pragma once

namespace pgtool {

/// Lambdas as one visitor of a std::variant, each for the kinds that it takes.
template <typename... Kinds> struct Visitor : Kinds... { using Kinds::operator()...; };
template <typename... Kinds> Visitor(Kinds...) -> Visitor<Kinds...>;

} // namespace pgtool
