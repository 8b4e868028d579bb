#include "commands/check/silencing.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "commands/check/ignore_comments.hpp"
#include "plan/name_filter.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <functional>
#include <map>
#include <optional>

namespace pgtool {
namespace {

using Answer = std::optional<SilencedFinding>;

bool is_about(const IgnoredRule& ignored, const Finding& finding) {
  if (ignored.rule != finding.rule) {
    return false;
  }
  const NameFilter places{{ignored.where}, {}};
  return ignored.where.empty() || places.takes(finding.where.file) ||
         places.takes(finding.where.object);
}

SilencedFinding silenced(Finding& finding, SilencedFinding::By by, std::string reason) {
  return {std::move(finding), by, std::move(reason)};
}

class Silencer {
public:
  explicit Silencer(const SilenceTerms& terms) : terms_(terms) {}

  Answer ask(Finding& finding) {
    if (auto answer = by_configuration(finding)) {
      return answer;
    }
    const auto& checks = terms_.silenced_checks;
    if (std::find(checks.begin(), checks.end(), "pgtool." + finding.rule) != checks.end()) {
      return silenced(finding, SilencedFinding::By::configuration, "SILENCED_SYSTEM_CHECKS");
    }
    return by_source(finding);
  }

private:
  Answer by_configuration(Finding& finding) const {
    for (const auto& ignored : terms_.options.ignore) {
      if (!is_about(ignored, finding)) {
        continue;
      }
      if (!ignored.until.empty() && ignored.until < terms_.today) {
        finding.detail +=
            (finding.detail.empty() ? "" : "; ") +
            fmt::format("it was ignored until {} ({})", ignored.until, ignored.origin);
        continue;
      }
      return silenced(finding, SilencedFinding::By::configuration,
                      ignored.reason.empty() ? ignored.origin
                                             : ignored.reason + " (" + ignored.origin + ")");
    }
    return std::nullopt;
  }

  Answer by_source(Finding& finding) {
    if (finding.where.file.empty()) {
      return std::nullopt;
    }
    const auto reason =
        ignore_reason(text_of(finding.where.file), finding.where.line, finding.rule);
    return reason ? Answer(silenced(finding, SilencedFinding::By::source, *reason)) : std::nullopt;
  }

  /// "" for what is no source that somebody writes comments into.
  const std::string& text_of(const std::string& file) {
    constexpr std::size_t largest = 1U << 20;
    const auto [place, is_new] = texts_.try_emplace(file);
    if (is_new) {
      try {
        place->second = read_file(file, largest);
      } catch (const Error&) {
        place->second.clear();
      }
    }
    return place->second;
  }

  const SilenceTerms& terms_;
  std::map<std::string, std::string> texts_;
};

} // namespace

bool is_selected(const CheckOptions& options, const std::string& rule) {
  const auto& selected = options.select;
  return selected.empty() || std::find(selected.begin(), selected.end(), rule) != selected.end();
}

void silence(Report& report, const SilenceTerms& terms) {
  Silencer silencer(terms);
  std::vector<Finding> kept;
  for (auto& finding : report.findings) {
    if (!is_selected(terms.options, finding.rule)) {
      continue;
    }
    if (auto answer = silencer.ask(finding)) {
      report.silenced.push_back(std::move(*answer));
    } else {
      kept.push_back(std::move(finding));
    }
  }
  report.findings = std::move(kept);
}

} // namespace pgtool
