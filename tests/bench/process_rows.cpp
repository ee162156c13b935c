// Rows 14 to 16, and the window's part of row 8: whole programs, from outside.
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "core/figure/numbers/npy_writer.hpp"
#include "tests/bench/child.hpp"
#include "tests/bench/contest.hpp"
#include "tests/bench/problem.hpp"
#include "tests/bench/rows.hpp"
#include "tests/support/random.hpp"
#include "tests/support/xvfb.hpp"

namespace attn::bench {
namespace {

using Sense = Target::Sense;
namespace fs = std::filesystem;

constexpr double kMilliseconds = 1e3;
constexpr std::size_t kCells = 2048;

// Weights as causal heads have them: most of a row's mass on few keys.
void write_maps(const fs::path& file, std::vector<std::size_t> shape) {
  support::Random random(4);
  const std::size_t n = shape.back();
  std::vector<float> values(std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>()));
  for (std::size_t first = 0; first < values.size(); first += n) {
    float* const row = values.data() + first;
    const std::size_t keys = first / n % n + 1;
    float sum = 0;
    for (std::size_t j = 0; j < keys; ++j) sum += row[j] = static_cast<float>(std::exp(2 * random.normal()));
    for (std::size_t j = 0; j < keys; ++j) row[j] /= sum;
  }
  std::ofstream(file, std::ios::binary) << npy_bytes(shape, values);
}

// The width and height that stand in a PNG's header.
std::pair<std::size_t, std::size_t> png_size(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  unsigned char header[24] = {};
  stream.read(reinterpret_cast<char*>(header), sizeof header);
  const auto number = [&](std::size_t at) {
    return std::size_t{header[at]} << 24 | std::size_t{header[at + 1]} << 16 |
           std::size_t{header[at + 2]} << 8 | std::size_t{header[at + 3]};
  };
  return {number(16), number(20)};
}

// A side that is a program that makes a picture.
Contestant picture_maker(const std::string& name, const std::string& program,
                         const std::vector<std::string>& arguments) {
  return {name,
          [=] {
            const Spent spent = run_child(program, arguments);
            if (spent.exit_code != 0) throw std::runtime_error(name + " ended with an error");
            return spent.seconds;
          },
          {}};
}

// matplotlib's ways to make a picture of each map in a file; none where it is not installed.
std::vector<Contestant> matplotlib_ways(const Bench& bench, const fs::path& maps, const fs::path& pictures,
                                        std::pair<std::size_t, std::size_t> size) {
  if (run_child("/usr/bin/python3", {"-c", "import matplotlib, numpy"}).exit_code != 0) return {};
  std::vector<Contestant> ways;
  for (const auto& [way, name] : {std::pair{"common", "imshow and savefig"},
                                  std::pair{"fast", "imshow without smoothing, PNG compression 1"}}) {
    ways.push_back(
        picture_maker(std::string("matplotlib, Agg, ") + name, "/usr/bin/python3",
                      {(bench.options.peers / "matplotlib_figure.py").string(), maps.string(),
                       pictures.string(), std::to_string(size.first), std::to_string(size.second), way}));
  }
  return ways;
}

// A program that has been started and writes a log.
class Started {
 public:
  Started(const std::string& program, const std::vector<std::string>& arguments, const fs::path& state)
      : start_(std::chrono::steady_clock::now()), process_(::fork()) {
    if (process_ != 0) return;
    ::setenv("XDG_STATE_HOME", state.c_str(), 1);
    ::setenv("XDG_CONFIG_HOME", state.c_str(), 1);
    const int nowhere = ::open("/dev/null", O_RDWR);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, stream);
    std::vector<char*> words{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    ::execv(program.c_str(), words.data());
    ::_exit(127);
  }
  ~Started() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;

  // Seconds from the start until the log holds `words`.
  [[nodiscard]] double seconds_until(const fs::path& log, const std::string& words) const {
    constexpr std::chrono::microseconds kLook{200};
    constexpr std::chrono::seconds kPatience{30};
    while (true) {
      std::ifstream stream(log, std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(stream), {}};
      const auto now = std::chrono::steady_clock::now();
      if (text.find('\n') != std::string::npos && text.find(words) != std::string::npos)
        return std::chrono::duration<double>(now - start_).count();
      if (now - start_ > kPatience) throw std::runtime_error("no frame within half a minute");
      std::this_thread::sleep_for(kLook);
    }
  }

 private:
  std::chrono::steady_clock::time_point start_;
  pid_t process_;
};

// q and k as files beside a document.
fs::path write_heads(const Bench& bench, const Problem& problem) {
  nlohmann::json document{{"tokens", nlohmann::json::array()}};
  for (std::size_t i = 0; i < problem.n; ++i) document["tokens"].push_back(fmt::format("t{}", i));
  const std::size_t shape[] = {problem.heads, problem.n, problem.d};
  for (const auto& [name, values] : {std::pair{"q", &problem.q}, {"k", &problem.k}}) {
    const std::string file = fmt::format("heads_{}.npy", name);
    std::ofstream(bench.folder / file, std::ios::binary) << npy_bytes(shape, *values);
    document[name] = {{"file", file}};
  }
  const fs::path file = bench.folder / "heads.json";
  std::ofstream(file) << document;
  return file;
}

// From the start of a program until its log holds `words`.
Contestant starter(const Bench& bench, const std::string& name, const std::string& program,
                   std::vector<std::string> arguments, const std::string& words) {
  const fs::path log = bench.folder / "frames.log";
  arguments.push_back(log.string());
  return {name,
          [=, folder = bench.folder] {
            fs::remove(log);
            const Started started(program, arguments, folder);
            return started.seconds_until(log, words);
          },
          {}};
}

}  // namespace

void run_png(const Bench& bench) {
  const fs::path map = bench.folder / "attention.npy", picture = bench.folder / "ours.png";
  write_maps(map, {kCells, kCells});
  const Contestant ours = picture_maker("attnscope export", bench.options.attnscope,
                                        {"export", map.string(), "-o", picture.string()});
  static_cast<void>(ours.run());
  const auto [width, height] = png_size(picture);
  const std::vector<Contestant> ways =
      matplotlib_ways(bench, map, bench.folder / "theirs{}.png", {width, height});
  if (ways.empty()) return bench.skip({"14", "matplotlib is not here"});
  compete(
      bench,
      {"14",
       fmt::format("PNG figure of {0} × {0} cells, {1} × {2} pixels, whole process", kCells, width, height),
       Target{Sense::at_least, 20}, nullptr},
      ours, ways);
}

// A round of the peer's takes half a minute: three pairs must do.
void run_png_batch(const Bench& bench) {
  const std::size_t layers = bench.options.quick ? 1 : 12, heads = 12, n = 512,
                    rounds = bench.options.quick ? 1 : 3;
  const fs::path maps = bench.folder / "heads.npy", folder = bench.folder / "heads";
  write_maps(maps, {layers, heads, n, n});
  const Contestant ours = picture_maker("attnscope export", bench.options.attnscope,
                                        {"export", maps.string(), "--layer", "all", "--head", "all", "-o",
                                         (folder / "L{layer:02}_H{head:02}.png").string()});
  static_cast<void>(ours.run());
  const auto size = png_size(folder / "L00_H00.png");
  const auto ways = matplotlib_ways(bench, maps, bench.folder / "theirs{}.png", size);
  if (ways.empty()) return bench.skip({"16", "matplotlib is not here"});
  Pairs pairs;
  for (std::size_t round = 0; round < rounds; ++round) {
    pairs.ours.push_back(ours.run());
    pairs.theirs.push_back(ways.back().run());
  }
  bench.add({"16",
             fmt::format("{} PNG figures of {} × {} cells, {} × {} pixels", layers * heads, n, n, size.first,
                         size.second),
             ways.back().name, kMilliseconds * percentile(pairs.ours, 0.5),
             kMilliseconds * percentile(pairs.theirs, 0.5), "ms", pairs.ratio(Ratio::theirs_by_ours), rounds,
             Target{Sense::at_least, 20}, "its fastest way"});
}

void run_window_drag(const Bench& bench) {
  constexpr int kSteps = 25;
  constexpr double kPatience = 50;  // milliseconds between two steps: 20 a second
  const auto server = support::Xvfb::start(1600, 1000);
  if (!server) return bench.skip({"8", "Xvfb is not here"});
  const Problem& problem = bench.problems.twelve_heads(true).problem;
  const fs::path log = bench.folder / "drag.log";
  const Started started(
      bench.options.attnscope,
      {write_heads(bench, problem).string(), "--set", "masks=[\"causal\"]", "--event-log", log.string()},
      bench.folder);
  static_cast<void>(started.seconds_until(log, "\"settled\":true"));
  std::vector<std::string> keys{"key", "--delay", fmt::format("{}", kPatience)};
  for (int round = 0; round < (bench.options.quick ? 1 : 4); ++round) {
    for (const char* key : {"bracketright", "bracketleft"}) keys.insert(keys.end(), kSteps, key);
  }
  if (run_child("xdotool", keys).exit_code != 0) return bench.skip({"8", "xdotool is not here"});
  std::this_thread::sleep_for(std::chrono::seconds(1));
  std::vector<double> milliseconds;
  std::ifstream lines(log);
  int maps = 1;
  for (std::string line; std::getline(lines, line);) {
    const auto facts = nlohmann::json::parse(line, nullptr, false);
    if (!facts.is_object() || facts["drawn"]["maps"].get<int>() <= maps) continue;
    maps = facts["drawn"]["maps"];
    milliseconds.push_back(facts["drawn"]["ms"]);
  }
  if (milliseconds.empty()) return bench.skip({"8", "the window drew no map"});
  const double slowest = percentile(milliseconds, 0.99);
  bench.add({"8",
             "temperature drag, 12 × 1024 causal, one head and 12 small ones, in the window: action → drawn",
             fmt::format("the {} ms between two steps", kPatience),
             slowest,
             kPatience,
             "ms",
             {slowest / kPatience, percentile(milliseconds, 0.1) / kPatience,
              percentile(milliseconds, 0.9) / kPatience},
             milliseconds.size(),
             {},
             fmt::format("{} steps, {} maps drawn; p50 {:.1f} ms, p99 {:.1f} ms, painted by the processor",
                         keys.size() - 3, milliseconds.size(), percentile(milliseconds, 0.5), slowest)});
}

void run_start(const Bench& bench) {
  const auto server = support::Xvfb::start(1600, 1000);
  if (!server) return bench.skip({"15", "Xvfb is not here"});
  const fs::path sample = fs::path(ATTNSCOPE_SAMPLES) / "said_twice.json";
  const Contestant bare =
      starter(bench, "a bare window of GLFW and ImGui", bench.options.peer_libraries / "bare_window", {}, "");
  struct Moment {
    const char* work;
    const char* words;
    std::optional<Target> target;
  };
  const Moment moments[] = {{"start → first frame, Xvfb", "", Target{Sense::at_most, 1.3}},
                            {"start → all is drawn, Xvfb", "\"settled\":true", {}}};
  for (const Moment& moment : moments) {
    const Contestant ours =
        starter(bench, "attnscope", bench.options.attnscope, {sample.string(), "--event-log"}, moment.words);
    const Pairs pairs = alternate(bench, ours, bare);
    bench.add({"15",
               moment.work,
               bare.name,
               kMilliseconds * percentile(pairs.ours, 0.5),
               kMilliseconds * percentile(pairs.theirs, 0.5),
               "ms",
               pairs.ratio(Ratio::ours_by_theirs),
               pairs.ours.size(),
               moment.target,
               {}});
  }
}

}  // namespace attn::bench
