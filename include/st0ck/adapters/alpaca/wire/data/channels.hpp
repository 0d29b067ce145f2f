#pragma once

#include <string>
#include <vector>

namespace st0ck::alpaca {

/// Symbols per channel of the data stream; `*` stands for all.
struct Channels {
  std::vector<std::string> trades;
  std::vector<std::string> quotes;
  std::vector<std::string> bars;
  std::vector<std::string> updated_bars;
  std::vector<std::string> daily_bars;
  std::vector<std::string> statuses;
  std::vector<std::string> lulds;
  std::vector<std::string> corrections;    ///< Follow the trades; nobody asks for them.
  std::vector<std::string> cancel_errors;  ///< Follow the trades; nobody asks for them.
  std::vector<std::string> imbalances;
  std::vector<std::string> news;
  std::vector<std::string> orderbooks;

  void clear();
  friend bool operator==(const Channels&, const Channels&) = default;
};

}  // namespace st0ck::alpaca
