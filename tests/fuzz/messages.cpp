#include "django/messages.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "fuzz_target.hpp"

#include <optional>

namespace pgtool::fuzz {
namespace {

std::optional<Value> parse(std::string_view text) {
  try {
    return parse_json(text, "the bridge");
  } catch (const Error& error) {
    require(std::string_view(error.what()).starts_with("the bridge"), "an error names its source");
    require(!tells_secret(error.what()) && !tells_secret(error.hint()), "an error tells no secret");
    return std::nullopt;
  }
}

void check_settings(const Value& message) {
  const auto settings = read_settings(message);
  require(settings.aliases.size() == message["aliases"].elements().size(), "no alias is lost");
  for (const auto& alias : settings.aliases) {
    require(settings.find(alias.name) != nullptr, "an alias is found by its name");
    require(alias.endpoint.password.empty() ||
                alias.endpoint.url().find(alias.endpoint.password.reveal()) == std::string::npos ||
                !tells_secret(alias.endpoint.password.reveal()),
            "an endpoint does not show its password");
  }
}

void check_message(std::string_view bytes) {
  const auto message = parse(with_secret_behind(bytes, "\"password\": \""));
  if (!message) {
    return;
  }
  const auto text = dump_json(*message);
  const auto again = parse(text);
  require(again && dump_json(*again) == text, "what was written is read as the same");
  check_settings(*message);
}

const Target target("messages", check_message);

} // namespace
} // namespace pgtool::fuzz
