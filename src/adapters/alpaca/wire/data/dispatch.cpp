#include "dispatch.hpp"

#include "tape_reader.hpp"

#include <cstddef>
#include <limits>

namespace st0ck::alpaca {

namespace {

constexpr bool is_on_tape(std::string_view type) {
  if (type.size() != 1) return false;
  switch (type.front()) {
    case 't':
    case 'q':
    case 'b':
    case 'u':
    case 'd':
    case 's':
    case 'l':
    case 'c':
    case 'x': return true;
    default: return false;
  }
}

}  // namespace

void Dispatch::message(const Fields& fields, const Channels& channels, bool channels_are_sound) {
  const Scalar& type = fields[Field::Type];
  if (type.kind != Scalar::Kind::Text) {
    const auto refusal = type.is_absent() ? Refusal::MissingField : Refusal::WrongType;
    return refused({.type = {}, .symbol = {}, .field = key_of(Field::Type), .refusal = refusal});
  }
  if (is_on_tape(type.text)) return on_tape(type.text.front(), fields);
  control(type.text, fields, channels, channels_are_sound);
}

void Dispatch::not_an_object() {
  refused({.type = {}, .symbol = {}, .field = {}, .refusal = Refusal::NotAnObject});
}

void Dispatch::on_tape(char type, const Fields& fields) {
  FieldReader reader{fields};
  const std::string_view symbol = reader.text(Field::Symbol);
  const auto instrument = reader.refusal() == Refusal::None ? symbols_.find(symbol) : std::nullopt;
  if (!instrument && reader.refusal() == Refusal::None) {
    ++counters_.unknown_symbols;
    return;
  }
  // A message is given out only when all of it was read without a refusal.
  const auto give = [&](const auto& message, auto&& deliver) {
    if (reader.refusal() != Refusal::None)
      return refused({.type = fields[Field::Type].text,
                      .symbol = fields[Field::Symbol].word(),
                      .field = key_of(reader.refused_field()),
                      .refusal = reader.refusal()});
    counters_.vwaps_dropped += reader.vwaps_dropped();
    ++counters_.messages;
    deliver(message);
  };
  const auto give_bar = [&](TapeBarKind kind) {
    give(read_bar(reader), [&](const auto& bar) { listener_.on_bar(*instrument, kind, bar); });
  };
  switch (type) {
    case 't':
      give(read_trade(reader), [&](const auto& it) { listener_.on_trade(*instrument, it); });
      break;
    case 'q':
      give(read_quote(reader), [&](const auto& it) { listener_.on_quote(*instrument, it); });
      break;
    case 'b': give_bar(TapeBarKind::Minute); break;
    case 'u': give_bar(TapeBarKind::Updated); break;
    case 'd': give_bar(TapeBarKind::Daily); break;
    case 's':
      give(read_status(reader), [&](const auto& it) { listener_.on_status(*instrument, it); });
      break;
    case 'l':
      give(read_bands(reader), [&](const auto& it) { listener_.on_bands(*instrument, it); });
      break;
    case 'c':
      give(read_correction(reader),
           [&](const auto& it) { listener_.on_correction(*instrument, it); });
      break;
    default:
      give(read_cancel(reader), [&](const auto& it) { listener_.on_cancel(*instrument, it); });
      break;
  }
}

void Dispatch::control(std::string_view type, const Fields& fields, const Channels& channels,
                       bool channels_are_sound) {
  FieldReader reader{fields};
  if (type == "success") {
    const auto message = reader.text(Field::Message);
    if (reader.refusal() == Refusal::None) listener_.on_success(message);
  } else if (type == "error") {
    const auto code = reader.count(Field::Code);
    const bool fits = code <= std::numeric_limits<std::uint32_t>::max();
    // What an error says is for people: one without a text is an error all the same.
    if (reader.refusal() == Refusal::None && fits)
      listener_.on_error(static_cast<std::uint32_t>(code), fields[Field::Message].word());
    else
      return refused({type, {}, key_of(Field::Code), fits ? reader.refusal() : Refusal::TooLarge});
  } else if (type == "subscription") {
    if (!channels_are_sound) return refused({type, {}, {}, Refusal::WrongType});
    listener_.on_subscription(channels);
  } else {
    ++counters_.unknown_types;
    return;
  }
  if (reader.refusal() != Refusal::None)
    return refused({type, {}, key_of(reader.refused_field()), reader.refusal()});
  ++counters_.messages;
}

void Dispatch::refused(const RefusedMessage& message) {
  ++counters_.refused[static_cast<std::size_t>(message.refusal)];
  listener_.on_refused(message);
}

}  // namespace st0ck::alpaca
