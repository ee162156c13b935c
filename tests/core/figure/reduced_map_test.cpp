#include "core/figure/reduced_map.hpp"

#include <gtest/gtest.h>

#include "core/figure/map_profiles.hpp"
#include "tests/core/figure/maps.hpp"

namespace attn {
namespace {

std::shared_ptr<const StageMap> shared(StageMap map) {
  return std::make_shared<const StageMap>(std::move(map));
}

TEST(ReducedMap, ANeedleAndTheRangeStay) {
  const auto map = shared(test::make_map(Stage::logits, 700, 530, [](Index i, Index j) {
    return test::Cell{i == 613 && j == 200 ? -9.0f : i == 3 && j == 3 ? 5.0f : 0.25f};
  }));
  for (const Index edge : {1, 7, 100, 529}) {
    const auto less = reduced_map(map, edge, edge);
    EXPECT_EQ(less->rows, edge);
    EXPECT_EQ(less->columns, edge);
    EXPECT_EQ(less->value((614 * edge - 1) / 700, (201 * edge - 1) / 530), -9) << edge;
    EXPECT_EQ(less->min, -9);
    EXPECT_EQ(less->max, edge > 1 ? 5 : -9);
  }
  EXPECT_EQ(reduced_map(map, 700, 530), map) << "nothing to reduce";
  EXPECT_EQ(reduced_map(map, 9000, 10)->rows, 700);
}

TEST(ReducedMap, TwiceIsOnce) {
  const auto map = shared(test::make_map(
      Stage::weights, 64, 96, [](Index i, Index j) { return test::Cell{float((i * 37 + j * 11) % 101)}; }));
  const auto once = reduced_map(map, 8, 12), twice = reduced_map(reduced_map(map, 32, 48), 8, 12);
  for (Index i = 0; i < 8; ++i)
    for (Index j = 0; j < 12; ++j) EXPECT_EQ(once->value(i, j), twice->value(i, j));
}

TEST(ReducedMap, ClassesAreToldApart) {
  const auto map = shared(test::make_map(Stage::weights, 4, 4, [](Index i, Index j) {
    if (i < 2) return test::Cell{0, CellClass::masked};
    if (j < 2) return i == 3 && j == 1 ? test::Cell{0, CellClass::not_a_number} : test::Cell{2};
    return j == 3 ? test::Cell{0, CellClass::masked} : test::Cell{0};
  }));
  const auto less = reduced_map(map, 2, 2);
  EXPECT_EQ(less->cell_class(0, 0), CellClass::masked);
  EXPECT_EQ(less->cell_class(1, 0), CellClass::not_a_number);
  EXPECT_EQ(less->cell_class(1, 1), CellClass::value);
  EXPECT_TRUE(less->kinds.masked && less->kinds.not_a_number);
}

TEST(ReducedMap, ARowHasTheGravestFlagOfItsParts) {
  StageMap map = test::causal_map(5, 2);
  map.row_flags = {RowFlag::normal, RowFlag::empty, RowFlag::infinite, RowFlag::not_a_number,
                   RowFlag::normal};
  EXPECT_EQ(reduced_map(shared(map), 2, 2)->row_flags,
            (std::vector<RowFlag>{RowFlag::empty, RowFlag::infinite}));
}

TEST(PartOfMap, HasItsCellsAndFlags) {
  StageMap map = test::causal_map(300, 300);
  map.row_flags.assign(300, RowFlag::normal);
  map.row_flags[261] = RowFlag::empty;
  const auto part = part_of_map(map, {255, 290}, {200, 299});
  EXPECT_EQ(part->rows, 35);
  EXPECT_EQ(part->columns, 99);
  for (Index i = 0; i < part->rows; ++i) {
    for (Index j = 0; j < part->columns; ++j) {
      ASSERT_EQ(part->value(i, j), map.value(i + 255, j + 200));
      ASSERT_EQ(part->cell_class(i, j), map.cell_class(i + 255, j + 200));
    }
  }
  EXPECT_EQ(part->row_flags[6], RowFlag::empty);
}

TEST(DifferenceOf, IsBMinusA) {
  const auto cells = [](float value, CellClass first) {
    return test::make_map(Stage::weights, 1, 3, [=](Index, Index j) {
      if (j == 0) return test::Cell{0, first};
      return j == 1 ? test::Cell{value} : test::Cell{0, CellClass::masked};
    });
  };
  const auto map = difference_of(cells(3, CellClass::masked), cells(1, CellClass::not_a_number));
  EXPECT_EQ(map->cell_class(0, 0), CellClass::not_a_number);
  EXPECT_EQ(map->value(0, 1), -2);
  EXPECT_EQ(map->cell_class(0, 2), CellClass::masked);
  const StageMap a = test::make_map(Stage::weights, 1, 1, [](Index, Index) {
    return test::Cell{0, CellClass::masked};
  });
  const StageMap b = test::make_map(Stage::weights, 1, 1, [](Index, Index) { return test::Cell{0.5f}; });
  EXPECT_EQ(difference_of(a, b)->value(0, 0), 0.5f);
}

TEST(Profiles, AreMeansOfTheCellsThatHaveAValue) {
  const StageMap map = test::make_map(Stage::weights, 2, 3, [](Index i, Index j) {
    if (j > i + 1) return test::Cell{7, CellClass::masked};
    if (i == 1 && j == 2) return test::Cell{0, CellClass::not_a_number};
    return test::Cell{static_cast<float>(10 * i + j)};
  });
  const Profiles means = profiles_of(map, 2, 3);
  EXPECT_EQ(means.rows, (std::vector<double>{0.5, 10.5}));
  EXPECT_EQ(means.columns, (std::vector<double>{5, 6, 0}));
  EXPECT_EQ(profiles_of(map, 1, 2).rows, (std::vector<double>{5.5}));
  EXPECT_EQ(profiles_of(map, 1, 2).columns, (std::vector<double>{5, 6}));
}

}  // namespace
}  // namespace attn
