#pragma once

#include "commands/context.hpp"
#include "commands/lint/live_facts.hpp"
#include "commands/options.hpp"
#include "commands/project_link.hpp"
#include "connector/survey.hpp"
#include "pg/connection.hpp"

#include <optional>
#include <string>

namespace pgtool {

/// The database that the statements are meant for. It is read only, unless its direct session is
/// told otherwise.
class LiveDatabase {
public:
  /// That of the alias of --database.
  static LiveDatabase of_project(const CommonOptions& common, ProjectLink& link,
                                 const Context& context);
  /// That of --pooled-url, or of --direct-url alone.
  static LiveDatabase of_urls(const CommonOptions& common, const Context& context);

  /// To read with: PostgreSQL's own where one is proved; null where nobody answers.
  [[nodiscard]] LiveSession session();
  /// Null where no direct endpoint is proved.
  [[nodiscard]] DirectSession* direct();
  /// Why there is no direct session; nothing in it when there is one.
  [[nodiscard]] const Unknown& why_not() const { return why_not_; }
  /// Route, pooler and facts: which database was asked, and by which way.
  void describe(Report& report) const;
  /// Of the pooler before it; "none" where there is none, "unknown" where nobody tells.
  [[nodiscard]] std::string pool_mode() const;
  /// Major; 0: not known.
  [[nodiscard]] int server_version() const;

private:
  explicit LiveDatabase(const SurveyRequest& request);

  Survey survey_;
  Endpoint given_; ///< that the project or --pooled-url names
  std::optional<Connection> pooled_;
  Unknown why_not_;
};

} // namespace pgtool
