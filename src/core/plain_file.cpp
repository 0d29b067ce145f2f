#include "st0ck/core/plain_file.hpp"

#include <chrono>
#include <string_view>
#include <system_error>

namespace st0ck::core {

namespace {

std::string_view name_of(std::filesystem::file_type type) {
  using std::filesystem::file_type;
  switch (type) {
    case file_type::directory: return "a folder";
    case file_type::fifo: return "a pipe";
    case file_type::socket: return "a socket";
    case file_type::block:
    case file_type::character: return "a device";
    default: return "no plain file";
  }
}

}  // namespace

Status check_plain_file(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found)
    return fail(Errc::NotFound, "{}: not there, allowed is a plain file", path.string());
  if (status.type() == std::filesystem::file_type::none)
    return fail(Errc::Io, "{}: cannot be looked at: {}", path.string(), error.message());
  if (std::filesystem::is_regular_file(status)) return {};
  return fail(Errc::BadInput, "{}: is {}, allowed is a plain file", path.string(),
              name_of(status.type()));
}

std::optional<Timestamp> last_written(const std::filesystem::path& path) {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(path, error);
  if (error) return std::nullopt;
  return std::chrono::time_point_cast<Duration>(std::chrono::file_clock::to_sys(written));
}

}  // namespace st0ck::core
