#include "st0ck/core/logging/log_settings.hpp"

namespace st0ck::core {

Schema<LogSettings> log_schema() {
  Schema<LogSettings> schema;
  schema.field("level", &LogSettings::level)
      .help("The least of the levels that are written.")
      .words({{"trace", LogLevel::Trace},
              {"debug", LogLevel::Debug},
              {"info", LogLevel::Info},
              {"warning", LogLevel::Warning},
              {"error", LogLevel::Error},
              {"off", LogLevel::Off}})
      .by_default("info");
  schema.field("terminal", &LogSettings::terminal)
      .help("How messages look on standard error; auto knows terminals and systemd.")
      .words({{"auto", TerminalStyle::Auto},
              {"plain", TerminalStyle::Plain},
              {"colour", TerminalStyle::Colour},
              {"systemd", TerminalStyle::Systemd},
              {"off", TerminalStyle::Off}})
      .by_default("auto");
  schema.field("file_size_max", &LogSettings::file_size_max)
      .help("Size at which a log file is rotated.")
      .by_default("16MiB")
      .range("64KiB", "4GiB");
  schema.field("files_max", &LogSettings::files_max)
      .help("Log files that are kept, the one being written included.")
      .by_default("8")
      .range("1", "1000")
      .unit("files");
  schema.field("queue_max", &LogSettings::queue_max)
      .help("Lines that may wait for the log thread; beyond it lines are dropped and counted.")
      .by_default("8192")
      .range("64", "65000")
      .unit("lines");
  schema.not_in_hash();
  return schema;
}

}  // namespace st0ck::core
