#include "pg/conninfo.hpp"

#include "base/error.hpp"
#include "commands/endpoint_text.hpp"
#include "fuzz_target.hpp"
#include "pg/spelling.hpp"

#include <optional>

namespace pgtool::fuzz {
namespace {

std::optional<Endpoint> parse(const std::string& text) {
  try {
    return parse_conninfo(text, "--direct-url");
  } catch (const Error& error) {
    require(error.kind() == Failure::usage, "what is no conninfo is an error of usage");
    require(!tells_secret(error.what()) && !tells_secret(error.hint()),
            "an error tells no password");
    return std::nullopt;
  }
}

/// `user:secret@` where a URL of the text has a user.
std::string with_secrets(std::string_view bytes) {
  auto text = with_secret_behind(bytes, "password=");
  const auto scheme = text.find("://");
  const auto host = scheme == std::string::npos ? scheme : text.find('@', scheme);
  const auto colon = scheme == std::string::npos ? scheme : text.find(':', scheme + 3);
  return host != std::string::npos && colon < host ? text.insert(colon + 1, secret) : text;
}

void check_same(const Endpoint& one, const Endpoint& other) {
  require(other.password == one.password, "a URL keeps the password");
  require(other.port() == one.port(), "a URL keeps the port");
  for (const char* keyword : {"dbname", "user"}) {
    require(other.get(keyword) == one.get(keyword), "a URL keeps " + std::string(keyword));
  }
  for (const auto& parameter : spelt_parameters(one)) {
    require(other.get(parameter.keyword) == parameter.value || parameter.keyword == "hostaddr",
            "a URL keeps " + parameter.keyword);
  }
  require(other.host() == one.host() || one.host().empty(), "a URL keeps the host");
}

/// Lists are pinned to one address before an endpoint is told.
bool is_list(const Endpoint& endpoint) {
  const auto words = endpoint.host() + endpoint.get("hostaddr") + endpoint.get("port");
  return words.find(',') != std::string::npos;
}

void check_conninfo(std::string_view bytes) {
  const auto text = with_secrets(bytes);
  const auto endpoint = parse(text);
  if (!endpoint) {
    return;
  }
  require(!endpoint->get("password").size(), "a password is kept apart");
  if (is_list(*endpoint)) {
    return;
  }
  const auto url = connection_url({.endpoint = *endpoint, .with_password = true});
  const auto again = parse(url);
  require(again.has_value(), "a URL is read again");
  check_same(*endpoint, *again);
}

const Target target("conninfo", check_conninfo);

} // namespace
} // namespace pgtool::fuzz
