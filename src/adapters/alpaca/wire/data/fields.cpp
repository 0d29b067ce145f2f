#include "fields.hpp"

#include <utility>

namespace st0ck::alpaca {

namespace {

using List = std::vector<std::string> Channels::*;
constexpr std::pair<std::string_view, List> kChannels[] = {
    {"trades", &Channels::trades},
    {"quotes", &Channels::quotes},
    {"bars", &Channels::bars},
    {"updatedBars", &Channels::updated_bars},
    {"dailyBars", &Channels::daily_bars},
    {"statuses", &Channels::statuses},
    {"lulds", &Channels::lulds},
    {"corrections", &Channels::corrections},
    {"cancelErrors", &Channels::cancel_errors},
    {"imbalances", &Channels::imbalances},
    {"news", &Channels::news},
    {"orderbooks", &Channels::orderbooks},
};

}  // namespace

const Scalar Fields::kAbsent{};

void Letters::add(const Scalar& element) {
  if (element.kind != Scalar::Kind::Text || element.text.size() != 1)
    refusal = Refusal::WrongType;
  else if (count == bytes.size())
    refusal = Refusal::TooLong;
  else
    bytes[count++] = element.text.front();
}

void fill(Fields& fields, Value object) {
  fields.clear();
  for (const Value found : object) {
    const Field field = field_of(found.key());
    if (field == Field::None) continue;
    fields.place(field) = found.scalar();
    if (!found.is_array() || !is_letter_list(field)) continue;
    Letters& letters = fields.letters(field);
    for (const Value element : found) letters.add(element.scalar());
  }
}

std::vector<std::string>* channel_of(Channels& channels, std::string_view key) {
  for (const auto& [name, list] : kChannels)
    if (name == key) return &(channels.*list);
  return nullptr;
}

bool fill(Channels& channels, Value object) {
  channels.clear();
  for (const Value found : object) {
    auto* list = channel_of(channels, found.key());
    if (list == nullptr || found.scalar().is_absent()) continue;
    if (!found.is_array()) return false;
    for (const Value symbol : found) {
      if (symbol.scalar().kind != Scalar::Kind::Text) return false;
      list->emplace_back(symbol.scalar().text);
    }
  }
  return true;
}

void Channels::clear() {
  for (const auto& [name, list] : kChannels) (this->*list).clear();
}

}  // namespace st0ck::alpaca
