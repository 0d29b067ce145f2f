#pragma once

#include "scalar.hpp"
#include "st0ck/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string_view>
#include <vector>

namespace st0ck::alpaca {

/// What a message may be at most; more is refused.
struct DocumentLimits {
  std::size_t bytes_max = std::size_t{64} << 20;  ///< The list of all assets has about 20 MB.
  std::size_t nodes_max = std::size_t{4} << 20;
  std::size_t depth_max = 16;
};

/// One place of a message: a value, and the key it stands under in an object.
struct Node {
  Scalar value;
  std::string_view key{};
  std::uint32_t subtree = 1;  ///< Nodes from this one to the end of what it holds.
};

/// A place in a Document that was read; valid until it reads the next one.
class Value {
 public:
  /// Walks the elements of an array or the fields of an object.
  class Iterator {
   public:
    using value_type = Value;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    explicit Iterator(const Node* node) : node_{node} {}
    Value operator*() const { return Value{*node_}; }
    Iterator& operator++() {
      node_ += node_->subtree;
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(Iterator, Iterator) = default;

   private:
    const Node* node_ = nullptr;
  };

  explicit Value(const Node& node) : node_{&node} {}

  const Scalar& scalar() const { return node_->value; }
  std::string_view key() const { return node_->key; }
  bool is_object() const { return node_->value.kind == Scalar::Kind::Object; }
  bool is_array() const { return node_->value.kind == Scalar::Kind::Array; }

  Iterator begin() const { return Iterator{node_ + 1}; }
  Iterator end() const { return Iterator{node_ + node_->subtree}; }

  /// The field of an object, or one that is absent.
  Value operator[](std::string_view key) const;

 private:
  const Node* node_;
};

/// A message taken apart into a flat row of nodes, numbers still as their text. Reading again uses
/// the same memory, so that nothing is allocated once warm.
class Document {
 public:
  explicit Document(DocumentLimits limits = {});
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  /// Reads one JSON value. The text is copied and may go away.
  core::Result<Value> read_json(std::string_view text);

  /// Reads one MessagePack value. Strings point into `bytes`.
  core::Result<Value> read_msgpack(std::string_view bytes);

 private:
  struct JsonParser;

  DocumentLimits limits_;
  std::vector<Node> nodes_;
  std::unique_ptr<JsonParser> json_;
};

}  // namespace st0ck::alpaca
