// Errors, and what the letters of the tapes mean.

#include "src/app/exchange/data_queries.hpp"

#include <fmt/format.h>

#include <span>
#include <string>
#include <utility>

namespace st0ck::app::exchange {

namespace {

struct CodeText {
  std::string_view code;
  std::string_view text;
};

constexpr CodeText kExchanges[] = {
    {"A", "NYSE American (AMEX)"},
    {"B", "NASDAQ OMX BX"},
    {"C", "National Stock Exchange"},
    {"D", "FINRA ADF"},
    {"E", "Market Independent"},
    {"H", "MIAX"},
    {"I", "International Securities Exchange"},
    {"J", "Cboe EDGA"},
    {"K", "Cboe EDGX"},
    {"L", "Long Term Stock Exchange"},
    {"M", "Chicago Stock Exchange"},
    {"N", "New York Stock Exchange"},
    {"P", "NYSE Arca"},
    {"Q", "NASDAQ OMX"},
    {"S", "NASDAQ Small Cap"},
    {"T", "NASDAQ Int"},
    {"U", "Members Exchange"},
    {"V", "IEX"},
    {"W", "CBOE"},
    {"X", "NASDAQ OMX PSX"},
    {"Y", "Cboe BYX"},
    {"Z", "Cboe BZX"},
};

// Tapes A and B have the letters of the CTA plan, tape C those of the UTP plan.
constexpr CodeText kCtaTrades[] = {
    {" ", "Regular Sale"},
    {"4", "Derivatively Priced"},
    {"5", "Market Center Reopening Trade"},
    {"6", "Market Center Closing Trade"},
    {"7", "Qualified Contingent Trade"},
    {"9", "Corrected Consolidated Close Price as per Listing Market"},
    {"@", "Regular Sale"},
    {"B", "Average Price Trade"},
    {"C", "Cash Trade (Same Day Clearing)"},
    {"E", "Automatic Execution"},
    {"F", "Inter-market Sweep Order"},
    {"H", "Price Variation Trade"},
    {"I", "Odd Lot Trade"},
    {"K", "Rule 127 (NYSE only) or Rule 155 Trade (NYSE MKT only)"},
    {"L", "Sold Last (Late Reporting)"},
    {"M", "Market Center Official Close"},
    {"N", "Next Day Trade (Next Day Clearing)"},
    {"O", "Market Center Opening Trade"},
    {"P", "Prior Reference Price"},
    {"Q", "Market Center Official Open"},
    {"R", "Seller"},
    {"T", "Extended Hours Trade"},
    {"U", "Extended Hours Sold (Out Of Sequence)"},
    {"V", "Contingent Trade"},
    {"X", "Cross Trade"},
    {"Z", "Sold (Out of Sequence)"},
};

constexpr CodeText kUtpTrades[] = {
    {"4", "Derivatively Priced"},
    {"5", "Re-Opening Prints"},
    {"6", "Closing Prints"},
    {"7", "Qualified Contingent Trade"},
    {"9", "Corrected Consolidated Close Price as per Listing Market"},
    {"@", "Regular Sale"},
    {"A", "Acquisition"},
    {"B", "Bunched Trade"},
    {"C", "Cash Sale"},
    {"D", "Distribution"},
    {"F", "Intermarket Sweep"},
    {"G", "Bunched Sold Trade"},
    {"H", "Price Variation Trade"},
    {"I", "Odd Lot Trade"},
    {"K", "Rule 155 Trade (AMEX)"},
    {"L", "Sold Last"},
    {"M", "Market Center Official Close"},
    {"N", "Next Day"},
    {"O", "Opening Prints"},
    {"P", "Prior Reference Price"},
    {"Q", "Market Center Official Open"},
    {"R", "Seller"},
    {"S", "Split Trade"},
    {"T", "Form T"},
    {"U", "Extended Trading Hours (Sold Out of Sequence)"},
    {"V", "Contingent Trade"},
    {"W", "Average Price Trade"},
    {"X", "Cross Trade"},
    {"Y", "Yellow Flag Regular Trade"},
    {"Z", "Sold (Out of Sequence)"},
};

constexpr CodeText kQuotes[] = {
    {"A", "Manual Ask, Automated Bid"},
    {"B", "Manual Bid, Automated Ask"},
    {"F", "Fast Trading"},
    {"H", "Manual Bid and Ask"},
    {"I", "Order Imbalance"},
    {"L", "Closed Quote"},
    {"N", "Non-Firm Quote"},
    {"O", "Opening Quote Automated"},
    {"R", "Regular, Two-Sided Open"},
    {"U", "Regular, One-Sided Open"},
    {"X", "Order Influx"},
    {"Y", "No Offer, No Bid, One-Sided Open"},
    {"Z", "No Open / No Resume"},
};

net::ServerResponse codes_answer(std::span<const CodeText> codes) {
  std::string body;
  for (const CodeText& each : codes)
    body += fmt::format(R"({}"{}":"{}")", body.empty() ? "" : ",", each.code, each.text);
  return {.body = '{' + body + '}'};
}

/// The text as JSON has it between quotation marks: a message may quote what a client sent.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (byte < 0x20)
      out += fmt::format("\\u{:04x}", byte);
    else if (byte < 0x7f)
      out += c;
    else
      out += '?';  // It may be no UTF-8, and a person sees that something is odd.
  }
  return out;
}

}  // namespace

net::ServerResponse data_error(int status, std::string_view message) {
  return {.status = status, .body = fmt::format(R"({{"message":"{}"}})", escaped(message))};
}

net::ServerResponse exchange_codes_answer() { return codes_answer(kExchanges); }

net::ServerResponse condition_codes_answer(const DataQuestion& question, std::string_view ticks) {
  const auto tape = question.target.find("tape").value_or(std::string_view{});
  if (tape != "A" && tape != "B" && tape != "C")
    return data_error(400, "invalid tape: it is A, B or C");
  if (ticks == "quote") return codes_answer(kQuotes);
  if (ticks == "trade") return tape == "C" ? codes_answer(kUtpTrades) : codes_answer(kCtaTrades);
  return data_error(400, fmt::format("invalid ticktype: {}: it is trade or quote", ticks));
}

}  // namespace st0ck::app::exchange
