#pragma once

#include "base/utf8.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// A strict reader of the part of XML 1.0 that pgtool writes.
struct XmlElement {
  std::string name{};
  std::map<std::string, std::string> attributes{};
  std::string text{};
  std::vector<XmlElement> children{};
};

class XmlReader {
public:
  static XmlElement read(std::string_view document) {
    for (auto rest = document; !rest.empty();) {
      const auto point = pgtool::first_code_point(rest);
      const bool space = point.value == '\n' || point.value == '\t' || point.value == '\r';
      expect(point.valid && (point.value >= 0x20 || space) && point.value != 0xFFFE &&
                 point.value != 0xFFFF,
             "a character that no document may hold");
      rest.remove_prefix(point.bytes);
    }
    XmlReader reader(document);
    reader.take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    auto root = reader.element();
    reader.take("\n");
    expect(reader.rest_.empty(), "something behind the root");
    return root;
  }

private:
  explicit XmlReader(std::string_view document) : rest_(document) {}

  static void expect(bool holds, const std::string& what) {
    if (!holds) {
      throw std::runtime_error(what);
    }
  }

  void take(std::string_view words) {
    expect(rest_.starts_with(words),
           "expected " + std::string(words) + " at " + std::string(rest_.substr(0, 40)));
    rest_.remove_prefix(words.size());
  }

  std::string until(std::string_view ends) {
    const auto at = rest_.find_first_of(ends);
    expect(at != std::string_view::npos, "an end is missing");
    const std::string raw(rest_.substr(0, at));
    rest_.remove_prefix(at);
    return raw;
  }

  static std::string plain(std::string_view raw) {
    static const std::map<std::string, char, std::less<>> entities = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"#10", '\n'}};
    expect(raw.find("]]>") == std::string_view::npos, "the end of a section in text");
    std::string text;
    while (!raw.empty()) {
      const auto end = raw.front() == '&' ? raw.find(';') : 0;
      expect(end != std::string_view::npos, "an entity without an end");
      text += end > 0 ? entities.at(std::string(raw.substr(1, end - 1))) : raw.front();
      raw.remove_prefix(end + 1);
    }
    return text;
  }

  XmlElement element() {
    XmlElement element;
    take("<");
    element.name = until(" >/");
    while (rest_.starts_with(' ')) {
      take(" ");
      const auto name = until("=");
      take("=\"");
      const auto raw = until("\"<");
      expect(raw.find('\n') == std::string::npos, "a line end that a reader makes a space of");
      expect(element.attributes.emplace(name, plain(raw)).second, "twice: " + name);
      take("\"");
    }
    if (rest_.starts_with('/')) {
      take("/>");
      return element;
    }
    take(">");
    while (true) {
      element.text += plain(until("<"));
      if (rest_.starts_with("</")) {
        take("</" + element.name + ">");
        return element;
      }
      element.children.push_back(this->element());
    }
  }

  std::string_view rest_;
};
