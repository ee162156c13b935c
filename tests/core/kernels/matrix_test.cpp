#include "core/kernels/matrix.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "tests/core/kernels/every_isa.hpp"
#include "tests/support/random.hpp"

namespace attn::kernels::test {
namespace {

using support::Random;
constexpr double kUnit = 0x1p-24;

class Matrix : public EveryIsa {};
ATTN_ON_EVERY_ISA(Matrix);

std::vector<std::size_t> widths() {
  std::vector<std::size_t> all;
  for (std::size_t d = 1; d <= 70; ++d) all.push_back(d);
  all.insert(all.end(), {127, 128, 512});
  return all;
}

template <class T>
std::vector<T> random_numbers(std::size_t count, double spread, Random& random) {
  std::vector<T> numbers(count);
  for (T& number : numbers) number = static_cast<T>(spread * random.normal());
  return numbers;
}

template <class T>
Packed<T> packed_keys(const std::vector<T>& keys, std::size_t columns, std::size_t d) {
  const Storage storage = sizeof(T) == sizeof(float) ? Storage::f32 : Storage::f64;
  return pack<T>(Source{keys.data(), storage, columns, d, static_cast<std::ptrdiff_t>(d), 1}.transposed());
}

struct Judged {
  double value = 0;
  double bound = 0;
};

// What matrix.hpp promises of the d numbers of q (with v behind them) and of k.
Judged judge(Pair pair, const float* q, const float* k, std::size_t d) {
  double value = 0, size = 0;
  for (std::size_t p = 0; p < d; ++p) {
    const double a = q[p], b = k[p];
    double term = 0;
    switch (pair) {
      case Pair::dot:
        term = a * b;
        break;
      case Pair::squared_distance:
        term = (a - b) * (a - b);
        break;
      case Pair::additive:
        term = static_cast<double>(q[d + p]) * std::tanh(a + b);
        break;
    }
    value += term;
    size += pair == Pair::additive ? std::abs(static_cast<double>(q[d + p])) : std::abs(term);
  }
  const auto width = static_cast<double>(d);
  switch (pair) {
    case Pair::dot:
      return {value, width * kUnit * size};
    case Pair::squared_distance:
      return {value, (width + 2) * kUnit * size};
    case Pair::additive:
      return {value, (width * kUnit + 2.5e-7) * size};
  }
  return {};
}

TEST_P(Matrix, PairsOfEveryWidthRowsAndColumns) {
  Random random(1);
  for (const Pair pair : {Pair::dot, Pair::squared_distance, Pair::additive}) {
    for (const std::size_t d : widths()) {
      const std::size_t rows = random.from_to(1, 13);
      const std::size_t columns = random.one_of(std::vector<std::size_t>{1, 63, 64, 65, 200});
      const std::vector<float> q = random_numbers<float>(rows * 2 * d, 1.5, random);
      const std::vector<float> k = random_numbers<float>(columns * d, 1.5, random);
      const std::size_t room = blocks_of(columns) * kBlock;
      std::vector<float> out(rows * room);
      pairs(pair, {q.data(), rows, 2 * d}, packed_keys(k, columns, d), 0, blocks_of(columns),
            {out.data(), rows, room});
      for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
          const Judged expected = judge(pair, q.data() + i * 2 * d, k.data() + j * d, d);
          ASSERT_NEAR(out[i * room + j], expected.value, expected.bound) << d << ": " << i << ", " << j;
        }
      }
    }
  }
}

// Every count of rows, every range of blocks, and a matrix of one row and one column: the same bits.
TEST_P(Matrix, ThePairsBitsAreItsOwn) {
  Random random(2);
  constexpr std::size_t kRows = 13, kColumns = 200, kRoom = 256;
  for (const Pair pair : {Pair::dot, Pair::squared_distance, Pair::additive}) {
    for (const std::size_t d : {1, 2, 7, 64, 65}) {
      const std::vector<float> q = random_numbers<float>(kRows * 2 * d, 1, random);
      const std::vector<float> k = random_numbers<float>(kColumns * d, 1, random);
      const Packed<float> keys = packed_keys(k, kColumns, d);
      std::vector<float> all(kRows * kRoom);
      pairs(pair, {q.data(), kRows, 2 * d}, keys, 0, 4, {all.data(), kRows, kRoom});
      for (std::size_t rows = 1; rows < kRows; ++rows) {
        const std::size_t from = random.below(kRows - rows);
        const std::size_t first = random.below(4);
        const std::size_t last = random.from_to(first, 4);
        std::vector<float> some(rows * kRoom, 7);
        pairs(pair, {q.data() + from * 2 * d, rows, 2 * d}, keys, first, last, {some.data(), rows, kRoom});
        for (std::size_t i = 0; i < rows; ++i) {
          for (std::size_t j = 0; j < kRoom; ++j) {
            const bool computed = j >= first * kBlock && j < last * kBlock;
            ASSERT_EQ(some[i * kRoom + j], computed ? all[(from + i) * kRoom + j] : 7) << i << ", " << j;
          }
        }
      }
      for (int draw = 0; draw < 20; ++draw) {
        const std::size_t i = random.below(kRows), j = random.below(kColumns);
        const std::vector<float> key(k.begin() + static_cast<std::ptrdiff_t>(j * d),
                                     k.begin() + static_cast<std::ptrdiff_t>((j + 1) * d));
        std::vector<float> one(kBlock);
        pairs(pair, {q.data() + i * 2 * d, 1, 2 * d}, packed_keys(key, 1, d), 0, 1, {one.data(), 1, kBlock});
        ASSERT_EQ(one[0], all[i * kRoom + j]);
      }
    }
  }
}

TEST_P(Matrix, TanhIsNearEverywhere) {
  std::vector<float> x;
  for (int step = -4000; step <= 4000; ++step) x.push_back(static_cast<float>(step) / 256);
  x.insert(x.end(), {0.0F, -0.0F, 1e-30F, -1e-30F, 1e-6F, 50.0F, -90.0F, 1e30F, -1e30F});
  const float query[] = {0, 1};
  std::vector<float> out(blocks_of(x.size()) * kBlock);
  pairs(Pair::additive, {query, 1, 2}, packed_keys(x, x.size(), 1), 0, blocks_of(x.size()),
        {out.data(), 1, out.size()});
  for (std::size_t j = 0; j < x.size(); ++j) {
    ASSERT_NEAR(out[j], std::tanh(static_cast<double>(x[j])), 2e-7) << x[j];
    ASSERT_LE(std::abs(out[j]), 1) << x[j];
  }
}

// left · right of random sizes, within d · unit · Σ |a b|.
template <class T>
void expect_products(long double unit) {
  Random random(3);
  for (const std::size_t d : {1, 2, 5, 64, 127, 512}) {
    for (const std::size_t columns : {1, 63, 64, 65, 200}) {
      const std::size_t rows = random.from_to(1, 13);
      const std::vector<T> left = random_numbers<T>(rows * d, 1, random);
      const std::vector<T> right = random_numbers<T>(columns * d, 1, random);
      const std::size_t room = blocks_of(columns) * kBlock;
      std::vector<T> out(rows * room);
      multiply(Rows<const T>{left.data(), rows, d}, packed_keys(right, columns, d),
               Rows<T>{out.data(), rows, room});
      for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
          long double sum = 0, size = 0;
          for (std::size_t p = 0; p < d; ++p) {
            const auto term =
                static_cast<long double>(left[i * d + p]) * static_cast<long double>(right[j * d + p]);
            sum += term;
            size += std::abs(term);
          }
          ASSERT_LE(std::abs(out[i * room + j] - sum), static_cast<long double>(d) * unit * size)
              << d << ": " << i << ", " << j;
        }
      }
    }
  }
}

TEST_P(Matrix, ProductsInFloat) {
  expect_products<float>(0x1p-24);
}
TEST_P(Matrix, ProductsInDouble) {
  expect_products<double>(0x1p-53);
}

}  // namespace
}  // namespace attn::kernels::test
