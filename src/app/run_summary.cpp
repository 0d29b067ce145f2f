#include "src/app/run_summary.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <system_error>

namespace st0ck::app {

std::string summary_json(std::string_view mode, const kernel::RunEnd& figures,
                         double wall_seconds) {
  nlohmann::ordered_json json;
  json["mode"] = mode;
  json["sessions"] = figures.sessions;
  json["events"] = figures.events;
  json["orders"] = figures.orders;
  json["fills"] = figures.fills;
  json["trades"] = figures.trades;
  json["realized_pnl"] = figures.realized_pnl.to_string();
  json["fees"] = figures.fees.to_string();
  json["decisions"] = figures.decisions;
  json["decisions_sha256"] = figures.decisions_sha256;
  json["wall_seconds"] = wall_seconds;
  return json.dump(2) + "\n";
}

core::Status check_target(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return core::fail(core::Errc::BadInput, "{}: is a folder, allowed is a file", path.string());
  const auto folder = path.parent_path();
  if (folder.empty() || std::filesystem::is_directory(folder, ignored)) return {};
  return core::fail(core::Errc::NotFound,
                    "{}: no folder {}, allowed is a file in one that is there", path.string(),
                    folder.string());
}

core::Status write_file(const std::filesystem::path& path, std::string_view content) {
  auto partial = path;
  partial += ".part";
  std::ofstream out{partial, std::ios::binary | std::ios::trunc};
  out << content;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(partial, path, error);
  if (out && !error) return {};
  std::error_code ignored;
  std::filesystem::remove(partial, ignored);
  return core::fail(core::Errc::Io, "{}: cannot be written{}{}", path.string(), error ? ": " : "",
                    error ? error.message() : "");
}

}  // namespace st0ck::app
