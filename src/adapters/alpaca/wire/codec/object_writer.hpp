#pragma once

#include "names.hpp"
#include "st0ck/core/fixed_point.hpp"
#include "st0ck/core/timestamp.hpp"
#include "writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace st0ck::alpaca {

/// Writes the members of a struct as a JSON object, as its `describe` lists them: amounts as
/// decimal strings, as the trading host does, unless they are said to be numbers; null where a
/// member is absent.
class ObjectWriter {
 public:
  explicit ObjectWriter(JsonWriter& writer) : writer_{writer} { writer_.begin_object(); }
  ~ObjectWriter() { writer_.end_object(); }
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;

  template <typename Member>
  void field(std::string_view key, const Member& member) {
    writer_.key(key);
    write(member);
  }

  template <typename T>
  void if_set(std::string_view key, const std::optional<T>& member) {
    if (member) field(key, *member);
  }

  /// Left out where it is absent, as null is no number to typed clients.
  template <typename T>
  void number(std::string_view key, const std::optional<T>& member) {
    if (member) number(key, *member);
  }

  template <typename Member>
  void number(std::string_view key, const Member& member) {
    is_number_ = true;
    field(key, member);
    is_number_ = false;
  }

  template <typename Member>
  void computed(std::string_view key, const Member& member) {
    field(key, member);
  }

  /// Null where it is absent.
  template <typename Member>
  void computed_number(std::string_view key, const Member& member) {
    is_number_ = true;
    field(key, member);
    is_number_ = false;
  }

  void real_text(std::string_view key, const std::optional<double>& member);

  template <typename Member>
  void again(std::string_view key, const Member& member) {
    field(key, member);
  }

  template <typename Member>
  void or_default(std::string_view key, const Member& member) {
    field(key, member);
  }

  void or_empty(std::string_view key, const std::string& member) { field(key, member); }

  template <typename T>
  void list_if_any(std::string_view key, const std::vector<T>& member) {
    if (!member.empty()) field(key, member);
  }

  template <typename T>
  void or_empty_list(std::string_view key, const std::vector<T>& member) {
    field(key, member);
  }

  /// An empty list is null.
  template <typename T>
  void or_empty(std::string_view key, const std::vector<T>& member) {
    writer_.key(key);
    if (member.empty())
      writer_.null();
    else
      write(member);
  }

 private:
  template <typename T>
  void write(const std::optional<T>& member) {
    if (member)
      write(*member);
    else
      writer_.null();
  }

  template <typename Tag, int Digits>
  void write(core::FixedPoint<Tag, Digits> member) {
    if (is_number_)
      writer_.decimal(member.raw(), Digits);
    else
      writer_.text(member.to_string(0));
  }

  template <typename T>
  void write(const std::vector<T>& member) {
    writer_.begin_array();
    for (const T& element : member) write(element);
    writer_.end_array();
  }

  template <typename T>
    requires std::is_enum_v<T>
  void write(T member) {
    writer_.text(text_of(member));
  }

  template <typename T>
    requires std::is_class_v<T>
  void write(const T& member) {
    ObjectWriter inner{writer_};
    describe(inner, member);
  }

  void write(const std::string& member) { writer_.text(member); }
  void write(bool member) { writer_.boolean(member); }
  void write(double member) { writer_.real(member); }
  void write(std::uint32_t member) { writer_.count(member); }
  void write(std::uint64_t member) { writer_.count(member); }
  void write(core::Timestamp member) { writer_.time(member); }
  void write(core::Date member);

  JsonWriter& writer_;
  bool is_number_ = false;
};

/// The JSON of an object that has a `describe`.
template <typename T>
std::string object_json(const T& object) {
  std::string out;
  out.reserve(512);  // An order's body fits.
  JsonWriter writer{out};
  {
    ObjectWriter fields{writer};
    describe(fields, object);
  }
  return out;
}

template <typename T>
std::string list_json(const std::vector<T>& list) {
  std::string out;
  JsonWriter writer{out};
  writer.begin_array();
  for (const T& object : list) {
    ObjectWriter fields{writer};
    describe(fields, object);
  }
  writer.end_array();
  return out;
}

}  // namespace st0ck::alpaca
