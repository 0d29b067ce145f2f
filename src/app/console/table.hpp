#pragma once

#include "src/app/console/console.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace st0ck::app {

enum class Align : std::uint8_t { Left, Right };

struct Column {
  std::string title;
  Align align = Align::Left;
  /// In a console too narrow for all columns the highest number goes first; 0 stays always.
  int expendable = 0;
};

struct Cell {
  std::string text;
  Tone tone = Tone::Plain;

  template <std::convertible_to<std::string_view> Text>
  Cell(const Text& value, Tone its_tone = Tone::Plain)  // NOLINT(google-explicit-constructor)
      : text{std::string_view{value}}, tone{its_tone} {}
};

/// Rows of text under titles, as wide as their longest cell. ASCII; a byte is a column.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_{std::move(columns)} {}

  /// A row has one cell per column.
  void add(std::vector<Cell> row);

  /// Writes the table, every line after `indent` blanks; columns that do not fit into the
  /// console's width are left out and named below.
  void print(Console& console, std::size_t indent = 0) const;

 private:
  std::vector<std::size_t> widths() const;
  std::vector<bool> shown(const std::vector<std::size_t>& widths, std::size_t space) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace st0ck::app
