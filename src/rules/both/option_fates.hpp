#pragma once

#include "rules/deployment.hpp"

#include <string>
#include <vector>

namespace pgtool {

/// What a pooler makes of a setting that an alias hands over when it connects.
enum class OptionFate {
  honoured,
  refused, ///< nobody can connect
  ignored, ///< sessions do not have it, and nobody is told
  misread, ///< sessions have something else: a list as one name
  unknown
};

struct FatedOption {
  std::string name;
  std::string value;
  OptionFate fate = OptionFate::unknown;
  std::string how; ///< what was seen, or what the pooler's configuration says
};

/// The settings of an alias's OPTIONS['options'] behind its pooler: as a session through it had
/// them, else by what is known of the pooler and its configuration.
std::vector<FatedOption> option_fates(const Deployment& deployment, const AliasFacts& alias);

/// Those of them that have this fate.
std::vector<FatedOption> options_with(OptionFate fate, const std::vector<FatedOption>& options);

/// "statement_timeout = 5000, lock_timeout = 2s"
std::string options_text(const std::vector<FatedOption>& options);

/// The statements that give these settings to each new session of the role that the pooler logs in
/// as: "ALTER ROLE app IN DATABASE shop SET statement_timeout = '5000';"
std::string role_statements(const Deployment& deployment, const AliasFacts& alias,
                            const std::vector<FatedOption>& options);

} // namespace pgtool
