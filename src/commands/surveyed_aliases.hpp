#pragma once

#include "commands/context.hpp"
#include "commands/options.hpp"
#include "commands/project_link.hpp"
#include "connector/survey.hpp"
#include "model/alias.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// An alias, or the pair of URLs that was given instead of one, and what was found there.
struct SurveyedAlias {
  Alias alias;
  SurveyRequest request;
  Survey survey;
};

/// How closely an alias is looked at.
enum class Look {
  route, ///< where its server is
  all    ///< and what stands before it: the pooler, its mode, its settings
};

/// Surveys the PostgreSQL aliases, the chosen one first: what is proved there serves the others
/// behind the same pooler. With `only_if_direct` it ends there when the chosen one has no proved
/// direct endpoint. Aliases whose parameters cannot be had are left out.
std::vector<SurveyedAlias> survey_aliases(const ConnectOptions& options, ProjectLink& link,
                                          const std::string& chosen, const Context& context,
                                          Look look, bool only_if_direct = false);

/// The survey of a pair of URLs, without any alias.
SurveyedAlias survey_of(SurveyRequest request, Look look);

/// What a pooler's consoles tell where nothing else of it is known.
SurveyedAlias survey_of_console(SurveyRequest request);

/// The proved server's place for an alias behind the same pooler; nothing for any other alias. A
/// copy of the migrated alias, as several projects keep for their logs, must not need a URL of its
/// own.
std::optional<Endpoint> proved_place(const Survey& survey, const Alias& alias, const Alias& chosen);

/// Keeps our own direct sessions from writing: whatever is asked of them.
void make_read_only(const std::vector<SurveyedAlias>& surveyed);

} // namespace pgtool
