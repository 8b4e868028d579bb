#include "pooler/config/compose.hpp"

#include "base/text.hpp"
#include "pooler/config/compose_view.hpp"
#include "pooler/config/container_environment.hpp"
#include "pooler/config/ini.hpp"
#include "pooler/config/own_file.hpp"

#include <algorithm>

namespace pgtool {
namespace {

/// "pgbouncer", "pgbouncer-2" and "pgbouncer_2" are what they are called after; "pgbouncer-init" is
/// anything.
bool is_called(std::string_view name, std::string_view kind) {
  if (kind.empty() || !name.starts_with(kind)) {
    return false;
  }
  name.remove_prefix(kind.size());
  return name.find_first_not_of("-_0123456789") == std::string_view::npos;
}

/// The image, or what speaks for it where it is the project's own.
std::string telling_image(const ComposeService& service) {
  if (!pooler_kind_of_image(service.image).empty()) {
    return service.image;
  }
  if (service.image.empty() && !service.build.empty()) {
    return service.build;
  }
  const auto kind = pooler_kind_of_image(service.name);
  return is_called(lower(service.name), kind) ? kind : service.image;
}

/// Turns services into poolers.
class PoolerFinder {
public:
  PoolerFinder(const ComposeProject& project, const ComposeSurroundings& surroundings)
      : project_(project), surroundings_(surroundings) {}

  std::optional<PoolerConfig> pooler(const ComposeService& service) const {
    const Container container{service.file + ", service " + service.name,
                              service.file,
                              telling_image(service),
                              service.environment,
                              {},
                              service.line,
                              service.places};
    auto config = pooler_of(container);
    const auto kind = pooler_kind_of_image(container.image);
    if (!config && !kind.empty()) {
      config.emplace();
      config->kind = kind;
    }
    config = with_own_file(service, std::move(config));
    if (config) {
      config->origin = container.origin;
      config->file = service.file;
      config->line = service.line;
      if (config->kind == "pgbouncer") {
        config->version = version_of_image(service.image);
      }
      config->problems.insert(config->problems.end(), service.problems.begin(),
                              service.problems.end());
      look_from_outside(*config, service, project_);
    }
    return config;
  }

private:
  /// A mounted file beats the environment. It alone makes a pooler, too.
  [[nodiscard]] std::optional<PoolerConfig>
  with_own_file(const ComposeService& service, std::optional<PoolerConfig> config) const {
    for (const auto& mount : service.mounts) {
      const auto own = own_file_at(mount.target);
      if (!own || (config && config->kind != own->kind)) {
        continue;
      }
      OwnFile file{mount.source, mount.text};
      if (!file.path.empty() && !own->name.empty()) {
        file.path += (file.path.ends_with('/') ? "" : "/") + own->name;
      }
      if (auto read = read_own(service, file, own->kind)) {
        return read;
      }
      if (!config) {
        config.emplace();
        config->kind = own->kind;
      }
      config->own_file = std::move(file);
    }
    return config;
  }

  [[nodiscard]] std::optional<PoolerConfig>
  read_own(const ComposeService& service, const OwnFile& file, const std::string& kind) const {
    if (kind != "pgbouncer") {
      return std::nullopt;
    }
    const auto text = !file.text.empty()  ? std::optional(file.text)
                      : file.path.empty() ? std::nullopt
                                          : surroundings_.read(file.path);
    const auto include = [&](const std::string& path) { return text_inside(service, path); };
    return text ? std::optional(parse_bouncer_ini(*text, file.path, include)) : std::nullopt;
  }

  /// The text of a file by its path in the container, where it is mounted.
  [[nodiscard]] std::optional<std::string> text_inside(const ComposeService& service,
                                                       const std::string& path) const {
    for (const auto& mount : service.mounts) {
      if (!path.starts_with(mount.target) || mount.target.empty()) {
        continue;
      }
      const auto rest = path.substr(mount.target.size());
      if (rest.empty() && !mount.text.empty()) {
        return mount.text;
      }
      if (!mount.source.empty() && (rest.empty() || rest.front() == '/')) {
        return surroundings_.read(mount.source + rest);
      }
    }
    return std::nullopt;
  }

  const ComposeProject& project_;
  const ComposeSurroundings& surroundings_;
};

} // namespace

ConfigReading parse_compose(const std::vector<ConfigText>& files,
                            const ComposeSurroundings& surroundings) {
  const auto project = read_services(files, surroundings);
  ConfigReading reading;
  reading.problems = project.problems;
  const PoolerFinder finder(project, surroundings);
  for (const auto& [name, service] : project.services) {
    if (auto pooler = finder.pooler(service)) {
      reading.poolers.push_back(std::move(*pooler));
    }
  }
  std::stable_sort(reading.poolers.begin(), reading.poolers.end(),
                   [](const auto& one, const auto& other) { return one.line < other.line; });
  return reading;
}

} // namespace pgtool
