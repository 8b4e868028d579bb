#include "sql/workpiece.hpp"

#include "base/deep_stack.hpp"
#include "sql/parse_tree.hpp"
#include "sql/quote.hpp"

#include <algorithm>
#include <pg_query.h>
#include <string_view>
#include <utility>

namespace pgtool {
namespace {

std::string packed(const PgQuery__ParseResult* tree) {
  std::string bytes(pg_query__parse_result__get_packed_size(tree), '\0');
  pg_query__parse_result__pack(tree, reinterpret_cast<std::uint8_t*>(bytes.data()));
  return bytes;
}

template <typename Member> Member& member_of(ProtobufCMessage* message, unsigned offset) {
  return *reinterpret_cast<Member*>(reinterpret_cast<char*>(message) + offset);
}

bool is_place(std::string_view field) {
  return field == "location" || field == "stmt_location" || field == "stmt_len";
}

void forget_places(ProtobufCMessage* message);

void forget_places_in(ProtobufCMessage* message, const ProtobufCFieldDescriptor& field) {
  if (field.type == PROTOBUF_C_TYPE_INT32 && is_place(field.name)) {
    member_of<std::int32_t>(message, field.offset) = 0;
  } else if (field.type == PROTOBUF_C_TYPE_MESSAGE && field.label == PROTOBUF_C_LABEL_REPEATED) {
    const auto count = member_of<std::size_t>(message, field.quantifier_offset);
    for (std::size_t at = 0; at < count; ++at) {
      forget_places(member_of<ProtobufCMessage**>(message, field.offset)[at]);
    }
  } else if (field.type == PROTOBUF_C_TYPE_MESSAGE &&
             ((field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0 ||
              member_of<std::uint32_t>(message, field.quantifier_offset) == field.id)) {
    forget_places(member_of<ProtobufCMessage*>(message, field.offset));
  }
}

/// Where in the text something stands is no part of what it says.
void forget_places(ProtobufCMessage* message) {
  for (unsigned at = 0; message != nullptr && at < message->descriptor->n_fields; ++at) {
    forget_places_in(message, message->descriptor->fields[at]);
  }
}

} // namespace

Workpiece::Workpiece(const std::string& sql) {
  const auto parsed = pg_query_parse_protobuf(sql.c_str());
  if (parsed.error == nullptr) {
    ProtobufCAllocator allocator{allocate, [](void*, void*) {}, &memory_};
    root_ = pg_query__parse_result__unpack(
        &allocator, parsed.parse_tree.len,
        reinterpret_cast<const std::uint8_t*>(parsed.parse_tree.data));
  }
  pg_query_free_protobuf_parse_result(parsed);
}

PgQuery__Node* Workpiece::statement() const {
  return root_ != nullptr && root_->n_stmts == 1 ? root_->stmts[0]->stmt : nullptr;
}

std::string Workpiece::text() const {
  forget_places(&root_->base);
  auto bytes = packed(root_);
  const auto written = pg_query_deparse_protobuf({bytes.size(), bytes.data()});
  std::string text = written.error == nullptr ? written.query : "";
  pg_query_free_deparse_result(written);
  const Workpiece again(text);
  if (again.statement() == nullptr) {
    return "";
  }
  forget_places(&again.root_->base);
  return packed(again.root_) == bytes ? text : "";
}

std::string Workpiece::named(std::string text, const std::string& name) {
  const std::string_view place = any_name;
  const auto quoted = quote_identifier(name);
  for (auto at = text.find(place); at != std::string::npos;
       at = text.find(place, at + quoted.size())) {
    text.replace(at, place.size(), quoted);
  }
  return text;
}

std::string Workpiece::text_of(PgQuery__Node node) const {
  auto*& place = root_->stmts[0]->stmt;
  auto* before = std::exchange(place, &node);
  auto result = text();
  place = before;
  return result;
}

char* Workpiece::word(const std::string& text) {
  auto* copy = static_cast<char*>(allocate(&memory_, text.size() + 1));
  std::copy(text.c_str(), text.c_str() + text.size() + 1, copy);
  return copy;
}

PgQuery__Node** Workpiece::list(std::size_t count) {
  return static_cast<PgQuery__Node**>(allocate(&memory_, count * sizeof(PgQuery__Node*)));
}

void* Workpiece::allocate(void* memory, std::size_t size) {
  return static_cast<std::pmr::monotonic_buffer_resource*>(memory)->allocate(size);
}

/// The words behind "SELECT ", which the library writes before them.
std::string Workpiece::expression_text(PgQuery__Node* expression) const {
  PgQuery__ResTarget target = PG_QUERY__RES_TARGET__INIT;
  target.val = expression;
  PgQuery__Node wrapped = PG_QUERY__NODE__INIT;
  wrapped.node_case = PG_QUERY__NODE__NODE_RES_TARGET;
  wrapped.res_target = &target;
  PgQuery__Node* targets[] = {&wrapped};
  PgQuery__SelectStmt select = PG_QUERY__SELECT_STMT__INIT;
  select.n_target_list = 1;
  select.target_list = targets;
  select.limit_option = PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_DEFAULT;
  select.op = PG_QUERY__SET_OPERATION__SETOP_NONE;
  PgQuery__Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
  node.select_stmt = &select;
  const auto text = text_of(node);
  constexpr std::string_view before = "SELECT ";
  return text.starts_with(before) ? text.substr(before.size()) : "";
}

std::string Workpiece::type_text(PgQuery__TypeName* type) const {
  PgQuery__AConst null = PG_QUERY__A__CONST__INIT;
  null.isnull = 1;
  PgQuery__Node value = PG_QUERY__NODE__INIT;
  value.node_case = PG_QUERY__NODE__NODE_A_CONST;
  value.a_const = &null;
  PgQuery__TypeCast cast = PG_QUERY__TYPE_CAST__INIT;
  cast.arg = &value;
  cast.type_name = type;
  PgQuery__Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_TYPE_CAST;
  node.type_cast = &cast;
  const auto text = expression_text(&node);
  constexpr std::string_view before = "NULL::";
  return text.starts_with(before) ? text.substr(before.size()) : "";
}

void rework(const std::string& sql, const std::function<void(Workpiece&, PgQuery__Node&)>& work) {
  if (sql.size() > longest_parsed) {
    return;
  }
  // The tree is walked, written, and read by the library once more.
  run_on_stack(3 * sql.size() * stack_per_byte, [&] {
    Workpiece piece(sql);
    if (auto* statement = piece.statement(); statement != nullptr) {
      work(piece, *statement);
    }
  });
}

} // namespace pgtool
