#include "st0ck/adapters/alpaca/wire/refusal.hpp"

namespace st0ck::alpaca {

std::string_view name_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::None: return "None";
    case Refusal::NotAnObject: return "NotAnObject";
    case Refusal::MissingField: return "MissingField";
    case Refusal::WrongType: return "WrongType";
    case Refusal::NotANumber: return "NotANumber";
    case Refusal::TooLarge: return "TooLarge";
    case Refusal::TooManyDecimals: return "TooManyDecimals";
    case Refusal::BadTime: return "BadTime";
    case Refusal::TooLong: return "TooLong";
    case Refusal::UnknownWord: return "UnknownWord";
  }
  return "?";
}

std::string_view explanation_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::None: return "is fine";
    case Refusal::NotAnObject: return "is not an object";
    case Refusal::MissingField: return "is missing";
    case Refusal::WrongType: return "has the wrong type";
    case Refusal::NotANumber: return "is not a decimal number (like 12.34)";
    case Refusal::TooLarge: return "is too large";
    case Refusal::TooManyDecimals: return "has too many decimals";
    case Refusal::BadTime: return "is not a time (like 2024-03-01T14:30:00.123456789Z)";
    case Refusal::TooLong: return "is too long";
    case Refusal::UnknownWord: return "is a word that is not known";
  }
  return "?";
}

}  // namespace st0ck::alpaca
