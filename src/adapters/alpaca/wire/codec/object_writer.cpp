#include "object_writer.hpp"

#include "st0ck/core/time_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace st0ck::alpaca {

void ObjectWriter::real_text(std::string_view key, const std::optional<double>& member) {
  writer_.key(key);
  if (!member || !std::isfinite(*member)) return writer_.null();
  std::array<char, 32> text;
  const auto written = std::to_chars(text.data(), text.data() + text.size(), *member);
  writer_.text({text.data(), static_cast<std::size_t>(written.ptr - text.data())});
}

void ObjectWriter::write(core::Date member) { writer_.text(core::format_date(member)); }

}  // namespace st0ck::alpaca
