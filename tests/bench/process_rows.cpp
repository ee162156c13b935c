// Rows 14 and 15: whole programs, from outside.
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/figure/numbers/npy_writer.hpp"
#include "tests/bench/child.hpp"
#include "tests/bench/contest.hpp"
#include "tests/bench/rows.hpp"
#include "tests/support/random.hpp"
#include "tests/support/xvfb.hpp"

namespace attn::bench {
namespace {

using Sense = Target::Sense;
namespace fs = std::filesystem;

constexpr double kMilliseconds = 1e3;
constexpr std::size_t kCells = 2048;

// Weights as a causal head has them: most of a row's mass on few keys.
void write_map(const fs::path& file) {
  support::Random random(4);
  std::vector<float> values(kCells * kCells);
  for (std::size_t i = 0; i < kCells; ++i) {
    float* const row = values.data() + i * kCells;
    float sum = 0;
    for (std::size_t j = 0; j <= i; ++j) sum += row[j] = static_cast<float>(std::exp(2 * random.normal()));
    for (std::size_t j = 0; j <= i; ++j) row[j] /= sum;
  }
  const std::size_t shape[] = {kCells, kCells};
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
  write_map(map);
  const Contestant ours = picture_maker("attnscope export", bench.options.attnscope,
                                        {"export", map.string(), "-o", picture.string()});
  static_cast<void>(ours.run());
  const auto [width, height] = png_size(picture);
  std::vector<Contestant> ways;
  for (const char* way : {"common", "fast"}) {
    const std::vector<std::string> arguments{(bench.options.peers / "matplotlib_figure.py").string(),
                                             map.string(),
                                             (bench.folder / "theirs.png").string(),
                                             std::to_string(width),
                                             std::to_string(height),
                                             way};
    if (run_child("/usr/bin/python3", arguments).exit_code != 0)
      return bench.skip({"14", "matplotlib is not here"});
    ways.push_back(picture_maker(
        std::string("matplotlib, Agg, ") +
            (way[0] == 'c' ? "imshow and savefig" : "imshow without smoothing, PNG compression 1"),
        "/usr/bin/python3", arguments));
  }
  compete(
      bench,
      {"14",
       fmt::format("PNG figure of {0} × {0} cells, {1} × {2} pixels, whole process", kCells, width, height),
       Target{Sense::at_least, 20}, nullptr},
      ours, ways);
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
