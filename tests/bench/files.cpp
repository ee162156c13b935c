#include "tests/bench/files.hpp"

#include <fstream>

namespace attn::bench {

void write_floats(const std::filesystem::path& file, const std::vector<float>& values) {
  std::ofstream stream(file, std::ios::binary);
  stream.write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(float)));
}

std::vector<float> read_floats(const std::filesystem::path& file) {
  std::vector<float> values(std::filesystem::file_size(file) / sizeof(float));
  std::ifstream stream(file, std::ios::binary);
  stream.read(reinterpret_cast<char*>(values.data()),
              static_cast<std::streamsize>(values.size() * sizeof(float)));
  return values;
}

}  // namespace attn::bench
