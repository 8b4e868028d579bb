#include "pooler/config/config_search.hpp"

#include "base/dotenv.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/shown_path.hpp"
#include "base/text.hpp"
#include "base/work_tree.hpp"
#include "pooler/config/compose.hpp"
#include "pooler/config/config_files.hpp"
#include "pooler/config/container.hpp"
#include "pooler/config/container_environment.hpp"
#include "pooler/config/ini.hpp"
#include "pooler/config/kubernetes.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <unistd.h>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

// A manifest or a compose file that people write is far smaller.
constexpr std::size_t largest = 1U << 20;

// Where Debian's and Red Hat's packages and Heroku's buildpack put it.
constexpr std::array usual_places{"/etc/pgbouncer/pgbouncer.ini",
                                  "/app/vendor/pgbouncer/pgbouncer.ini"};

std::optional<std::string> text_of(const std::string& path) {
  try {
    return read_file(path, largest);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string shown(const fs::path& path) { return shown_path(path.string()); }

std::vector<ConfigText> texts_of(const std::vector<fs::path>& files) {
  std::vector<ConfigText> texts;
  for (const auto& file : files) {
    if (auto text = text_of(file.string())) {
      texts.push_back({shown(file), std::move(*text)});
    }
  }
  return texts;
}

/// Everything that says where a pooler is and where it leads to.
std::vector<std::string> places_of(const PoolerConfig& pooler) {
  std::vector<std::string> places;
  for (const auto& listen : pooler.listens) {
    places.push_back(listen.place());
  }
  for (const auto& database : pooler.databases) {
    places.push_back(database.name + " " + database.mode + " " + database.server.url());
  }
  return places;
}

class Search {
public:
  explicit Search(const ConfigSearch& search) : search_(search) {}

  ConfigReading run() {
    if (!search_.named.empty()) {
      for (const auto& file : search_.named) {
        read_named(file);
      }
      return std::move(reading_);
    }
    std::error_code unreadable;
    const auto folder =
        fs::weakly_canonical(search_.folder.empty() ? "." : search_.folder, unreadable);
    top_ = top_of_tree(folder.string());
    read_found(list_config_files(top_));
    read_usual_places();
    read_environment();
    return std::move(reading_);
  }

private:
  void add(ConfigReading more) {
    for (auto& pooler : more.poolers) {
      if (!is_known(pooler)) {
        reading_.poolers.push_back(std::move(pooler));
      }
    }
    reading_.problems.insert(reading_.problems.end(), more.problems.begin(), more.problems.end());
  }

  /// A service of the base file comes again with each file that lies over it.
  [[nodiscard]] bool is_known(const PoolerConfig& pooler) const {
    return std::any_of(reading_.poolers.begin(), reading_.poolers.end(), [&](const auto& known) {
      return known.origin == pooler.origin && places_of(known) == places_of(pooler);
    });
  }

  void read_named(const std::string& file) {
    const auto text = read_file(file, largest);
    const auto before = reading_.poolers.size();
    if (const fs::path path(file); path.extension() == ".yaml" || path.extension() == ".yml") {
      const bool manifest = text.find("apiVersion:") != std::string::npos;
      add(manifest ? parse_kubernetes({{file, text}}) : read_compose({path}));
    } else if (path.filename().string().starts_with(".env") || path.extension() == ".env") {
      add_container(parse_dotenv(text, search_.environment), file);
    } else {
      reading_.poolers.push_back(parse_bouncer_ini(text, file));
    }
    if (reading_.poolers.size() == before || reading_.poolers.back().databases.empty()) {
      const auto why = reading_.problems.empty() ? "" : ": " + reading_.problems.front().message;
      throw Error(Failure::usage, "no pooler is described in " + file + why,
                  "expected a pgbouncer.ini, a compose file, a Kubernetes manifest or the .env of "
                  "a pooler's container");
    }
    for (auto i = before; i < reading_.poolers.size(); ++i) {
      reading_.poolers[i].is_named = true;
    }
  }

  ConfigReading read_compose(const std::vector<fs::path>& files) {
    const auto folder = files.front().parent_path();
    ComposeSurroundings surroundings;
    if (const auto beside = text_of((folder / ".env").string())) {
      auto found = parse_dotenv(*beside, search_.environment);
      surroundings.environment = std::move(found.variables);
      for (const auto& [name, line] : found.lines) {
        surroundings.places.emplace(name, KeyPlace{shown(folder / ".env"), line, name});
      }
    }
    for (const auto& [name, value] : search_.environment) {
      surroundings.environment.insert_or_assign(name, value);
      surroundings.places.erase(name);
    }
    surroundings.read = text_of;
    return parse_compose(texts_of(files), surroundings);
  }

  void add_container(const Dotenv& variables, const std::string& origin) {
    Container container;
    container.origin = origin;
    container.environment = variables.variables;
    for (const auto& [name, line] : variables.lines) {
      container.places.emplace(name, KeyPlace{origin, line, name});
    }
    if (auto pooler = pooler_of(container)) {
      reading_.poolers.push_back(std::move(*pooler));
    }
  }

  void read_found(const ConfigFiles& files) {
    if (!files.all) {
      reading_.problems.push_back(
          {top_.string(), 0,
           "it holds too many files, not all were looked at: name the pooler's "
           "configuration with --pooler-config"});
    }
    for (const auto& ini : files.inis) {
      try {
        reading_.poolers.push_back(
            parse_bouncer_ini(read_file(ini.string(), largest), shown(ini),
                              [this](const std::string& path) { return text_within(path); }));
      } catch (const Error& error) {
        reading_.problems.push_back({shown(ini), 0, error.what()});
      }
    }
    for (const auto& compose : files.composes) {
      add(read_compose(compose));
    }
    for (const auto& manifests : files.manifests) {
      read_manifests(manifests);
    }
  }

  /// Most manifests have nothing to do with a pooler: they are not taken apart.
  void read_manifests(const std::vector<fs::path>& files) {
    auto texts = texts_of(files);
    const bool speak_of_one = std::any_of(texts.begin(), texts.end(), [](const auto& file) {
      const auto text = lower(file.text);
      return text.find("pooler") != std::string::npos || text.find("bouncer") != std::string::npos;
    });
    if (speak_of_one) {
      add(parse_kubernetes(texts));
    }
  }

  /// A file that was only found may not lead out of the work tree.
  [[nodiscard]] std::optional<std::string> text_within(const std::string& path) const {
    std::error_code unreadable;
    const auto inside = fs::weakly_canonical(path, unreadable).lexically_relative(top_);
    const bool leads_out = unreadable || inside.empty() || *inside.begin() == "..";
    return leads_out ? std::nullopt : text_of(path);
  }

  void read_usual_places() {
    std::vector<std::string> places(usual_places.begin(), usual_places.end());
    if (const auto own = search_.environment.find("PGBOUNCER_CONFIG_DIR");
        own != search_.environment.end() && !own->second.empty()) {
      places.push_back(own->second + "/pgbouncer.ini");
    }
    for (const auto& place : places) {
      if (!is_file(place)) {
        continue;
      }
      const auto text = text_of(place);
      if (!text) {
        reading_.problems.push_back({place, 0, "it is there, but we may not read it"});
        continue;
      }
      auto config = parse_bouncer_ini(*text, place);
      if (!config.databases.empty()) { // the packages' own example offers none
        config.is_own_file = true;
        reading_.poolers.push_back(std::move(config));
      }
    }
  }

  void read_environment() { add_container({search_.environment, {}, {}}, "the environment"); }

  const ConfigSearch& search_;
  fs::path top_;
  ConfigReading reading_;
};

} // namespace

ConfigReading find_pooler_configs(const ConfigSearch& search) { return Search(search).run(); }

} // namespace pgtool
