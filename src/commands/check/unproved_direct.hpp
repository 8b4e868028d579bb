#pragma once

#include "commands/options.hpp"
#include "commands/project_link.hpp"
#include "connector/survey.hpp"
#include "rules/deployment.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// What a survey tried for a direct endpoint and did not take.
std::vector<UnprovedDirect> unproved_direct(const Survey& survey);

/// What detect has to say of the pair of endpoints, but for start-up options, which a rule judges.
std::vector<Finding> findings_of_pair(const Survey& survey, const Endpoint& pooled);

/// Who names a direct endpoint for an alias, in words that stand somewhere; "" for nobody. Opens
/// nothing.
std::string direct_said(const ConnectOptions& options, const Alias& alias, const ProjectLink& link);

} // namespace pgtool
