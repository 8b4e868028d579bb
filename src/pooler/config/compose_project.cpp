#include "pooler/config/compose_merge.hpp"
#include "pooler/config/compose_source.hpp"

#include "base/dotenv.hpp"

#include <utility>

namespace pgtool {
namespace {

constexpr int deepest = 8;

class ProjectReader {
public:
  explicit ProjectReader(const ComposeSurroundings& surroundings)
      : read_(surroundings.read), places_(surroundings.places) {}

  void add(const ConfigText& text, const Environment& variables, int depth = 0) {
    const auto source = opened(text, variables);
    for (const auto& document : source.documents) {
      for (const auto& entry : listed(document["include"])) {
        include(source, entry, depth);
      }
    }
    for (const auto& document : source.documents) {
      for (const auto& [name, node] : document["services"].members()) {
        auto service = with_bases(source, node, name, 0);
        if (budget_.is_spent()) {
          tell_spent(source);
          return;
        }
        add_service(name, std::move(service));
      }
    }
  }

  ComposeProject project_;

private:
  ComposeSource opened(const ConfigText& text, const Environment& variables) {
    auto reading = parse_yaml(text);
    for (auto& problem : reading.problems) {
      project_.problems.push_back(std::move(problem));
    }
    return {text.file, variables, std::move(reading.documents), read_, budget_, places_};
  }

  void add_service(const std::string& name, ComposeService service) {
    const auto known = project_.services.find(name);
    if (known == project_.services.end()) {
      project_.services.emplace(name, std::move(service));
    } else {
      known->second = merged(std::move(known->second), std::move(service));
    }
  }

  void object(const ComposeSource& source, int line, std::string message) {
    if (budget_.take(sizeof(ConfigProblem) + message.size())) {
      project_.problems.push_back({source.file, line, std::move(message)});
    }
  }

  void tell_spent(const ComposeSource& source) {
    if (!std::exchange(told_spent_, true)) {
      project_.problems.push_back(
          {source.file, 0, "repeats so much that it was not read to its end"});
    }
  }

  std::optional<std::string> text_of(const ComposeSource& source, int line,
                                     const std::string& name) {
    auto text = source.text_of(name);
    if (!text) {
      object(source, line, "a file that is extended or included could not be read");
    }
    return text;
  }

  void include(const ComposeSource& source, const Yaml& entry, int depth) {
    if (depth >= deepest) {
      object(source, entry.line(), "includes without an end");
      return;
    }
    auto variables = source.variables;
    for (const auto& file : listed(entry["env_file"])) {
      if (const auto text = text_of(source, file.line(), source.fill(file).text)) {
        variables.merge(parse_dotenv(*text, variables).variables);
      }
    }
    for (const auto& node : entry.is_map() ? listed(entry["path"]) : listed(entry)) {
      const auto name = source.fill(node).text;
      if (auto text = text_of(source, node.line(), name)) {
        add({source.path_of(name), std::move(*text)}, variables, depth + 1);
      }
    }
  }

  /// The service with what it extends below it.
  ComposeService with_bases(const ComposeSource& source, const Yaml& node, const std::string& name,
                            int depth) {
    auto own = read_service(source, node, name);
    const auto& extends = node["extends"];
    if (extends.is_null()) {
      return own;
    }
    if (depth >= deepest) {
      object(source, extends.line(), "a service extends without an end");
      return own;
    }
    const auto base = source.fill(extends.is_map() ? extends["service"] : extends).text;
    const auto file = source.fill(extends["file"]).text;
    if (file.empty()) {
      return over_base(source, base, std::move(own), depth);
    }
    const auto text = text_of(source, extends.line(), file);
    return text ? over_base(opened({source.path_of(file), *text}, source.variables), base,
                            std::move(own), depth)
                : own;
  }

  ComposeService over_base(const ComposeSource& source, const std::string& base, ComposeService own,
                           int depth) {
    for (const auto& document : source.documents) {
      if (const auto& node = document["services"][base]; node.is_map()) {
        auto below = with_bases(source, node, base, depth + 1);
        return budget_.is_spent() ? own : merged(std::move(below), std::move(own));
      }
    }
    object(source, own.line, "a service that is extended is not there");
    return own;
  }

  const ReadNeighbour& read_;
  const VariablePlaces& places_;
  ComposeBudget budget_;
  bool told_spent_ = false;
};

} // namespace

ComposeProject read_services(const std::vector<ConfigText>& files,
                             const ComposeSurroundings& surroundings) {
  ProjectReader reader(surroundings);
  for (const auto& file : files) {
    reader.add(file, surroundings.environment);
  }
  for (const auto& [own, service] : reader.project_.services) {
    reader.project_.called[own] = own;
    for (auto& name : service.names()) {
      reader.project_.called.emplace(std::move(name), own);
    }
  }
  return std::move(reader.project_);
}

} // namespace pgtool
