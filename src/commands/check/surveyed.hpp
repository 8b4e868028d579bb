#pragma once

#include "connector/survey.hpp"
#include "model/alias.hpp"

namespace pgtool {

/// An alias, or the pair of URLs that was given instead of one, and what was found there.
struct SurveyedAlias {
  Alias alias;
  SurveyRequest request;
  Survey survey;
};

} // namespace pgtool
