#include "commands/django_view.hpp"

#include "commands/project_link.hpp"

namespace pgtool {

DjangoView look_through_django(const CommonOptions& common, const Context& context,
                               const std::string& alias) {
  auto link = open_project(common, context, {"check"}, true);
  DjangoView view;
  view.error = ask_project(link, view_question(alias), "view");
  if (view.error.empty()) {
    view = read_view(link.question.body);
  }
  stop_project(link, 0);
  return view;
}

} // namespace pgtool
