#include "src/app/console/table.hpp"

#include "st0ck/core/assert.hpp"

#include <algorithm>

namespace st0ck::app {

namespace {

constexpr std::size_t kBetween = 2;

std::size_t total(const std::vector<std::size_t>& widths, const std::vector<bool>& shown) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < widths.size(); ++i)
    if (shown[i]) sum += widths[i] + (sum == 0 ? 0 : kBetween);
  return sum;
}

}  // namespace

void Table::add(std::vector<Cell> row) {
  ST0CK_ASSERT(row.size() == columns_.size(), "a row has one cell per column");
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = columns_[i].title.size();
    for (const auto& row : rows_) width = std::max(width, row[i].text.size());
    widths.push_back(width);
  }
  return widths;
}

std::vector<bool> Table::shown(const std::vector<std::size_t>& widths, std::size_t space) const {
  std::vector<bool> shown(columns_.size(), true);
  while (total(widths, shown) > space) {
    std::size_t worst = columns_.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!shown[i] || columns_[i].expendable == 0) continue;
      if (worst == columns_.size() || columns_[i].expendable > columns_[worst].expendable)
        worst = i;
    }
    if (worst == columns_.size()) break;
    shown[worst] = false;
  }
  return shown;
}

void Table::print(Console& console, std::size_t indent) const {
  const auto widths = this->widths();
  const auto shown = this->shown(widths, console.width - std::min(indent, console.width));
  const auto print_line = [&](const auto& cell_of) {
    std::string line(indent, ' ');
    std::string blanks;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!shown[i]) continue;
      const Cell& cell = cell_of(i);
      const std::string padding(widths[i] - cell.text.size(), ' ');
      const bool is_right = columns_[i].align == Align::Right;
      line += blanks + (is_right ? padding : "");
      line += toned(console, cell.tone, cell.text);
      // Blanks are owed to the next cell only, so that no line ends with one.
      blanks = (is_right ? "" : padding) + std::string(kBetween, ' ');
    }
    const auto last = line.find_last_not_of(' ');
    line.erase(last == std::string::npos ? 0 : last + 1);
    console.out << line << '\n';
  };

  std::vector<Cell> titles;
  for (const Column& column : columns_) titles.emplace_back(column.title, Tone::Heading);
  print_line([&](std::size_t i) -> const Cell& { return titles[i]; });
  for (const auto& row : rows_) print_line([&](std::size_t i) -> const Cell& { return row[i]; });

  std::string hidden;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (!shown[i]) hidden += (hidden.empty() ? "" : ", ") + columns_[i].title;
  if (hidden.empty()) return;
  console.out << std::string(indent, ' ')
              << toned(console, Tone::Faint,
                       fmt::format("(no room for: {}; --json has everything)", hidden))
              << '\n';
}

}  // namespace st0ck::app
