#pragma once

#include "base/environment.hpp"
#include "base/interpolation.hpp"
#include "pooler/config/compose_service.hpp"
#include "pooler/config/yaml_tree.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgtool {

/// What all files of a project together may cost: a small file can name a large one, or the same
/// text, over and over.
class ComposeBudget {
public:
  /// False when there is no more to be had.
  bool take(std::size_t bytes) {
    spent_ += bytes;
    return spent_ <= limit;
  }
  [[nodiscard]] bool is_spent() const { return spent_ > limit; }
  bool take_file() { return ++files_ <= most_files; }

private:
  static constexpr std::size_t limit = 64U << 20;
  static constexpr int most_files = 500;
  std::size_t spent_ = 0;
  int files_ = 0;
};

/// A compose file that is being read, and what fills in its variables.
struct ComposeSource {
  std::string file;
  Environment variables;
  std::vector<Yaml> documents;
  const ReadNeighbour& read;
  ComposeBudget& budget;
  const VariablePlaces& places; ///< of variables that a `.env` sets

  /// A name in it as a path from where we are.
  [[nodiscard]] std::string path_of(const std::string& name) const;
  /// The text of a file by its name in it.
  [[nodiscard]] std::optional<std::string> text_of(const std::string& name) const;
  /// A scalar with its variables filled in; malformed, too, when there were too many of them.
  [[nodiscard]] Interpolated fill(const Yaml& node) const;
  [[nodiscard]] std::optional<std::string> value_of(const std::string& variable) const;
  /// Where the value of a service's variable is written: in the `.env`, where the scalar is but the
  /// name of one that stands there.
  [[nodiscard]] KeyPlace place_of(const std::string& variable, std::string_view written,
                                  int line) const;
};

/// The elements of a list, or the single scalar that stands for one.
std::vector<Yaml> listed(const Yaml& node);

/// One service's own words, without what it extends.
ComposeService read_service(const ComposeSource& source, const Yaml& node, const std::string& name);

} // namespace pgtool
