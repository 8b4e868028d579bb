#include "connector/survey_run.hpp"

#include "connector/configured_candidates.hpp"
#include "pooler/identify.hpp"
#include "pooler/pool_mode.hpp"

#include <algorithm>

namespace pgtool {
namespace {

constexpr auto refused = ConnectFailure::Kind::refused;

/// Odyssey takes BEGIN in its statement mode, too, and behaves as in transaction mode there (facts:
/// 1.5.2 was run).
PoolMode doubted(PoolMode mode, const std::string& kind) {
  if (kind == "odyssey" && mode.mode == "transaction") {
    mode.confidence = "likely";
    mode.evidence += "; Odyssey's statement mode looks the same from outside";
  }
  return mode;
}

} // namespace

/// What the configuration files say. A file need not be the one that is in force.
void SurveyRun::note_configured_modes() {
  for (const auto& config : known_.configs) {
    if (fit_of(config, known_.pooled) == Fit::none) {
      continue;
    }
    const auto said = config.mode_for(known_.pooled.database(), known_.pooled.user());
    if (said) {
      modes_.push_back({*said, "likely", config.origin, config.origin + " says " + *said});
    }
  }
}

/// By behaviour, with a second client: the one with our option where that was let in.
std::optional<PoolMode> SurveyRun::tried_mode() {
  auto& second = pooled_.second ? pooled_.second : pooled_.probe;
  if (!second) {
    survey_.unknown.push_back({"the pool mode", "a second client was not let in",
                               "let one more client in, or name the console with --console-url"});
    return std::nullopt;
  }
  return probe_pool_mode(*pooled_.session, *second);
}

void SurveyRun::find_mode() {
  const auto identity = identify(pooled_.sighting);
  if (identity.mode != "unknown") {
    modes_.push_back(
        {identity.mode, identity.mode_confidence, identity.mode_source, identity.mode_source});
  }
  if (console_.mode.mode != "unknown") {
    modes_.push_back(console_.mode);
  }
  note_configured_modes();
  const bool told = std::any_of(modes_.begin(), modes_.end(),
                                [](const PoolMode& mode) { return mode.confidence == "certain"; });
  if (told || !request_.probe_mode || !pooled_.session) {
    return;
  }
  if (const auto tried = tried_mode()) {
    modes_.push_back(doubted(*tried, identity.kind));
    if (surest(modes_).mode == "unknown") {
      survey_.unknown.push_back(
          {"the pool mode", tried->evidence, "name the pooler's console with --console-url"});
    }
  }
}

/// Puts everything that was found out into the survey.
void SurveyRun::finish() {
  pooled_.sighting.proved_direct = survey_.direct && survey_.direct->is_pooled_endpoint;
  survey_.pooler = identify(pooled_.sighting);
  if (!pooled_.sighting.proved_direct && !modes_.empty()) {
    const auto mode = surest(modes_);
    survey_.pooler.mode = mode.mode;
    survey_.pooler.mode_confidence = mode.confidence;
    survey_.pooler.mode_source = mode.source;
    for (const auto& answer : modes_) {
      survey_.pooler.evidence.push_back(answer.evidence);
    }
  }
  survey_.pooled_failure = pooled_.failure;
  survey_.options_refused = pooled_.options_refused;
  survey_.pooled_facts = pooled_.facts;
  survey_.console = console_.database;
  survey_.console_tables = console_.tables;
  survey_.trouble = find_trouble();
}

/// The console knows best, then the words that were said, then how the silence came.
std::optional<Trouble> SurveyRun::find_trouble() const {
  if (console_.database) {
    if (auto trouble = trouble_in(*console_.database)) {
      return trouble;
    }
  }
  if (!pooled_.failure) {
    return std::nullopt;
  }
  const auto& failure = *pooled_.failure;
  if (failure.refusal.timed_out && (failure.login_begun || failure.kind == refused)) {
    if (auto shortage = shortage_in(console_)) {
      return shortage;
    }
  }
  if (failure.login_begun) {
    return unfinished_login();
  }
  return failure.kind == refused ? trouble_in(failure.refusal) : std::nullopt;
}

} // namespace pgtool
