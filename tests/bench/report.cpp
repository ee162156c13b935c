#include "tests/bench/report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace attn::bench {
namespace {

std::string cost(double value, const std::string& unit) {
  const int digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return fmt::format("{:.{}f} {}", value, digits, unit);
}

std::string ratio_text(const Spread& ratio, std::size_t pairs) {
  if (pairs < 2) return fmt::format("{:.2f}", ratio.median);
  return fmt::format("{:.2f} ({:.2f}–{:.2f})", ratio.median, ratio.low, ratio.high);
}

// A bar would end the cell of a Markdown table.
std::string cell(std::string text) {
  for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.insert(at, "\\");
  return text;
}

}  // namespace

std::string verdict(const Line& line) {
  if (!line.target) return {};
  return fmt::format("{} {:g}, {}", line.target->sense == Target::Sense::at_least ? "≥" : "≤",
                     line.target->value, line.target->met_by(line.ratio.median) ? "met" : "missed");
}

std::string to_text(const Line& line) {
  return fmt::format("{:>2}  {} | {}: {} against {}, ratio {}{}{}", line.row, line.work, line.peer,
                     cost(line.ours, line.unit), cost(line.theirs, line.unit),
                     ratio_text(line.ratio, line.pairs), line.target ? ", target " + verdict(line) : "",
                     line.note.empty() ? "" : "; " + line.note);
}

std::string to_markdown(const Report& report) {
  const Machine& machine = report.machine;
  std::string page = fmt::format(
      "# What was measured\n\n"
      "{}, {}, {} cores, instruction set {}, {} threads where a row does not say otherwise; {}.{}\n"
      "{}`./test.sh bench` writes this page; [README.md](README.md) says how to read it.\n\n"
      "| row | work | peer | ours | peer's | ratio (10–90 %) | pairs | target | |\n"
      "|---|---|---|---|---|---|---|---|---|\n",
      machine.date, machine.processor, machine.cores, machine.instruction_set, report.threads, machine.system,
      report.torch.empty() ? "" : "\nThe fastest setting found for torch: " + report.torch + ".",
      report.quick ? "A quick run: few rounds, small files. " : "");
  for (const Line& line : report.lines) {
    page += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", line.row, cell(line.work),
                        cell(line.peer), cost(line.ours, line.unit), cost(line.theirs, line.unit),
                        ratio_text(line.ratio, line.pairs), line.pairs, verdict(line), cell(line.note));
  }
  if (!report.skips.empty()) page += "\nNot measured:\n\n";
  for (const Skip& skip : report.skips) page += fmt::format("- row {}: {}\n", skip.row, skip.reason);
  return page;
}

std::string to_json(const Report& report) {
  const Machine& machine = report.machine;
  nlohmann::ordered_json json{{"date", machine.date},
                              {"processor", machine.processor},
                              {"cores", machine.cores},
                              {"instruction_set", machine.instruction_set},
                              {"system", machine.system},
                              {"threads", report.threads},
                              {"quick", report.quick},
                              {"torch", report.torch},
                              {"lines", nlohmann::ordered_json::array()},
                              {"skipped", nlohmann::ordered_json::array()}};
  for (const Line& line : report.lines) {
    auto& row = json["lines"].emplace_back(nlohmann::ordered_json{{"row", line.row},
                                                                  {"work", line.work},
                                                                  {"peer", line.peer},
                                                                  {"ours", line.ours},
                                                                  {"theirs", line.theirs},
                                                                  {"unit", line.unit},
                                                                  {"ratio", line.ratio.median},
                                                                  {"ratio_10", line.ratio.low},
                                                                  {"ratio_90", line.ratio.high},
                                                                  {"pairs", line.pairs},
                                                                  {"note", line.note}});
    if (!line.target) continue;
    row["target"] = line.target->value;
    row["at_least"] = line.target->sense == Target::Sense::at_least;
    row["met"] = line.target->met_by(line.ratio.median);
  }
  for (const Skip& skip : report.skips)
    json["skipped"].push_back({{"row", skip.row}, {"reason", skip.reason}});
  return json.dump(2) + "\n";
}

}  // namespace attn::bench
