#include "base/dotenv.hpp"
#include "base/interpolation.hpp"
#include "fuzz_target.hpp"

namespace pgtool::fuzz {
namespace {

void check_dotenv(std::string_view bytes) {
  const auto found = parse_dotenv(with_secret_behind(bytes, "="), {{"HOME", "/home/app"}});

  for (const auto& problem : found.problems) {
    require(!tells_secret(problem.message), "a problem tells no value");
  }
  for (const auto& [name, value] : found.variables) {
    require(!name.empty() && name.find('=') == std::string::npos, "a variable has a name");
    require(value.find('\0') == std::string::npos, "a value has no NUL");
  }
}

void check_interpolation(std::string_view bytes) {
  const auto nothing = interpolate(bytes, [](const std::string&) { return std::nullopt; });
  require(!nothing.malformed || nothing.text == bytes, "what is malformed stays");
  require(nothing.text.size() <= bytes.size(), "without values nothing grows");
}

const Target target("dotenv", [](std::string_view bytes) {
  check_dotenv(bytes);
  check_interpolation(bytes);
});

} // namespace
} // namespace pgtool::fuzz
