#pragma once

#include <string>
#include <vector>

namespace pgtool {

enum class Severity { info, warning, error };

struct Place {
  std::string file{};
  int line = 0; ///< from 1; 0 when it is about the whole
  std::string object{};
};

enum class FileForm { ini, dotenv, python };

/// One setting of a file that is to have another value.
struct Edit {
  FileForm form = FileForm::ini;
  std::string file{};
  int line = 0;          ///< where the key stands, from 1; 0 when it is to be added
  std::string section{}; ///< of an ini: where it is added
  std::string key{};
  std::string value{}; ///< as it is written there
};

/// One thing a rule has to say.
struct Finding {
  std::string rule{};
  Severity severity = Severity::warning;
  std::string message{};
  Place where{};
  std::string detail{};
  std::string remedy{};
  std::string fingerprint{}; ///< the same in every run, whatever line the place has moved to
  std::vector<Edit> edits{}; ///< the remedy, where it is mechanical
};

/// A finding that does not count, and who says so.
struct SilencedFinding {
  enum class By { configuration, source, baseline };
  Finding finding;
  By by = By::configuration;
  std::string reason{}; ///< in the words of who silenced it
};

/// What a reader is told about a rule.
struct RuleText {
  std::string slug;
  std::string area;                      ///< pooler, django, database, both
  Severity severity = Severity::warning; ///< the gravest that it can have
  std::string grades;                    ///< "error in transaction mode, info in session mode"
  std::string summary;                   ///< one line
  std::string why;
  std::string remedy;
  std::string since; ///< the versions that it speaks of; "" for all
  std::string link;
};

} // namespace pgtool
