#pragma once

#include "st0ck/core/byte_size.hpp"
#include "st0ck/core/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace st0ck::core {

/// A log file that is set aside when it is full: `st0ckd.log`, then `st0ckd.1.log` and so on up to
/// the oldest. Written by one thread; what is written is whole lines, also when the disk fills up.
///
/// spdlog's own rotating file leaves half a line behind a write that failed, and the next line
/// goes on from there.
class RotatingFile {
 public:
  struct Limits {
    ByteSize size_max;
    int files_max = 1;  ///< The one being written included.
  };

  /// Makes the folder where it is missing. A last line without its end, as a killed process leaves
  /// it, is cut off.
  static Result<RotatingFile> open(std::filesystem::path path, Limits limits);

  ~RotatingFile();
  RotatingFile(RotatingFile&& other) noexcept;
  RotatingFile& operator=(RotatingFile&&) = delete;

  /// Appends whole lines, rotating before them where they no longer fit. On an error nothing of
  /// them remains in the file.
  Status append(std::string_view lines);

 private:
  RotatingFile(std::filesystem::path path, Limits limits);

  Status open_file();
  Status cut_torn_line();
  Status rotate();

  /// Removes the files that an earlier, larger limit has left.
  void remove_surplus();
  std::filesystem::path numbered(int number) const;
  void close_file();

  std::filesystem::path path_;
  Limits limits_;
  int file_ = -1;
  std::int64_t size_ = 0;
};

}  // namespace st0ck::core
