#pragma once

#include "st0ck/core/result.hpp"
#include "st0ck/core/timestamp.hpp"

#include <filesystem>
#include <optional>
#include <utility>

namespace st0ck::app {

/// The folder that everything of a run is written to, held by one daemon at a time.
class StateDirectory {
 public:
  /// Makes the folder if it is absent and takes its lock; Locked, ReadOnly, NoSpace or Io.
  static core::Result<StateDirectory> acquire(const std::filesystem::path& path);

  /// Whether a daemon holds the folder; makes nothing.
  static bool is_in_use(const std::filesystem::path& path);

  /// When it was taken last, by the machine's clock; nothing where it never was.
  static std::optional<core::Timestamp> taken_at(const std::filesystem::path& path);

  StateDirectory(StateDirectory&& other) noexcept
      : path_{std::move(other.path_)}, lock_{std::exchange(other.lock_, -1)} {}
  StateDirectory& operator=(StateDirectory&&) = delete;
  ~StateDirectory();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path journal() const { return path_ / "journal"; }
  std::filesystem::path trade_log() const { return path_ / "trades.db"; }
  std::filesystem::path commands() const { return path_ / "commands"; }
  std::filesystem::path logs() const { return path_ / "log"; }

 private:
  StateDirectory(std::filesystem::path path, int lock) : path_{std::move(path)}, lock_{lock} {}

  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace st0ck::app
