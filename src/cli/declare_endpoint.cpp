#include "cli/command_table.hpp"

#include "base/error.hpp"
#include "cli/shown.hpp"
#include "cli/take.hpp"

#include <algorithm>
#include <array>

namespace pgtool {
namespace {

constexpr std::array<std::string_view, 3> formats = {"url", "shell", "dotenv"};
constexpr std::array<std::string_view, 2> kinds = {"pooled", "direct"};
constexpr std::array<std::string_view, 3> fallbacks = {"pooled", "direct", "none"};
constexpr std::array<std::string_view, 4> names = {"libpq", "url", "django", "article"};

void take_names(Draft& draft, const Given& given) {
  const auto& name = choice_of(given, names);
  const auto at = std::find(names.begin(), names.end(), name) - names.begin();
  constexpr std::array kinds_of_names = {EndpointNames::libpq, EndpointNames::url,
                                         EndpointNames::django, EndpointNames::article};
  draft.endpoint.names = kinds_of_names.at(static_cast<std::size_t>(at));
  auto& format = draft.common.output.format;
  format =
      format == Format::text ? Format::dotenv : format; // who names variables wants to see them
}

/// The fallback is the other one or none: naming the preferred one again is a slip.
void take_fallback(Draft& draft, const Given& given) {
  draft.endpoint.fallback = choice_of(given, fallbacks) != "none";
  const bool names_direct = given.value() == "direct";
  if (draft.endpoint.fallback && names_direct == draft.endpoint.prefer_direct) {
    throw Error(Failure::usage,
                given.source + ": '" + given.value() + "' is the preferred one already",
                "expected the other one, or none");
  }
}

constexpr std::array options = {
    OptionSpec{"--prefer", "KIND", "", "", "The endpoint that is tried first", Group::command,
               [](Draft& draft, const Given& given) {
                 draft.endpoint.prefer_direct = choice_of(given, kinds) == "direct";
               },
               false, Completes::choices, kinds},
    OptionSpec{"--fallback", "KIND", "", "", "The one that is used when that does not answer",
               Group::command, take_fallback, false, Completes::choices, fallbacks},
    OptionSpec{"--names", "NAMES", "", "", "Whose names the variables get", Group::command,
               take_names, false, Completes::choices, names},
    OptionSpec{
        "--show-password", "", "", "", "Print the password, too", Group::command,
        [](Draft& draft, const Given& given) { draft.endpoint.show_password = truth_of(given); }},
    OptionSpec{"--exec", "", "", "", "Run the command that follows, with the variables set",
               Group::command,
               [](Draft& draft, const Given& given) { draft.endpoint.runs = truth_of(given); }},
};

Command finish(Draft draft, Rest rest) {
  auto words = std::move(rest.words);
  words.insert(words.end(), rest.more.begin(), rest.more.end());
  if (draft.endpoint.runs && (words.empty() || words.front().starts_with('-'))) {
    throw Error(Failure::usage, "--exec needs a command",
                "for example: pgtool endpoint --exec gunicorn shop.wsgi");
  }
  if (!draft.endpoint.runs && !words.empty()) {
    const bool is_option = words.front().starts_with('-');
    throw Error(Failure::usage,
                (is_option ? "unknown option '" : "unexpected argument '") + shown(words.front()) +
                    "'",
                "a command to be run stands behind --exec; see pgtool help endpoint");
  }
  EndpointOptions endpoint = std::move(draft.endpoint);
  endpoint.common = std::move(draft.common);
  endpoint.exec = std::move(words);
  return endpoint;
}

} // namespace

const CommandSpec& endpoint_command() {
  static const CommandSpec command{
      .name = "endpoint",
      .usage = "[options] [--exec COMMAND [words]]",
      .summary = "Print the endpoint to use: pooled, or direct when it is down",
      .text = "Prints where an application should connect: the pooled endpoint when it answers "
              "within --connect-timeout, else the direct one. As a URL, as lines for a shell or a "
              ".env file, as JSON, or by running a command with the variables set. Passwords are "
              "printed with --show-password only; the command of --exec gets them in any case. "
              "The names libpq are PGHOST and its kin, url is DATABASE_URL, django is DB_HOST and "
              "its kin, and article is PG_BOUNCER_HOST and PG_BOUNCER_PORT for the pooler (empty "
              "when the direct endpoint is chosen) or POSTGRES_HOST and POSTGRES_PORT.",
      .options = options,
      .examples = "pgtool endpoint\n"
                  "eval \"$(pgtool endpoint --format shell --show-password)\"\n"
                  "pgtool endpoint --names django --exec gunicorn shop.wsgi",
      .statuses = "It is 3, and standard output stays empty, when no endpoint can be used. With "
                  "--exec it is the command's own, once that has started.",
      .hands_on_all = true,
      .formats = formats,
      .finish = finish,
  };
  return command;
}

} // namespace pgtool
