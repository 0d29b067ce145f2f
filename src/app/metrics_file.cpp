#include "src/app/metrics_file.hpp"

#include "st0ck/core/plain_file.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace st0ck::app {

namespace fs = std::filesystem;

fs::path metrics_file_of(const fs::path& state_dir) { return state_dir / "metrics.json"; }

core::Result<nlohmann::ordered_json> read_metrics_file(const fs::path& file) {
  const core::Status checked = core::check_plain_file(file);
  if (!checked && checked.error().code == core::Errc::NotFound)
    return core::fail(core::Errc::NotFound,
                      "{}: not there yet; st0ckd writes it every few seconds and at its end",
                      file.string());
  if (!checked) return tl::unexpected(checked.error());
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
