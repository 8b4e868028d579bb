#include "cli/reference/manual.hpp"

#include "base/text.hpp"
#include "cli/about.hpp"
#include "cli/config.hpp"
#include "cli/reference/manual_parts.hpp"

#include <algorithm>

namespace pgtool {
namespace {

constexpr std::string_view example = R"(project:
  python: .venv/bin/python
databases:
  default:
    direct: postgresql://db.internal:5432
    console: [postgresql://stats@pooler.internal:6432/pgbouncer]
connect:
  timeout: 2
migrate:
  wait: 10m)";

/// The keys that this version reads, with those of one mapping beside each other.
std::vector<Key> known_keys() {
  auto keys = config_keys(options_of_all_commands());
  std::erase_if(keys, [](const Key& key) { return key.shape == Shape::later; });
  std::stable_sort(keys.begin(), keys.end(), [](const Key& one, const Key& other) {
    return split(one.path, '.').front() < split(other.path, '.').front();
  });
  return keys;
}

/// "databases.ALIAS.direct"
std::string shown_path(const Key& key) {
  auto names = split(key.path, '.');
  std::replace(names.begin(), names.end(), std::string("*"), std::string("ALIAS"));
  return join(names, ".");
}

void add_key(Mdoc& page, const Key& key) {
  page.item("Cm " + mdoc_word(shown_path(key)));
  const auto text = key.option != nullptr ? preset_text(*key.option) : std::string(key.description);
  page.text(text + (key.shape == Shape::list ? "; a list." : "."));
  if (key.option != nullptr) {
    page.text("As `" + long_name(*key.option) + "`.");
  }
}

} // namespace

std::string config_manual() {
  Mdoc page("pgtool.yaml", 5, "configuration of pgtool");
  page.heading("DESCRIPTION");
  page.text("`pgtool.yaml` (or `pgtool.yml`) is looked for in the folder that `--project` names, "
            "then in the current one and above it up to the root of the work tree. `--config` "
            "names another file. Without a file nothing is missing.");
  page.paragraph(precedence);
  page.paragraph("Values may be `${NAME}`, which is taken from the environment; a variable that is "
                 "not set is an error. Relative paths start at the file's folder. An unknown key "
                 "is an error that names the nearest known one.");
  page.heading("KEYS");
  page.text("`a.b` stands for the key `b` in the mapping `a`.");
  page.begin_list();
  for (const auto& key : known_keys()) {
    add_key(page, key);
  }
  page.end_list();
  add_examples(page, example);
  add_see_also(page, "pgtool.yaml");
  return page.page();
}

} // namespace pgtool
