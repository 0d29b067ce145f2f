#include "object_reader.hpp"

#include "st0ck/core/time_text.hpp"

namespace st0ck::alpaca {

using Kind = Scalar::Kind;

void ObjectReader::put_in_front(std::string_view key) {
  problem_.place =
      problem_.place.empty() ? std::string{key} : std::string{key} + '.' + problem_.place;
}

bool ObjectReader::expect_text(Value value) {
  const Scalar& scalar = value.scalar();
  if (scalar.kind == Kind::Text) return true;
  refuse(scalar.is_absent() ? Refusal::MissingField : Refusal::WrongType);
  return false;
}

void ObjectReader::read(Value value, std::string& member) {
  if (expect_text(value)) member = value.scalar().text;
}

void ObjectReader::read(Value value, bool& member) {
  const Scalar& scalar = value.scalar();
  if (scalar.kind != Kind::Bool)
    return refuse(scalar.is_absent() ? Refusal::MissingField : Refusal::WrongType);
  member = scalar.flag;
}

void ObjectReader::read(Value value, double& member) {
  const auto real = real_of(value.scalar());
  if (!real)
    return refuse(value.scalar().is_absent() ? Refusal::MissingField : Refusal::NotANumber);
  member = *real;
}

void ObjectReader::read(Value value, std::uint64_t& member) {
  const auto reading = count_of(value.scalar());
  member = reading.value;
  refuse(reading.refusal);
}

void ObjectReader::read(Value value, std::uint32_t& member) {
  const auto reading = count_of(value.scalar());
  if (reading.refusal != Refusal::None) return refuse(reading.refusal);
  if (reading.value > std::numeric_limits<std::uint32_t>::max()) return refuse(Refusal::TooLarge);
  member = static_cast<std::uint32_t>(reading.value);
}

void ObjectReader::read(Value value, core::Timestamp& member) {
  const auto time = time_of(value.scalar());
  if (!time) return refuse(value.scalar().is_absent() ? Refusal::MissingField : Refusal::BadTime);
  member = *time;
}

void ObjectReader::read(Value value, core::Date& member) {
  if (!expect_text(value)) return;
  const auto date = core::parse_date(value.scalar().text);
  if (!date) return refuse(Refusal::BadTime);
  member = *date;
}

core::Error error_of(std::string_view what, const Problem& problem) {
  return {core::Errc::BadInput, fmt::format("{}{}{} {}", what, problem.place.empty() ? "" : ".",
                                            problem.place, explanation_of(problem.refusal))};
}

}  // namespace st0ck::alpaca
