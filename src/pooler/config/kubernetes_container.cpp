#include "pooler/config/kubernetes_container.hpp"

#include "pooler/config/own_file.hpp"

namespace pgtool {
namespace {

/// The values of a ConfigMap or of a Secret that stands in plain text; null when it is not there.
const Yaml& data_of(const KubernetesObject& workload, const char* kind, const std::string& name,
                    const std::vector<KubernetesObject>& objects) {
  static const Yaml none;
  for (const auto& object : objects) {
    if (object.kind == kind && object.name == name && object.is_beside(workload)) {
      return object.body[object.kind == "Secret" ? "stringData" : "data"];
    }
  }
  return none;
}

/// Where a value comes from, in either of its two places.
struct Reference {
  const char* key;
  const char* kind;
  const char* words;
};
constexpr Reference single[] = {{"configMapKeyRef", "ConfigMap", "the ConfigMap "},
                                {"secretKeyRef", "Secret", "the Secret "}};
constexpr Reference whole[] = {{"configMapRef", "ConfigMap", "the ConfigMap "},
                               {"secretRef", "Secret", "the Secret "}};

class VariableReader {
public:
  VariableReader(const KubernetesObject& workload, const std::vector<KubernetesObject>& objects,
                 Container& container)
      : workload_(workload), objects_(objects), container_(container) {}

  void read(const Yaml& container) {
    for (const auto& source : container["envFrom"].elements()) {
      read_all(source);
    }
    for (const auto& entry : container["env"].elements()) {
      read_one(entry);
    }
  }

private:
  void read_all(const Yaml& source) {
    for (const auto& [key, kind, words] : whole) {
      for (const auto& [name, value] :
           data_of(workload_, kind, source[key]["name"].text(), objects_).members()) {
        if (variables_ > most_variables) {
          return;
        }
        set(source["prefix"].text() + name, value.text());
      }
    }
  }

  void read_one(const Yaml& entry) {
    const auto& name = entry["name"].text();
    if (name.empty()) {
      return;
    }
    if (!entry["value"].is_null()) {
      set_expanded(name, entry["value"].text());
      return;
    }
    for (const auto& [key, kind, words] : single) {
      if (const auto& from = entry["valueFrom"][key]; from.is_map()) {
        const auto& object = from["name"].text();
        const auto& value = data_of(workload_, kind, object, objects_)[from["key"].text()];
        if (value.is_text()) {
          set(name, value.text());
        } else {
          put_elsewhere(name, words + object + ", key " + from["key"].text());
        }
      }
    }
  }

  /// `$(NAME)` is the value of a variable before it, and stays where that is not told; `$$` is one
  /// `$`.
  void set_expanded(const std::string& name, const std::string& value) {
    std::string expanded;
    for (std::size_t at = 0; at < value.size(); ++at) {
      const auto close = value.find(')', at);
      if (value.compare(at, 2, "$(") == 0 && close != std::string::npos) {
        const auto other = value.substr(at + 2, close - at - 2);
        const auto known = container_.environment.find(other);
        expanded += known == container_.environment.end() ? value.substr(at, close - at + 1)
                                                          : known->second;
        at = close;
      } else {
        at += value.compare(at, 2, "$$") == 0 ? 1 : 0;
        expanded += value[at];
      }
    }
    if (expanded.size() <= largest_value) {
      set(name, expanded);
    }
  }

  void set(const std::string& name, const std::string& value) {
    container_.elsewhere.erase(name);
    if (++variables_ <= most_variables) {
      container_.environment.insert_or_assign(name, value);
    }
  }

  void put_elsewhere(const std::string& name, const std::string& place) {
    container_.environment.erase(name);
    container_.elsewhere.insert_or_assign(name, place);
  }

  static constexpr std::size_t largest_value = 1U << 16;
  static constexpr int most_variables = 10'000;

  const KubernetesObject& workload_;
  const std::vector<KubernetesObject>& objects_;
  Container& container_;
  int variables_ = 0;
};

/// The text of a file in a ConfigMap's volume; "" when it is not told.
std::string text_in_volume(const KubernetesObject& workload, const std::string& volume,
                           const std::string& name, const std::vector<KubernetesObject>& objects) {
  for (const auto& one : pod_of(workload)["volumes"].elements()) {
    if (one["name"].text() != volume) {
      continue;
    }
    const auto& map = one["configMap"];
    auto key = name;
    for (const auto& item : map["items"].elements()) {
      key = item["path"].text() == name ? item["key"].text() : key;
    }
    return data_of(workload, "ConfigMap", map["name"].text(), objects)[key].text();
  }
  return "";
}

} // namespace

const Yaml& pod_of(const KubernetesObject& workload) {
  const auto& spec = workload.body["spec"];
  return workload.kind == "Pod" ? spec : spec["template"]["spec"];
}

Container read_container(const KubernetesObject& workload, const Yaml& container,
                         const std::vector<KubernetesObject>& objects) {
  Container read{workload.origin(), workload.file, container["image"].text(), {}, {},
                 container.line()};
  VariableReader(workload, objects, read).read(container);
  return read;
}

std::optional<MountedFile> mounted_file(const KubernetesObject& workload, const Yaml& container,
                                        const std::vector<KubernetesObject>& objects) {
  for (const auto& mount : container["volumeMounts"].elements()) {
    const auto& target = mount["mountPath"].text();
    const auto own = own_file_at(target);
    if (own) {
      const auto& part = mount["subPath"].text();
      const auto name = !part.empty()       ? part
                        : own->name.empty() ? target.substr(target.rfind('/') + 1)
                                            : own->name;
      auto text = text_in_volume(workload, mount["name"].text(), name, objects);
      return MountedFile{own->kind, OwnFile{"", std::move(text)}};
    }
  }
  return std::nullopt;
}

} // namespace pgtool
