#include "src/app/command_inbox.hpp"

#include "src/app/operator_command_file.hpp"
#include "src/app/run_summary.hpp"
#include "st0ck/core/plain_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <system_error>

namespace st0ck::app {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".json";
constexpr std::size_t kTakenMax = 100;  ///< At a time; the rest wait for the next look.

core::Status make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return {};
  return core::fail(core::Errc::Io, "{}: cannot be made: {}", folder.string(), error.message());
}

/// The content of a plain file that is not too large; links and folders are no commands.
core::Result<std::string> content_of(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(file, error)) || error)
    return core::fail(core::Errc::BadInput, "not a plain file");
  std::ifstream in{file, std::ios::binary};
  std::string content(kCommandFileMax + 1, '\0');
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (in.bad() || (!in && in.gcount() == 0 && !in.eof()))
    return core::fail(core::Errc::BadInput, "cannot be read");
  content.resize(static_cast<std::size_t>(in.gcount()));
  return content;
}

}  // namespace

core::Result<std::string> CommandInbox::post(const trading::OperatorCommand& command) const {
  if (auto made = make_folder(folder_); !made) return tl::unexpected(made.error());
  const std::string file = command.id + std::string{kEnding};
  if (auto written = write_file(folder_ / file, command_text(command)); !written)
    return tl::unexpected(written.error());
  return file;
}

std::vector<CommandInbox::Waiting> CommandInbox::take() {
  std::error_code error;
  const auto changed = fs::last_write_time(folder_, error);
  if (error || seen_ == changed) return {};
  std::vector<fs::path> files;
  for (fs::directory_iterator entry{folder_, error}, end; !error && entry != end;
       entry.increment(error))
    if (entry->path().extension() == kEnding) files.push_back(entry->path());
  std::sort(files.begin(), files.end());
  // What is posted while we look changes the folder's time again.
  seen_ = changed;
  std::vector<Waiting> waiting;
  for (const fs::path& file : files) {
    if (waiting.size() == kTakenMax) {
      seen_.reset();
      break;
    }
    const auto content = content_of(file);
    const auto command =
        content ? parse_command(*content)
                : core::Result<trading::OperatorCommand>{tl::unexpected(content.error())};
    if (command)
      waiting.push_back({*command, file.filename().string()});
    else
      refuse(file, command.error().message);
  }
  return waiting;
}

core::Status CommandInbox::answer(const std::string& file, const trading::OperatorCommand& command,
                                  bool is_accepted, std::string_view text) const {
  if (auto made = make_folder(folder_ / "answered"); !made) return made;
  nlohmann::ordered_json json;
  json["id"] = command.id;
  json["command"] = std::string{name_of(command.kind)};
  json["accepted"] = is_accepted;
  json["text"] = std::string{text};
  if (auto written = write_file(folder_ / "answered" / file, json.dump(2) + "\n"); !written)
    return written;
  std::error_code error;
  fs::remove(folder_ / file, error);
  if (!error) return {};
  return core::fail(core::Errc::Io, "{}: cannot be removed: {}", (folder_ / file).string(),
                    error.message());
}

std::optional<std::string> CommandInbox::find_answer(const std::string& file) const {
  for (const std::string_view place : {"answered", "refused"}) {
    const fs::path path = folder_ / place / (place == "refused" ? file + ".why" : file);
    if (!core::check_plain_file(path)) continue;
    std::ifstream in{path, std::ios::binary};
    if (!in) continue;
    return std::string{std::istreambuf_iterator<char>{in}, {}};
  }
  return std::nullopt;
}

void CommandInbox::refuse(const fs::path& file, std::string_view why) {
  ++refused_;
  const fs::path to = folder_ / "refused";
  if (!make_folder(to)) return;
  std::error_code error;
  fs::rename(file, to / file.filename(), error);
  if (error) return;
  const auto written =
      write_file(to / (file.filename().string() + ".why"), std::string{why} + "\n");
  (void)written;  // The file itself tells, if its reason cannot be written.
}

}  // namespace st0ck::app
