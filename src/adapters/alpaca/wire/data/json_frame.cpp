#include "json_frame.hpp"

#include "src/adapters/alpaca/wire/codec/json_text.hpp"

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace st0ck::alpaca {

namespace {

namespace ondemand = simdjson::ondemand;

/// The key as it is written, sought up to `end`. Ours hold no escapes: a key that does is none of
/// ours.
std::string_view key_text(const ondemand::field& field, const char* end) {
  const char* const key = field.key().raw();
  if (key[0] == '"') return {};
  // Most keys have one letter or two.
  if (key[1] == '"') return {key, 1};
  if (key[2] == '"') return {key, 2};
  const void* const quote = std::memchr(key, '"', static_cast<std::size_t>(end - key));
  if (quote == nullptr) return {};
  return {key, static_cast<std::size_t>(static_cast<const char*>(quote) - key)};
}

}  // namespace

struct JsonFrameReader::Parser {
  bool read_message(ondemand::object& object) {
    fields.clear();
    if (std::exchange(has_channels, false)) channels.clear();
    channels_are_sound = true;
    for (auto found : object) {
      if (found.error()) return false;
      // Taken as it is: a copy costs more than reading the field.
      ondemand::field&& field = std::move(found).value_unsafe();
      const std::string_view key = key_text(field, text.end());
      const Field known = field_of(key);
      const bool is_read = known == Field::None ? read_channel(key, field.value())
                                                : read_field(known, field.value());
      if (!is_read) return false;
    }
    return true;
  }

  bool read_field(Field field, ondemand::value& value) {
    Scalar& scalar = fields.place(field);
    const std::string_view token = value.raw_json_token();
    const char first = token.front();
    if (first != '[' && first != '{') return read_scalar(value, token, text, scalar);
    scalar.kind = first == '[' ? Scalar::Kind::Array : Scalar::Kind::Object;
    if (first == '{' || !is_letter_list(field)) return true;
    Letters& letters = fields.letters(field);
    return for_each_scalar(value, [&](const Scalar& element) { letters.add(element); });
  }

  bool read_channel(std::string_view key, ondemand::value& value) {
    auto* const list = channel_of(channels, key);
    if (list == nullptr) return true;
    has_channels = true;
    const char first = value.raw_json_token().front();
    if (first == 'n') return true;
    if (first != '[') {
      channels_are_sound = false;
      return true;
    }
    return for_each_scalar(value, [&](const Scalar& element) {
      channels_are_sound = channels_are_sound && element.kind == Scalar::Kind::Text;
      list->emplace_back(element.text);
    });
  }

  /// False where it is no JSON; elements that hold others count as `Other`.
  template <typename Take>
  bool for_each_scalar(ondemand::value& value, Take take) {
    ondemand::array array;
    if (value.get_array().get(array)) return false;
    for (auto found : array) {
      ondemand::value element;
      if (std::move(found).get(element)) return false;
      Scalar scalar{.kind = Scalar::Kind::Other};
      const std::string_view token = element.raw_json_token();
      const bool is_scalar = token.front() != '[' && token.front() != '{';
      if (is_scalar && !read_scalar(element, token, text, scalar)) return false;
      take(scalar);
    }
    return true;
  }

  PaddedText text;
  ondemand::parser parser;
  Fields fields;
  Channels channels;
  bool has_channels = false;
  bool channels_are_sound = true;
};

JsonFrameReader::JsonFrameReader() : parser_{std::make_unique<Parser>()} {}
JsonFrameReader::~JsonFrameReader() = default;

bool JsonFrameReader::read(std::string_view frame, Dispatch& dispatch) {
  Parser& parser = *parser_;
  const auto held = parser.text.hold(frame);
  ondemand::document document;
  if (parser.parser.iterate(held.data(), held.size(), parser.text.capacity()).get(document))
    return false;
  ondemand::array messages;
  if (document.get_array().get(messages)) return false;
  for (auto found : messages) {
    ondemand::value element;
    if (std::move(found).get(element)) return false;
    ondemand::object object;
    if (element.get_object().get(object)) {
      dispatch.not_an_object();
      continue;
    }
    if (!parser.read_message(object)) return false;
    dispatch.message(parser.fields, parser.channels, parser.channels_are_sound);
  }
  return is_at_end(document);
}

}  // namespace st0ck::alpaca
