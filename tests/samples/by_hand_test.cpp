// BY_HAND.md goes through by_hand.json on paper: its tables and the program's numbers agree to the digits
// printed.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/samples/through_the_program.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace attn::samples {
namespace {

using Cells = std::vector<std::string>;

// A row of numbers on the page, and where the program has it.
struct PaperRow {
  std::string stage;
  std::size_t head, row;
  Cells cells;
};

Cells cells_of(const std::string& line) {
  Cells cells;
  std::istringstream stream(line.substr(1));
  for (std::string cell; std::getline(stream, cell, '|');) {
    const std::size_t from = cell.find_first_not_of(' ');
    cells.push_back(from == std::string::npos ? ""
                                              : cell.substr(from, cell.find_last_not_of(' ') + 1 - from));
  }
  return cells;
}

// "0.1867", "−4" with the minus sign of print; mask: "yes", "no".
std::optional<double> number_of(std::string cell) {
  if (cell == "yes" || cell == "no") return cell == "yes" ? 1 : 0;
  const std::string minus = "\u2212";
  if (cell.starts_with(minus)) cell.replace(0, minus.size(), "-");
  std::istringstream stream(cell);
  double value = 0;
  return stream >> value && stream.eof() ? std::optional(value) : std::nullopt;
}

std::optional<std::size_t> place_in(const Cells& words, const std::string& word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return {};
  return static_cast<std::size_t>(found - words.begin());
}

// The rows that name a stage, below a heading `## Head 0, row "ate"`, and those of the tables of all weights,
// which start with `| head 0 |`.
std::vector<PaperRow> rows_on_paper(const std::string& page, const Cells& tokens) {
  const Cells stages{"scores", "scaled", "mask", "weights", "context"};
  std::vector<PaperRow> rows;
  std::size_t head = 0, row = 0;
  for (const std::string& line : support::lines(page)) {
    if (line.starts_with("## Head ")) {
      head = static_cast<std::size_t>(line.at(8) - '0');
      const std::size_t quote = line.find('"') + 1;
      row = place_in(tokens, line.substr(quote, line.find('"', quote) - quote)).value_or(99);
    }
    if (!line.starts_with("|")) continue;
    const Cells cells = cells_of(line);
    const std::string& name = cells.front();
    const Cells rest(cells.begin() + 1, cells.end());
    if (name.starts_with("head ")) {
      head = static_cast<std::size_t>(name.at(5) - '0');
    } else if (place_in(stages, name)) {
      rows.push_back({name, head, row, rest});
    } else if (const auto token = place_in(tokens, name)) {
      rows.push_back({"weights", head, *token, rest});
    }
  }
  return rows;
}

std::string words_of(const PaperRow& on_paper, const std::vector<double>& actual) {
  std::ostringstream words;
  words << on_paper.stage << ", head " << on_paper.head << ", row " << on_paper.row << ": "
        << testing::PrintToString(on_paper.cells) << " on paper, " << testing::PrintToString(actual)
        << " computed";
  return words.str();
}

// A line for every row on paper that the program computes otherwise.
std::vector<std::string> disagreements(const std::vector<PaperRow>& paper) {
  constexpr double kHalfOfTheLastDigit = 0.5e-4 + 1e-6;
  std::map<std::string, support::Npy> stages;
  std::vector<std::string> found;
  for (const PaperRow& on_paper : paper) {
    if (!stages.contains(on_paper.stage)) {
      stages[on_paper.stage] = computed("by_hand.json", on_paper.stage);
    }
    const std::vector<double> actual = row_of(stages[on_paper.stage], on_paper.head, on_paper.row);
    bool same = actual.size() == on_paper.cells.size();
    for (std::size_t j = 0; same && j < actual.size(); ++j) {
      const auto number = number_of(on_paper.cells[j]);
      same = number && std::abs(*number - actual[j]) <= kHalfOfTheLastDigit;
    }
    if (!same) found.push_back(words_of(on_paper, actual));
  }
  return found;
}

class ByHand : public testing::Test {
 protected:
  const Cells tokens = document("by_hand.json")["sequences"]["sentence"]["tokens"].get<Cells>();
  const std::string page = support::bytes_of(folder() / "BY_HAND.md");
};

TEST_F(ByHand, IsSmall) {
  const nlohmann::json layer = document("by_hand.json")["layers"][0];
  EXPECT_LE(tokens.size(), 5u);
  for (const char* name : {"q", "k", "v"}) {
    ASSERT_EQ(layer[name].size(), 2u);
    for (const auto& head : layer[name]) {
      for (const auto& numbers : head) {
        EXPECT_EQ(numbers.size(), 2u);
        for (const auto& number : numbers) EXPECT_TRUE(number.is_number_integer()) << number;
      }
    }
  }
}

TEST_F(ByHand, EveryNumberOnPaperIsComputed) {
  const std::vector<PaperRow> rows = rows_on_paper(page, tokens);
  // A row of each head through five stages, and all rows of weights.
  EXPECT_EQ(rows.size(), 2 * (5 + tokens.size()));
  EXPECT_EQ(disagreements(rows), std::vector<std::string>{});
}

TEST_F(ByHand, TheComparisonCanFail) {
  std::string wrong = page;
  const std::size_t place = wrong.find("0.8915 | 0.0527 |");
  ASSERT_NE(place, std::string::npos);
  wrong.replace(place, 6, "0.8916");
  EXPECT_EQ(disagreements(rows_on_paper(wrong, tokens)).size(), 1u);
}

}  // namespace
}  // namespace attn::samples
