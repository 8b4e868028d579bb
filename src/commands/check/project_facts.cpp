#include "commands/check/project_facts.hpp"

namespace pgtool {

ProjectFacts project_facts(const ProjectSettings& settings) {
  ProjectFacts project;
  project.django_version = settings.django_version;
  project.apps = settings.apps;
  project.middleware = settings.middleware;
  return project;
}

} // namespace pgtool
