#pragma once

#include <cstddef>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace st0ck::alpaca::test {

inline std::string file_text(const std::string& name) {
  std::ifstream file("tests/adapters/alpaca/golden/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("no golden file " + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A message as JSON, as the reference shows it.
inline std::string golden(const std::string& name) { return file_text(name + ".json"); }

inline std::string bytes_of_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16));
  return bytes;
}

/// The same message as MessagePack, made by Python's msgpack.
inline std::string golden_msgpack(const std::string& name) {
  std::string hex = file_text(name + ".msgpack.hex");
  while (!hex.empty() && hex.back() == '\n') hex.pop_back();
  return bytes_of_hex(hex);
}

}  // namespace st0ck::alpaca::test
