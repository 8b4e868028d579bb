#include "sql/parse_tree.hpp"

#include <algorithm>
#include <cstring>
#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>
#include <utility>

namespace pgtool {
namespace {

const ProtobufCFieldDescriptor* field_of(const ProtobufCMessage* message, std::string_view name) {
  if (message == nullptr) {
    return nullptr;
  }
  const auto* type = message->descriptor;
  // The library looks names up by strcmp(); the fields of a struct are few, and found as fast so.
  for (unsigned at = 0; at < type->n_fields; ++at) {
    if (name == type->fields[at].name) {
      return &type->fields[at];
    }
  }
  return nullptr;
}

template <typename Member> const Member& member_of(const void* start, unsigned offset) {
  return *reinterpret_cast<const Member*>(static_cast<const char*>(start) + offset);
}

bool is_set(const ProtobufCMessage* message, const ProtobufCFieldDescriptor& field) {
  return (field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0 ||
         member_of<std::uint32_t>(message, field.quantifier_offset) == field.id;
}

/// A Node holds one of its fields: that one is meant.
Node unwrapped(const ProtobufCMessage* message) {
  if (message == nullptr || std::strcmp(message->descriptor->short_name, "Node") != 0) {
    return Node(message);
  }
  const auto* type = message->descriptor;
  const auto which = member_of<std::uint32_t>(message, type->fields[0].quantifier_offset);
  const auto* field = which != 0 ? protobuf_c_message_descriptor_get_field(type, which) : nullptr;
  return field != nullptr ? Node(member_of<ProtobufCMessage*>(message, field->offset)) : Node();
}

void add_items(const ProtobufCMessage* message, const ProtobufCFieldDescriptor& field,
               std::vector<Node>& nodes) {
  if (field.type != PROTOBUF_C_TYPE_MESSAGE || !is_set(message, field)) {
    return;
  }
  if (field.label != PROTOBUF_C_LABEL_REPEATED) {
    if (const auto node = unwrapped(member_of<ProtobufCMessage*>(message, field.offset))) {
      nodes.push_back(node);
    }
    return;
  }
  const auto count = member_of<std::size_t>(message, field.quantifier_offset);
  const auto* items = member_of<ProtobufCMessage**>(message, field.offset);
  for (std::size_t at = 0; at < count; ++at) {
    nodes.push_back(unwrapped(items[at]));
  }
}

} // namespace

std::string_view Node::kind() const {
  return message_ != nullptr ? message_->descriptor->short_name : std::string_view();
}

Node Node::operator[](std::string_view field) const {
  const auto* found = field_of(message_, field);
  if (found == nullptr || found->type != PROTOBUF_C_TYPE_MESSAGE ||
      found->label == PROTOBUF_C_LABEL_REPEATED || !is_set(message_, *found)) {
    return {};
  }
  return unwrapped(member_of<ProtobufCMessage*>(message_, found->offset));
}

std::vector<Node> Node::list(std::string_view field) const {
  std::vector<Node> nodes;
  if (const auto* found = field_of(message_, field); found != nullptr) {
    add_items(message_, *found, nodes);
  }
  return nodes;
}

bool Node::has_list(std::string_view field) const {
  const auto* found = field_of(message_, field);
  return found != nullptr && found->label == PROTOBUF_C_LABEL_REPEATED &&
         member_of<std::size_t>(message_, found->quantifier_offset) > 0;
}

std::string_view Node::text(std::string_view field) const {
  const auto* found = field_of(message_, field);
  if (found == nullptr || found->type != PROTOBUF_C_TYPE_STRING || !is_set(message_, *found)) {
    return {};
  }
  const auto* words = member_of<const char*>(message_, found->offset);
  return words != nullptr ? words : std::string_view();
}

std::int64_t Node::number(std::string_view field) const {
  const auto* found = field_of(message_, field);
  if (found == nullptr || found->label == PROTOBUF_C_LABEL_REPEATED || !is_set(message_, *found)) {
    return 0;
  }
  switch (found->type) {
  case PROTOBUF_C_TYPE_BOOL:
    return member_of<protobuf_c_boolean>(message_, found->offset) != 0 ? 1 : 0;
  case PROTOBUF_C_TYPE_INT32:
  case PROTOBUF_C_TYPE_ENUM:
    return member_of<std::int32_t>(message_, found->offset);
  case PROTOBUF_C_TYPE_UINT32:
    return member_of<std::uint32_t>(message_, found->offset);
  default:
    return 0;
  }
}

std::string_view Node::choice(std::string_view field) const {
  const auto* found = field_of(message_, field);
  if (found == nullptr || found->type != PROTOBUF_C_TYPE_ENUM) {
    return {};
  }
  const auto* value = protobuf_c_enum_descriptor_get_value(
      static_cast<const ProtobufCEnumDescriptor*>(found->descriptor),
      member_of<std::int32_t>(message_, found->offset));
  return value != nullptr ? value->name : std::string_view();
}

std::vector<Node> Node::children() const {
  std::vector<Node> nodes;
  if (message_ != nullptr) {
    for (unsigned at = 0; at < message_->descriptor->n_fields; ++at) {
      add_items(message_, message_->descriptor->fields[at], nodes);
    }
  }
  return nodes;
}

/// Gives out memory for the parts of one tree, which all go at once: to free them one by one took a
/// seventh of the time of parsing.
class ParseTree::Memory {
public:
  ProtobufCAllocator allocator() {
    return {allocate, [](void*, void*) {}, this};
  }

private:
  static void* allocate(void* memory, std::size_t size) {
    return static_cast<Memory*>(memory)->take(size);
  }

  void* take(std::size_t size) {
    constexpr std::size_t block = 8192;
    constexpr std::size_t alignment = alignof(std::max_align_t);
    size = (size + alignment - 1) / alignment * alignment;
    if (size > left_) {
      left_ = std::max(block, size);
      blocks_.push_back(std::make_unique_for_overwrite<char[]>(left_)); // NOLINT: raw memory
      next_ = blocks_.back().get();
    }
    left_ -= size;
    return std::exchange(next_, next_ + size);
  }

  std::vector<std::unique_ptr<char[]>> blocks_; // NOLINT: raw memory
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

void ParseTree::Free::operator()(Memory* memory) const {
  delete memory; // NOLINT: it is complete only here
}

ParseTree::ParseTree(const std::string& sql) {
  const auto parsed = pg_query_parse_protobuf(sql.c_str());
  const ProtobufCMessage* root = nullptr;
  if (parsed.error != nullptr) {
    error_ = parsed.error->message;
    const auto at = parsed.error->cursorpos; // counted from 1; 0 when nobody knows
    error_offset_ = at > 0 ? static_cast<std::size_t>(at) - 1 : 0;
  } else {
    memory_.reset(new Memory); // NOLINT: see Free
    auto allocator = memory_->allocator();
    root = protobuf_c_message_unpack(&pg_query__parse_result__descriptor, &allocator,
                                     parsed.parse_tree.len,
                                     reinterpret_cast<const std::uint8_t*>(parsed.parse_tree.data));
    if (root == nullptr) {
      error_ = "its parse tree cannot be read";
    }
  }
  pg_query_free_protobuf_parse_result(parsed);
  for (const auto& raw : Node(root).list("stmts")) {
    const auto offset = static_cast<std::size_t>(raw.number("stmt_location"));
    const auto length = static_cast<std::size_t>(raw.number("stmt_len"));
    statements_.push_back({raw["stmt"], offset, length > 0 ? length : sql.size() - offset});
  }
}

std::string_view grammar_version() { return PG_MAJORVERSION; }

} // namespace pgtool
