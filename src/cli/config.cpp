#include "cli/config.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/yaml_documents.hpp"
#include "cli/shown.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace pgtool {
namespace {

constexpr std::size_t largest_file = 1U << 20;

using Path = std::vector<std::string>;

std::string dotted(const Path& path) { return join(path, "."); }

/// True when `pattern` begins with the names of `path`.
bool begins_with(const Path& pattern, const Path& path) {
  return path.size() <= pattern.size() && std::equal(path.begin(), path.end(), pattern.begin(),
                                                     [](const auto& name, const auto& known) {
                                                       return known == name || known == "*";
                                                     });
}

class ConfigReader {
public:
  ConfigReader(std::string path, const std::vector<Key>& keys, const Environment& environment)
      : path_(std::move(path)), environment_(environment) {
    for (const auto& key : keys) {
      keys_.push_back({split(key.path, '.'), key.shape});
    }
  }

  Config read(const YAML::Node& document) {
    walk(document, {});
    return std::move(config_);
  }

  [[noreturn]] void fail(const YAML::Mark& mark, const std::string& message,
                         const std::string& hint = {}) const {
    const std::string line = mark.is_null() ? "" : ":" + std::to_string(mark.line + 1);
    throw Error(Failure::usage, path_ + line + ": " + message, hint);
  }

private:
  struct PathKey {
    Path path;
    Shape shape;
  };

  void walk(const YAML::Node& node, const Path& path) {
    if (node.IsNull()) {
      return;
    }
    if (!node.IsMap()) {
      fail(node.Mark(), (path.empty() ? "the file" : dotted(path)) + ": expected a mapping",
           "known here: " + join(known_names(path), ", "));
    }
    std::set<std::string> seen;
    for (const auto& member : node) {
      if (!member.first.IsScalar() || member.first.Scalar().empty()) {
        fail(member.first.Mark(), "expected a name as the key");
      }
      Path inner = path;
      inner.push_back(member.first.Scalar());
      if (!seen.insert(inner.back()).second) {
        fail(member.first.Mark(), shown(dotted(inner)) + " stands here twice");
      }
      member_of(member.first.Mark(), inner, member.second);
    }
  }

  void member_of(const YAML::Mark& mark, const Path& path, const YAML::Node& node) {
    const auto known = std::find_if(keys_.begin(), keys_.end(), [&](const PathKey& key) {
      return begins_with(key.path, path);
    });
    if (known == keys_.end()) {
      refuse_unknown(mark, path);
    }
    if (known->path.size() > path.size()) {
      walk(node, path);
    } else if (known->shape == Shape::later) {
      fail(mark, dotted(path) + " is known, but not supported by this version",
           "remove it, or put it in when the command that reads it is there");
    } else if (known->shape == Shape::ignored) {
      take_ignored(path, mark, node);
    } else {
      store(path, {.source = path_ + ":" + std::to_string(mark.line + 1) + ": " + dotted(path),
                   .values = values_of(path, known->shape, mark, node),
                   .folder = std::filesystem::path(path_).parent_path().string()});
    }
  }

  /// A list of rules, or of mappings that say where, why and how long.
  void take_ignored(const Path& path, const YAML::Mark& mark, const YAML::Node& node) {
    if (!node.IsSequence()) {
      fail(mark, dotted(path) + ": expected a list",
           "for example: [{rule: auth-md5, reason: …, until: 2027-03-31}]");
    }
    for (const auto& element : node) {
      IgnoredRule ignored;
      ignored.origin = path_ + ":" + std::to_string(element.Mark().line + 1);
      if (element.IsScalar()) {
        ignored.rule = filled_in(element.Scalar(), path, element.Mark());
      } else {
        take_ignored_words(path, element, ignored);
      }
      config_.ignored.push_back(std::move(ignored));
    }
  }

  void take_ignored_words(const Path& path, const YAML::Node& node, IgnoredRule& ignored) const {
    if (!node.IsMap()) {
      fail(node.Mark(), dotted(path) + ": expected a rule, or a mapping with one");
    }
    for (const auto& member : node) {
      const auto name = member.first.IsScalar() ? member.first.Scalar() : "";
      std::string* word = name == "rule"     ? &ignored.rule
                          : name == "where"  ? &ignored.where
                          : name == "reason" ? &ignored.reason
                          : name == "until"  ? &ignored.until
                                             : nullptr;
      if (word == nullptr) {
        fail(member.first.Mark(), "unknown key " + shown(dotted(path) + "." + name),
             "known here: rule, where, reason, until");
      }
      if (!member.second.IsScalar()) {
        fail(member.second.Mark(), dotted(path) + "." + name + ": expected one value");
      }
      *word = filled_in(member.second.Scalar(), path, member.second.Mark());
    }
    if (ignored.rule.empty()) {
      fail(node.Mark(), dotted(path) + ": expected a rule in each entry");
    }
  }

  [[noreturn]] void refuse_unknown(const YAML::Mark& mark, const Path& path) const {
    const Path parent(path.begin(), path.end() - 1);
    const auto names = known_names(parent);
    const auto meant = nearest(path.back(), names);
    Path suggested = parent;
    suggested.push_back(meant.value_or(""));
    fail(mark, "unknown key " + shown(dotted(path)),
         meant ? "did you mean " + dotted(suggested) + "?" : "known here: " + join(names, ", "));
  }

  std::vector<std::string> known_names(const Path& parent) const {
    std::vector<std::string> names;
    for (const auto& key : keys_) {
      if (key.path.size() <= parent.size() || key.shape == Shape::later ||
          !begins_with(key.path, parent)) {
        continue;
      }
      const auto& known = key.path[parent.size()];
      const std::string name = known != "*"                    ? known
                               : parent.front() == "databases" ? "an alias of settings.DATABASES"
                                                               : "the label of an app";
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
      }
    }
    return names;
  }

  std::vector<std::string> values_of(const Path& path, Shape shape, const YAML::Mark& mark,
                                     const YAML::Node& node) const {
    std::vector<std::string> values;
    if (node.IsScalar()) {
      values.push_back(filled_in(node.Scalar(), path, mark));
    } else if (shape == Shape::list && node.IsSequence()) {
      for (const auto& element : node) {
        if (!element.IsScalar()) {
          fail(element.Mark(), dotted(path) + ": expected texts in the list");
        }
        values.push_back(filled_in(element.Scalar(), path, element.Mark()));
      }
    } else {
      fail(mark, dotted(path) + ": expected " + (shape == Shape::list ? "a list" : "one value"));
    }
    return values;
  }

  /// The value with `${NAME}` replaced from the environment.
  std::string filled_in(std::string_view value, const Path& path, const YAML::Mark& mark) const {
    std::string filled;
    for (auto at = value.find("${"); at != std::string_view::npos; at = value.find("${")) {
      const auto end = value.find('}', at);
      const std::string name = trimmed_name(value, at, end);
      const auto variable = environment_.find(name);
      if (end == std::string_view::npos || name.empty()) {
        fail(mark, dotted(path) + ": expected a name and } after ${");
      }
      if (variable == environment_.end()) {
        fail(mark, dotted(path) + ": the environment variable " + shown(name) + " is not set",
             "set it, or write the value");
      }
      filled.append(value.substr(0, at)).append(variable->second);
      value.remove_prefix(end + 1);
    }
    return filled.append(value);
  }

  static std::string trimmed_name(std::string_view value, std::size_t at, std::size_t end) {
    return end == std::string_view::npos ? std::string()
                                         : std::string(trim(value.substr(at + 2, end - at - 2)));
  }

  void store(const Path& path, Given given) {
    if (path.front() != "databases") {
      if (!given.values.empty()) {
        config_.values[dotted(path)] = std::move(given);
      }
      return;
    }
    auto& alias = config_.aliases[path[1]];
    if (path[2] == "console") {
      alias.console = std::move(given.values);
    } else if (path[2] == "roles") {
      alias.roles = std::move(given.values);
    } else {
      (path[2] == "pooled" ? alias.pooled : alias.direct) = given.value();
    }
  }

  std::string path_;
  const Environment& environment_;
  std::vector<PathKey> keys_;
  Config config_;
};

} // namespace

Config parse_config(const std::string& text, const std::string& path, const std::vector<Key>& keys,
                    const Environment& environment) {
  ConfigReader reader(path, keys, environment);
  try {
    const auto documents = count_yaml_documents(text);
    if (documents != 0U && documents != 1U) {
      reader.fail(YAML::Mark::null_mark(), "expected one YAML document");
    }
    return documents == 0U ? Config{} : reader.read(YAML::Load(text));
  } catch (const YAML::Exception& error) {
    reader.fail(error.mark, "is not YAML: " + error.msg);
  }
}

Config read_config(const std::string& path, const std::vector<Key>& keys,
                   const Environment& environment) {
  return parse_config(read_file(path, largest_file), path, keys, environment);
}

} // namespace pgtool
