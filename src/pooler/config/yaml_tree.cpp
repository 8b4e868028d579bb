#include "pooler/config/yaml_tree.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace pgtool {

struct Yaml::Data {
  enum class Kind { none, text, list, map };
  Kind kind = Kind::none;
  int line = 0;
  std::size_t weight = 1;
  std::string text;
  List elements;
  Map members;
};

namespace {

using Kind = Yaml::Data::Kind;

const Yaml::Data nothing;
const Yaml no_member;

} // namespace

bool Yaml::is_null() const { return !data_ || data_->kind == Kind::none; }
bool Yaml::is_text() const { return data_ && data_->kind == Kind::text; }
bool Yaml::is_list() const { return data_ && data_->kind == Kind::list; }
bool Yaml::is_map() const { return data_ && data_->kind == Kind::map; }
int Yaml::line() const { return data_ ? data_->line : 0; }
std::size_t Yaml::weight() const { return data_ ? data_->weight : 1; }
const std::string& Yaml::text() const { return is_text() ? data_->text : nothing.text; }
const Yaml::List& Yaml::elements() const { return is_list() ? data_->elements : nothing.elements; }
const Yaml::Map& Yaml::members() const { return is_map() ? data_->members : nothing.members; }

const Yaml& Yaml::operator[](std::string_view key) const {
  const auto found = members().find(key);
  return found == members().end() ? no_member : found->second;
}

namespace {

constexpr std::size_t largest_text = 1U << 20;
constexpr std::size_t most_parts = 100'000;
constexpr std::size_t deepest = 64;
constexpr const char* too_many_parts = "has more than 100,000 parts";

/// Why a document is not read on.
struct Refused {
  int line;
  std::string message;
};

bool is_null_word(std::string_view tag, std::string_view text) {
  return tag == "!reset" ||
         (tag == "?" && (text == "~" || text == "null" || text == "Null" || text == "NULL"));
}

/// A list or map that is not complete yet.
struct Frame {
  Yaml::Data data;
  YAML::anchor_t anchor = 0;
  bool is_reset = false;
  std::optional<std::string> key; ///< of the member whose value comes next
  int key_line = 0;
  bool key_is_none = false; ///< that key is a list or a map
  bool merges = false;      ///< the value that comes next is merged
  std::vector<Yaml> merged;
};

/// Builds documents out of the parser's events. Nothing of it recurses.
class TreeBuilder : public YAML::EventHandler {
public:
  TreeBuilder(std::size_t& parts, int first_line) : parts_(parts), first_line_(first_line) {}

  void OnDocumentStart(const YAML::Mark&) override { root_ = {}; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(made(Kind::none, "", mark), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw Refused{line(mark), "an alias stands inside of what it names"};
    }
    add(found->second, 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    const bool is_key = !frames_.empty() && frames_.back().data.kind == Kind::map &&
                        !frames_.back().key && !frames_.back().key_is_none;
    if (is_key && tag == "?" && text == "<<") {
      frames_.back().merges = true;
      frames_.back().key = text;
    } else if (!is_key && is_null_word(tag, text)) {
      add(made(Kind::none, "", mark), anchor);
    } else {
      add(made(Kind::text, text, mark), anchor);
    }
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override {
    apply_merges(frames_.back());
    close();
  }

  Yaml root_;
  bool has_odd_keys_ = false; ///< a key is a list or a map, as `{{ … }}` makes one

private:
  [[nodiscard]] int line(const YAML::Mark& mark) const { return first_line_ + mark.line; }

  Yaml made(Kind kind, const std::string& text, const YAML::Mark& mark) {
    count(mark);
    auto data = std::make_shared<Yaml::Data>();
    data->kind = kind;
    data->line = line(mark);
    data->text = text;
    return Yaml(std::move(data));
  }

  void count(const YAML::Mark& mark) {
    if (++parts_ > most_parts) {
      throw Refused{line(mark), too_many_parts};
    }
  }

  void open(Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (frames_.size() >= deepest) {
      throw Refused{line(mark), "is nested more than 64 levels deep"};
    }
    count(mark);
    Frame frame;
    frame.data.kind = kind;
    const bool has_key = !frames_.empty() && frames_.back().key;
    frame.data.line = has_key ? frames_.back().key_line : line(mark);
    frame.anchor = anchor;
    frame.is_reset = tag == "!reset";
    frames_.push_back(std::move(frame));
  }

  void close() {
    auto frame = std::move(frames_.back());
    frames_.pop_back();
    if (frame.is_reset) {
      frame.data.kind = Kind::none;
    }
    add(Yaml(std::make_shared<const Yaml::Data>(std::move(frame.data))), frame.anchor);
  }

  /// Puts what is complete into what is not.
  void add(Yaml value, YAML::anchor_t anchor) {
    if (anchor != 0) {
      anchors_.insert_or_assign(anchor, value);
    }
    if (frames_.empty()) {
      root_ = std::move(value);
      return;
    }
    auto& frame = frames_.back();
    frame.data.weight += value.weight();
    if (frame.data.weight > most_parts) {
      throw Refused{value.line(), too_many_parts};
    }
    if (frame.data.kind == Kind::list) {
      frame.data.elements.push_back(std::move(value));
    } else {
      add_to_map(frame, std::move(value));
    }
  }

  void add_to_map(Frame& frame, Yaml value) {
    if (!frame.key && !frame.key_is_none) {
      frame.key_is_none = !value.is_text();
      has_odd_keys_ = has_odd_keys_ || value.is_map() || value.is_list();
      frame.key = value.is_text() ? std::optional(value.text()) : std::nullopt;
      frame.key_line = value.line();
      return;
    }
    if (frame.merges) {
      frame.merged.push_back(std::move(value));
    } else if (frame.key) {
      frame.data.members.insert_or_assign(*frame.key, std::move(value));
    }
    frame.key.reset();
    frame.key_is_none = false;
    frame.merges = false;
  }

  /// A map's own members win, then those that were merged first.
  static void apply_merges(Frame& frame) {
    auto& members = frame.data.members;
    for (const auto& merged : frame.merged) {
      members.insert(merged.members().begin(), merged.members().end());
      for (const auto& one : merged.elements()) {
        members.insert(one.members().begin(), one.members().end());
      }
    }
  }

  std::size_t& parts_;
  int first_line_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Yaml> anchors_;
};

/// The parser's own words; what it may quote of the text stands behind a colon.
std::string without_quotation(const std::string& message) {
  return message.substr(0, message.find(':'));
}

class DocumentsReader {
public:
  explicit DocumentsReader(const ConfigText& source) : source_(source) {}

  YamlReading read() {
    if (source_.text.size() > largest_text) {
      object(0, "is larger than 1 MiB");
      return std::move(reading_);
    }
    std::size_t begin = 0;
    int line = 1;
    while (begin < source_.text.size()) {
      const auto end = next_document(begin);
      const auto part = std::string_view(source_.text).substr(begin, end - begin);
      read_document(std::string(part), line);
      line += static_cast<int>(std::count(part.begin(), part.end(), '\n'));
      begin = end;
    }
    return std::move(reading_);
  }

private:
  /// Where the next line begins that is "---".
  [[nodiscard]] std::size_t next_document(std::size_t begin) const {
    const auto found = source_.text.find("\n---", begin);
    return found == std::string::npos ? source_.text.size() : found + 1;
  }

  void read_document(const std::string& text, int first_line) {
    TreeBuilder builder(parts_, first_line);
    try {
      std::istringstream input(text);
      YAML::Parser parser(input);
      while (parser.HandleNextDocument(builder)) {
        if (!builder.root_.is_null()) {
          reading_.documents.push_back(builder.root_);
        }
      }
      if (builder.has_odd_keys_ && is_template(text)) {
        object(first_line, template_words);
      }
    } catch (const YAML::Exception& error) {
      object(first_line + std::max(error.mark.line, 0),
             is_template(text) ? template_words : "is not YAML: " + without_quotation(error.msg));
    } catch (const Refused& refused) {
      object(refused.line, refused.message);
    }
  }

  [[nodiscard]] static bool is_template(std::string_view text) {
    return text.find("{{") != std::string_view::npos;
  }

  void object(int line, std::string message) {
    reading_.problems.push_back({source_.file, line, std::move(message)});
  }

  static constexpr const char* template_words =
      "is a template, not YAML: give what it renders to (helm template)";

  const ConfigText& source_;
  std::size_t parts_ = 0;
  YamlReading reading_;
};

} // namespace

YamlReading parse_yaml(const ConfigText& source) { return DocumentsReader(source).read(); }

} // namespace pgtool
