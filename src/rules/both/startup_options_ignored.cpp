#include "rules/both/all.hpp"

#include "rules/both/option_fates.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace pgtool::rules {
namespace {

/// One alias has one finding: what is wrong with its search_path says the rest, too.
bool is_told_elsewhere(const std::vector<FatedOption>& options) {
  return std::any_of(options.begin(), options.end(), [](const FatedOption& one) {
    const bool harms = one.fate != OptionFate::honoured && one.fate != OptionFate::unknown;
    return one.fate == OptionFate::refused || (one.name == "search_path" && harms);
  });
}

std::vector<Remark> look(const Deployment& deployment) {
  std::vector<Remark> remarks;
  for (const auto& alias : deployment.aliases) {
    const auto options = option_fates(deployment, alias);
    const auto ignored = options_with(OptionFate::ignored, options);
    if (ignored.empty() || is_told_elsewhere(options)) {
      continue;
    }
    remarks.push_back(
        {.message = fmt::format("the pooler drops {} of alias '{}' without a word",
                                options_text(ignored), alias.alias.name),
         .where = alias.place_of("OPTIONS.options"),
         .detail = ignored.front().how,
         .remedy = role_statements(deployment, alias, ignored) + " then take it out of OPTIONS",
         .mode = alias.pool_mode});
  }
  return remarks;
}

} // namespace

const Rule startup_options_ignored{
    .slug = "startup-options-ignored",
    .area = Area::both,
    .grades = {Severity::warning, Severity::warning, Severity::warning, std::nullopt,
               Severity::warning},
    .summary = "The pooler drops the connection options of an alias",
    .why = "A statement_timeout or lock_timeout that OPTIONS asks for is not there: the statement "
           "that it was to end runs on, and nothing says so.",
    .remedy = "set them on the role: ALTER ROLE … IN DATABASE … SET …",
    .link = "https://www.pgbouncer.org/config.html#ignore_startup_parameters",
    .look = look,
};

} // namespace pgtool::rules
