#include "own_mounts.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <sched.h>
#include <sys/mount.h>
#include <system_error>
#include <utility>

namespace st0ck::test {

namespace {

/// Leaves the mounts of the system behind; false where that is not permitted.
bool have_own_mounts() {
  static const bool done = ::unshare(CLONE_NEWNS) == 0 &&
                           ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  return done;
}

}  // namespace

std::optional<OwnMount> OwnMount::small_disk(const std::filesystem::path& folder,
                                             std::uint64_t bytes) {
  std::filesystem::create_directories(folder);
  const auto size = fmt::format("size={}", bytes);
  if (!have_own_mounts()) return std::nullopt;
  if (::mount("none", folder.c_str(), "tmpfs", 0, size.c_str()) != 0) return std::nullopt;
  return OwnMount{folder};
}

std::optional<OwnMount> OwnMount::read_only(const std::filesystem::path& folder) {
  if (!have_own_mounts()) return std::nullopt;
  const char* const place = folder.c_str();
  if (::mount(place, place, nullptr, MS_BIND, nullptr) != 0) return std::nullopt;
  OwnMount mount{folder};
  if (::mount("none", place, nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) != 0)
    return std::nullopt;
  return mount;
}

OwnMount::OwnMount(OwnMount&& other) noexcept : folder_{std::exchange(other.folder_, {})} {}

OwnMount::~OwnMount() {
  if (!folder_.empty()) ::umount2(folder_.c_str(), MNT_DETACH);
}

void OwnMount::resize(std::uint64_t bytes) const {
  const auto size = fmt::format("size={}", bytes);
  if (::mount("none", folder_.c_str(), nullptr, MS_REMOUNT, size.c_str()) != 0)
    throw std::system_error(errno, std::generic_category(), "remount");
}

}  // namespace st0ck::test
