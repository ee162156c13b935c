#include "core/figure/numbers/npy_writer.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace attn {
namespace {

struct Parts {
  std::string dict;
  std::string data;
};

Parts parts(const std::string& bytes) {
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  const std::size_t length =
      static_cast<unsigned char>(bytes[8]) + 256u * static_cast<unsigned char>(bytes[9]);
  EXPECT_EQ((10 + length) % 64, 0u);
  EXPECT_EQ(bytes[10 + length - 1], '\n');
  std::string dict = bytes.substr(10, length - 1);
  dict.erase(dict.find_last_not_of(' ') + 1);
  return {dict, bytes.substr(10 + length)};
}

template <class T>
void expect_round_trip(const std::vector<T>& values, const std::vector<std::size_t>& shape,
                       const char* dict) {
  const Parts file = parts(npy_bytes(shape, std::span<const T>(values)));
  EXPECT_EQ(file.dict, dict);
  ASSERT_EQ(file.data.size(), values.size() * sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(std::memcmp(file.data.data() + i * sizeof(T), &values[i], sizeof(T)), 0) << i;
  }
}

TEST(NpyWriter, KeepsEveryBit) {
  using Float = std::numeric_limits<float>;
  expect_round_trip<float>({0.0f, -0.0f, 0.1f, Float::infinity(), -Float::infinity(), Float::quiet_NaN()},
                           {2, 3}, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
  expect_round_trip<double>({0.1, 1e300, 5e-324}, {3},
                            "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }");
  expect_round_trip<double>({0.1}, {}, "{'descr': '<f8', 'fortran_order': False, 'shape': (), }");
  expect_round_trip<float>({}, {4, 0, 2}, "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 0, 2), }");
}

TEST(NpyWriter, BoolIsOneByte) {
  const std::array<bool, 4> mask{true, false, false, true};
  const std::array<std::size_t, 2> shape{2, 2};
  const Parts file = parts(npy_bytes(shape, std::span<const bool>(mask)));
  EXPECT_EQ(file.dict, "{'descr': '|b1', 'fortran_order': False, 'shape': (2, 2), }");
  EXPECT_EQ(file.data, std::string("\1\0\0\1", 4));
}

TEST(NpyWriter, DataBeginsAtAMultipleOf64ForEveryHeaderLength) {
  std::vector<std::size_t> shape{0};
  for (int rank = 0; rank < 60; ++rank, shape.push_back(1000)) {
    EXPECT_TRUE(parts(npy_bytes(shape, std::span<const float>())).data.empty());
  }
}

}  // namespace
}  // namespace attn
