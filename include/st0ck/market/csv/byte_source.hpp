#pragma once

#include "st0ck/core/result.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace st0ck::market {

/// Bytes in their order.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Fills `into`, which is not empty, from its front and returns how many bytes that were; 0
  /// only at the end. What comes before damaged data is given out before the error. The error
  /// does not name the file: its user knows it, and the line.
  virtual core::Result<std::size_t> read(std::span<char> into) = 0;
};

/// The bytes of a file. Where they are gzip data, by their first two bytes and whatever the
/// file's name, their content; that they are complete and undamaged is then checked.
core::Result<std::unique_ptr<ByteSource>> open_bytes(const std::filesystem::path& path);

/// The same over bytes in memory, which must outlive the source.
std::unique_ptr<ByteSource> bytes_in_memory(std::string_view bytes);

}  // namespace st0ck::market
