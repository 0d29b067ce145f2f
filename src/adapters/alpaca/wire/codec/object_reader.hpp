#pragma once

#include "document.hpp"
#include "names.hpp"
#include "st0ck/adapters/alpaca/wire/refusal.hpp"
#include "st0ck/core/ids.hpp"
#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace st0ck::alpaca {

/// Where in a message the first value was refused, and why.
struct Problem {
  std::string place{};
  Refusal refusal = Refusal::None;

  bool exists() const { return refusal != Refusal::None; }
};

/// How a number may be written that stands in a string. Exponents are what a float of a program
/// has, in JSON without quotes; in a string nobody but a mistaken one writes them.
enum class TextNumbers : std::uint8_t { Any, WithoutExponent };

/// Fills the members of a struct from an object, as its `describe` lists them. Members that are
/// `std::optional` may be absent or null, the others must be there; numbers may be strings. The
/// first value that is refused is remembered, and nothing is changed after it.
class ObjectReader {
 public:
  ObjectReader(Value object, Problem& problem, TextNumbers text_numbers = TextNumbers::Any)
      : object_{object}, problem_{problem}, text_numbers_{text_numbers} {
    if (!object.is_object() && !problem.exists()) problem = {{}, Refusal::NotAnObject};
  }

  template <typename Member>
  void field(std::string_view key, Member& member) {
    if (problem_.exists()) return;
    read(object_[key], member);
    if (problem_.exists()) put_in_front(key);
  }

  /// A member that the writer leaves out where it is absent.
  template <typename Member>
  void if_set(std::string_view key, Member& member) {
    field(key, member);
  }

  /// A member that is a number in JSON, not a string.
  template <typename Member>
  void number(std::string_view key, Member& member) {
    field(key, member);
  }

  /// An amount that the broker computed: what has more decimals than we keep is rounded.
  template <typename Member>
  void computed(std::string_view key, Member& member) {
    is_computed_ = true;
    field(key, member);
    is_computed_ = false;
  }

  /// The same where JSON has numbers.
  template <typename Member>
  void computed_number(std::string_view key, Member& member) {
    computed(key, member);
  }

  /// A statistic that stands in a string.
  void real_text(std::string_view key, std::optional<double>& member) { field(key, member); }

  /// Said a second time under another key, for old clients: nothing to read.
  template <typename Member>
  void again(std::string_view /*key*/, const Member& /*member*/) {}

  /// A member that keeps its default where it is absent or null.
  template <typename Member>
  void or_default(std::string_view key, Member& member) {
    if (!object_[key].scalar().is_absent()) field(key, member);
  }

  /// A text or list that is empty where it is absent or null.
  template <typename Member>
  void or_empty(std::string_view key, Member& member) {
    or_default(key, member);
  }

  template <typename T>
  void or_empty_list(std::string_view key, std::vector<T>& member) {
    or_default(key, member);
  }

  /// A list that the writer leaves out where it is empty.
  template <typename T>
  void list_if_any(std::string_view key, std::vector<T>& member) {
    or_default(key, member);
  }

 private:
  void put_in_front(std::string_view key);
  void refuse(Refusal refusal) { problem_.refusal = refusal; }

  template <typename T>
  void read(Value value, std::optional<T>& member) {
    const Scalar& scalar = value.scalar();
    // An empty text is no word, number or time: some rows have it where others have null.
    const bool is_empty =
        scalar.kind == Scalar::Kind::Text && scalar.text.empty() && !std::is_same_v<T, std::string>;
    if (scalar.is_absent() || is_empty) return member.reset();
    read(value, member.emplace());
  }

  template <typename Tag, int Digits>
  void read(Value value, core::FixedPoint<Tag, Digits>& member) {
    if (!may_be_number(value.scalar())) return refuse(Refusal::NotANumber);
    const auto reading = is_computed_ ? computed_decimal_of(value.scalar(), Digits)
                                      : decimal_of(value.scalar(), Digits);
    member = core::FixedPoint<Tag, Digits>::from_raw(reading.raw);
    refuse(reading.refusal);
  }

  template <typename T>
  void read(Value value, std::vector<T>& member) {
    if (value.scalar().is_absent()) return refuse(Refusal::MissingField);
    if (!value.is_array()) return refuse(Refusal::WrongType);
    member.clear();
    for (const Value element : value) {
      read(element, member.emplace_back());
      if (problem_.exists()) return;
    }
  }

  template <typename T>
    requires std::is_enum_v<T>
  void read(Value value, T& member) {
    if (!expect_text(value)) return;
    const auto found = value_of<T>(value.scalar().text);
    if (found)
      member = *found;
    else
      refuse(Refusal::UnknownWord);
  }

  /// A struct with a `describe` of its own.
  template <typename T>
    requires std::is_class_v<T>
  void read(Value value, T& member) {
    if (value.scalar().is_absent()) return refuse(Refusal::MissingField);
    ObjectReader inner{value, problem_, text_numbers_};
    if (!problem_.exists()) describe(inner, member);
  }

  void read(Value value, std::string& member);
  void read(Value value, bool& member);
  void read(Value value, double& member);
  void read(Value value, std::uint32_t& member);
  void read(Value value, std::uint64_t& member);
  void read(Value value, core::Timestamp& member);
  void read(Value value, core::Date& member);

  bool expect_text(Value value);
  bool may_be_number(const Scalar& scalar) const {
    return text_numbers_ == TextNumbers::Any || scalar.kind != Scalar::Kind::Text ||
           scalar.text.find_first_of("eE") == std::string_view::npos;
  }

  Value object_;
  Problem& problem_;
  TextNumbers text_numbers_;
  bool is_computed_ = false;
};

/// The error that a problem is: `order.limit_price is too large`.
core::Error error_of(std::string_view what, const Problem& problem);

/// Reads one JSON object as a T.
template <typename T>
core::Result<T> read_object(std::string_view what, Value value) {
  T object;
  Problem problem;
  ObjectReader reader{value, problem};
  if (!problem.exists()) describe(reader, object);
  if (problem.exists()) return tl::unexpected<core::Error>(error_of(what, problem));
  return object;
}

template <typename T>
core::Result<T> read_object(std::string_view what, std::string_view body) {
  Document document;
  const auto value = document.read_json(body);
  if (!value) return core::at(what, value.error());
  return read_object<T>(what, *value);
}

/// Reads a JSON array of objects; one that is refused refuses all, as a list with holes would
/// pass for the whole truth.
template <typename T>
core::Result<std::vector<T>> read_list(std::string_view what, Value value) {
  if (!value.is_array()) return core::fail(core::Errc::BadInput, "{}: is not a list", what);
  std::vector<T> list;
  for (const Value element : value) {
    auto object = read_object<T>(what, element);
    if (!object) return core::at(fmt::format("element {}", list.size()), object.error());
    list.push_back(std::move(*object));
  }
  return list;
}

template <typename T>
core::Result<std::vector<T>> read_list(std::string_view what, std::string_view body) {
  Document document;
  const auto value = document.read_json(body);
  if (!value) return core::at(what, value.error());
  return read_list<T>(what, *value);
}

}  // namespace st0ck::alpaca
