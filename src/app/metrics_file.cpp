#include "src/app/metrics_file.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace st0ck::app {

namespace fs = std::filesystem;

fs::path metrics_file_of(const fs::path& state_dir) { return state_dir / "metrics.json"; }

core::Result<nlohmann::ordered_json> read_metrics_file(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found)
    return core::fail(core::Errc::NotFound,
                      "{}: not there yet; st0ckd writes it every few seconds and at its end",
                      file.string());
  // A folder opens like a file, and throws when it is read.
  if (fs::is_directory(status))
    return core::fail(core::Errc::BadInput,
                      "{}: is a folder; allowed is the file that st0ckd writes there",
                      file.string());
  std::ifstream in{file, std::ios::binary};
  if (!in)
    return core::fail(core::Errc::BadInput, "{}: cannot be read: {}", file.string(),
                      std::generic_category().message(errno));
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(in, nullptr, false);
  if (!json.is_object())
    return core::fail(core::Errc::Corrupt, "{}: holds no JSON object", file.string());
  return json;
}

}  // namespace st0ck::app
