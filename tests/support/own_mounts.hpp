#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace st0ck::test {

/// A file system mounted on a folder for as long as the object lives, seen by this process and
/// its children only.
class OwnMount {
 public:
  /// An empty disk of that many bytes in memory; nothing where mounting is not permitted.
  static std::optional<OwnMount> small_disk(const std::filesystem::path& folder,
                                            std::uint64_t bytes);

  /// The folder itself, not to be written even by root; nothing where that is not permitted.
  static std::optional<OwnMount> read_only(const std::filesystem::path& folder);

  OwnMount(OwnMount&& other) noexcept;
  OwnMount& operator=(OwnMount&&) = delete;
  ~OwnMount();

  /// Gives a small disk another size.
  void resize(std::uint64_t bytes) const;

 private:
  explicit OwnMount(std::filesystem::path folder) : folder_{std::move(folder)} {}

  std::filesystem::path folder_;
};

}  // namespace st0ck::test
