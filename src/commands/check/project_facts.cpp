#include "commands/check/project_facts.hpp"

namespace pgtool {

ProjectFacts project_facts(const ProjectSettings& settings) {
  ProjectFacts project;
  project.django_version = settings.django_version;
  project.apps = settings.apps;
  project.middleware = settings.middleware;
  project.use_tz = settings.use_tz;
  project.time_zone = settings.time_zone;
  return project;
}

} // namespace pgtool
