#include "pooler/config/kubernetes_object.hpp"

#include <utility>

namespace pgtool {
namespace {

void add_object(const std::string& file, const Yaml& body, std::vector<KubernetesObject>& objects) {
  const auto& version = body["apiVersion"].text();
  const auto slash = version.find('/');
  const auto& metadata = body["metadata"];
  objects.push_back({file, body["kind"].text(),
                     slash == std::string::npos ? "" : version.substr(0, slash),
                     metadata["name"].text(), metadata["namespace"].text(), body});
}

} // namespace

std::string KubernetesObject::origin() const { return file + ", " + kind + " " + name; }

bool KubernetesObject::is_beside(const KubernetesObject& other) const {
  return space == other.space || space.empty() || other.space.empty();
}

std::vector<KubernetesObject> read_objects(const std::vector<ConfigText>& files,
                                           std::vector<ConfigProblem>& problems) {
  std::vector<KubernetesObject> objects;
  for (const auto& file : files) {
    auto reading = parse_yaml(file);
    for (auto& problem : reading.problems) {
      problems.push_back(std::move(problem));
    }
    for (const auto& document : reading.documents) {
      add_object(file.file, document, objects);
      for (const auto& item : document["items"].elements()) {
        add_object(file.file, item, objects);
      }
    }
  }
  return objects;
}

std::vector<std::string> service_hosts(const std::string& name, const std::string& space) {
  std::vector<std::string> hosts{name};
  if (!space.empty()) {
    for (const char* suffix : {"", ".svc", ".svc.cluster.local"}) {
      hosts.push_back(name + "." + space + suffix);
    }
  }
  return hosts;
}

PoolerConfig config_of(const KubernetesObject& object) {
  PoolerConfig config;
  config.origin = object.origin();
  config.file = object.file;
  config.line = object.body.line();
  return config;
}

void listen_as(PoolerConfig& config, const std::string& service, const std::string& space,
               const std::string& port) {
  for (const auto& host : service_hosts(service, space)) {
    auto& listening = config.listens.emplace_back();
    listening.origin = config.origin;
    listening.set("host", host);
    listening.set("port", port);
  }
}

ConfiguredDatabase database_behind(const KubernetesObject& object, const std::string& service,
                                   const std::string& port) {
  ConfiguredDatabase database;
  database.name = "*";
  database.line = object.body.line();
  for (const auto& host : service_hosts(service, object.space)) {
    Endpoint server;
    server.origin = object.origin();
    server.set("host", host);
    server.set("port", port);
    if (host == service) {
      database.server = std::move(server);
    } else {
      database.also_at.push_back(std::move(server));
    }
  }
  return database;
}

} // namespace pgtool
