#include "document.hpp"
#include "json_text.hpp"

#include <utility>

namespace st0ck::alpaca {

namespace {

namespace ondemand = simdjson::ondemand;
using core::Errc;
using core::Status;

/// Turns what simdjson walks over into nodes.
class Builder {
 public:
  Builder(const PaddedText& text, std::vector<Node>& nodes, const DocumentLimits& limits)
      : text_{text}, nodes_{nodes}, limits_{limits} {}

  Status add(ondemand::value value, std::string_view key, std::size_t depth) {
    if (depth > limits_.depth_max)
      return core::fail(Errc::OutOfRange, "JSON: nested deeper than {}", limits_.depth_max);
    if (nodes_.size() >= limits_.nodes_max)
      return core::fail(Errc::OutOfRange, "JSON: more than {} values", limits_.nodes_max);
    const std::size_t at = nodes_.size();
    nodes_.push_back({.value = {}, .key = key});
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return broken(error);
    Status status;
    if (type == ondemand::json_type::object)
      status = add_object(value, at, depth);
    else if (type == ondemand::json_type::array)
      status = add_array(value, at, depth);
    else if (!read_scalar(value, value.raw_json_token(), text_, nodes_[at].value))
      return broken(simdjson::TAPE_ERROR);
    nodes_[at].subtree = static_cast<std::uint32_t>(nodes_.size() - at);
    return status;
  }

  static tl::unexpected<core::Error> broken(simdjson::error_code error) {
    // Its own words for these are for programmers.
    if (error == simdjson::SCALAR_DOCUMENT_AS_VALUE)
      return core::fail(Errc::BadInput, "JSON: found neither an object nor a list");
    return core::fail(Errc::BadInput, "JSON: {}", simdjson::error_message(error));
  }

 private:
  Status add_object(ondemand::value& value, std::size_t at, std::size_t depth) {
    nodes_[at].value.kind = Scalar::Kind::Object;
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return broken(error);
    for (auto found : object) {
      ondemand::field field;
      if (const auto error = std::move(found).get(field)) return broken(error);
      std::string_view key;
      if (const auto error = field.unescaped_key().get(key)) return broken(error);
      if (auto status = add(field.value(), key, depth + 1); !status) return status;
    }
    return {};
  }

  Status add_array(ondemand::value& value, std::size_t at, std::size_t depth) {
    nodes_[at].value.kind = Scalar::Kind::Array;
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return broken(error);
    for (auto found : array) {
      ondemand::value element;
      if (const auto error = std::move(found).get(element)) return broken(error);
      if (auto status = add(element, {}, depth + 1); !status) return status;
    }
    return {};
  }

  const PaddedText& text_;
  std::vector<Node>& nodes_;
  const DocumentLimits& limits_;
};

}  // namespace

struct Document::JsonParser {
  PaddedText text;
  ondemand::parser parser;
};

Document::Document(DocumentLimits limits) : limits_{limits} {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

core::Result<Value> Document::read_json(std::string_view text) {
  if (text.size() > limits_.bytes_max)
    return core::fail(Errc::OutOfRange, "JSON: {} bytes, allowed are {}", text.size(),
                      limits_.bytes_max);
  if (!json_) json_ = std::make_unique<JsonParser>();
  nodes_.clear();
  const auto held = json_->text.hold(text);
  ondemand::document document;
  const auto error =
      json_->parser.iterate(held.data(), held.size(), json_->text.capacity()).get(document);
  if (error) return Builder::broken(error);
  ondemand::value root;
  // Messages are arrays or objects: a lone scalar is none of ours.
  if (const auto no_value = document.get_value().get(root)) return Builder::broken(no_value);
  if (const auto status = Builder{json_->text, nodes_, limits_}.add(root, {}, 0); !status)
    return tl::unexpected<core::Error>(status.error());
  if (!is_at_end(document))
    return core::fail(Errc::BadInput, "JSON: something follows the end of the message");
  return Value{nodes_.front()};
}

}  // namespace st0ck::alpaca
