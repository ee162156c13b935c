// What is said of a row is what its numbers say, and is worked out once.
#include "app/state/row_summary.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "tests/app/state/states.hpp"

namespace attn::app::test {
namespace {

std::shared_ptr<const RowProbe> probe_of(std::vector<double> weights, std::vector<bool> allowed) {
  RowProbe probe;
  probe.weights = std::move(weights);
  probe.allowed = std::move(allowed);
  return std::make_shared<const RowProbe>(std::move(probe));
}

TEST(RowSummary, SaysWhatTheNumbersSay) {
  const auto probe = probe_of({0.25, 0, 0.5, 0.25}, {true, false, true, true});
  const RowSummary summary = row_summary({}, probe, Index{3});
  EXPECT_EQ(summary.heaviest, (std::vector<std::size_t>{2, 0, 3, 1})) << "the first of equals first";
  EXPECT_DOUBLE_EQ(summary.sum, 1);
  EXPECT_DOUBLE_EQ(summary.entropy, 1.5 * std::log(2));
  EXPECT_EQ(summary.allowed, 3u);
  EXPECT_EQ(summary.rank, 2u) << "as 0.5 alone is heavier";
  EXPECT_EQ(row_summary(summary, probe, Index{1}).rank, 4u);
  EXPECT_EQ(row_summary(summary, probe, std::nullopt).column, std::nullopt);
  EXPECT_EQ(row_summary(summary, probe, Index{4}).column, std::nullopt) << "no such column";
  EXPECT_TRUE(row_summary(summary, nullptr, Index{0}).heaviest.empty());
}

TEST(RowSummary, NamesEightKeysAtMost) {
  const auto probe = probe_of(std::vector<double>(100, 0.01), std::vector<bool>(100, true));
  EXPECT_EQ(row_summary({}, probe, std::nullopt).heaviest,
            (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(RowSummary, StandsARowOfNan) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto probe = probe_of({nan, 0.5, nan}, {true, true, true});
  const RowSummary summary = row_summary({}, probe, Index{0});
  EXPECT_EQ(summary.heaviest, (std::vector<std::size_t>{1, 0, 2}));
  EXPECT_TRUE(std::isnan(summary.sum));
}

TEST(RowSummary, IsTakenOverWhileTheRowIsTheSame) {
  const auto probe = probe_of({0.25, 0.75}, {true, true});
  RowSummary marked = row_summary({}, probe, Index{0});
  marked.sum = 7;  // nobody adds it up again
  EXPECT_EQ(row_summary(marked, probe, Index{1}).sum, 7);
  const auto other = probe_of({0.25, 0.75}, {true, true});
  EXPECT_EQ(row_summary(marked, other, Index{1}).sum, 1);
}

TEST(RowSummary, IsOfTheInspectedCell) {
  const AppState hovered = with_map(after(state_of(rich_document()), Hover{Cell{2, 3}}));
  ASSERT_TRUE(hovered.computed.probe);
  EXPECT_EQ(hovered.computed.row.of, hovered.computed.probe);
  EXPECT_EQ(hovered.computed.row.column, 3);
  const AppState beside = after(hovered, Hover{Cell{2, 0}});
  EXPECT_EQ(beside.computed.row.column, 0);
  // The other row's numbers are not there yet.
  EXPECT_EQ(after(hovered, Hover{Cell{1, 0}}).computed.row.column, std::nullopt);
}

}  // namespace
}  // namespace attn::app::test
