#pragma once

#include "st0ck/core/timestamp.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace st0ck::alpaca {

/// Writes one message value by value, in the order it is told. The codecs differ in what they
/// need: MessagePack the sizes at the beginning, JSON the ends.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void begin_object(std::size_t fields) = 0;
  virtual void end_object() = 0;
  virtual void begin_array(std::size_t elements) = 0;
  virtual void end_array() = 0;
  virtual void key(std::string_view name) = 0;
  virtual void text(std::string_view value) = 0;
  virtual void integer(std::int64_t value) = 0;
  virtual void count(std::uint64_t value) = 0;
  /// A number of 10^-digits units.
  virtual void decimal(std::int64_t raw, int digits) = 0;
  virtual void real(double value) = 0;
  virtual void boolean(bool value) = 0;
  virtual void null() = 0;
  virtual void time(core::Timestamp value) = 0;
};

/// Appends JSON to a text; sizes are not looked at.
class JsonWriter final : public Writer {
 public:
  explicit JsonWriter(std::string& out) : out_{out} {}

  void begin_object(std::size_t fields = 0) override;
  void end_object() override { out_ += '}'; }
  void begin_array(std::size_t elements = 0) override;
  void end_array() override { out_ += ']'; }
  void key(std::string_view name) override;
  void text(std::string_view value) override;
  void integer(std::int64_t value) override;
  void count(std::uint64_t value) override;
  void decimal(std::int64_t raw, int digits) override;
  /// What is no finite number has no JSON: null.
  void real(double value) override;
  void boolean(bool value) override;
  void null() override;
  void time(core::Timestamp value) override;

 private:
  void separate();
  void quoted(std::string_view value);

  std::string& out_;
};

/// Appends MessagePack to a text; the sizes must be right.
class MsgpackWriter final : public Writer {
 public:
  explicit MsgpackWriter(std::string& out) : out_{out} {}

  void begin_object(std::size_t fields) override;
  void end_object() override {}
  void begin_array(std::size_t elements) override;
  void end_array() override {}
  void key(std::string_view name) override { text(name); }
  void text(std::string_view value) override;
  void integer(std::int64_t value) override;
  void count(std::uint64_t value) override;
  /// An integer where it is whole, else the nearest float, as the provider sends it: beyond
  /// fifteen significant digits that may be another decimal.
  void decimal(std::int64_t raw, int digits) override;
  void real(double value) override;
  void boolean(bool value) override;
  void null() override;
  /// Extension type -1, the shortest of its three forms.
  void time(core::Timestamp value) override;

 private:
  void byte(unsigned value) { out_ += static_cast<char>(value); }
  void big_endian(std::uint64_t value, std::size_t size);

  std::string& out_;
};

}  // namespace st0ck::alpaca
