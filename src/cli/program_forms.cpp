#include "cli/program_forms.hpp"

#include "base/work_tree.hpp"
#include "cli/config.hpp"
#include "cli/version.hpp"
#include "report/github.hpp"
#include "report/gitlab.hpp"
#include "report/json.hpp"
#include "report/junit.hpp"
#include "report/sarif.hpp"

#include <filesystem>
#include <stdexcept>

namespace pgtool {
namespace {

namespace fs = std::filesystem;

/// What stands in for a file: the one where the finding can be answered for, if there is one, or
/// the project's start. It has to be in the work tree, or reviews do not show it.
std::string stand_in(const MachineStyle& style, const fs::path& project) {
  const std::string config = find_config(project.string());
  for (const fs::path& file : {fs::path(config), project / "manage.py", fs::path("manage.py")}) {
    std::error_code unreadable;
    const auto seen = path_in_tree(file.string(), style);
    if (seen && fs::exists(fs::path(style.root) / *seen, unreadable)) {
      return *seen;
    }
  }
  return path_in_tree((project / "pgtool.yaml").string(), style).value_or("pgtool.yaml");
}

MachineStyle style_for(const OutputOptions& output, const fs::path& project) {
  std::error_code unreadable;
  const fs::path here = fs::current_path(unreadable);
  MachineStyle style;
  style.version = pgtool_version();
  style.fail_level = output.fail_level;
  style.folder = here.string();
  style.root = top_of_tree((here / project).lexically_normal().string());
  style.stand_in = stand_in(style, project);
  return style;
}

} // namespace

std::string render_for_programs(const Report& report, const OutputOptions& output,
                                const std::string& project) {
  switch (output.format) {
  case Format::json:
    return render_json(report);
  case Format::sarif:
    return render_sarif(report, style_for(output, project));
  case Format::junit:
    return render_junit(report, style_for(output, project));
  case Format::github:
    return render_github(report, style_for(output, project));
  case Format::gitlab:
    return render_gitlab(report, style_for(output, project));
  case Format::text:
  case Format::url:
  case Format::shell:
  case Format::dotenv:
    break;
  }
  throw std::logic_error("this form is for people");
}

} // namespace pgtool
