// Tensor files through the program: opened alone, named by a document, written by compute.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "tests/cli/cli.hpp"
#include "tests/support/npy.hpp"

namespace attn::cli {
namespace {

class Tensors : public Cli {
 protected:
  Tensors() { folder.write("d.json", kDocument); }

  support::Npy npy(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"compute"});
    arguments.insert(arguments.end(), {"-o", "out.npy"});
    done(arguments);
    return support::parse_npy(bytes("out.npy")).value_or(support::Npy{});
  }

  // The header of a .safetensors file.
  nlohmann::json header(const std::string& name) const {
    const std::string file = bytes(name);
    const std::size_t length =
        static_cast<unsigned char>(file[0]) + 256u * static_cast<unsigned char>(file[1]);
    return nlohmann::json::parse(file.substr(8, length));
  }
};

TEST_F(Tensors, WeightsOpenAgainAsTheyWereWritten) {
  const support::Npy weights = npy({"d.json"});
  folder.write("w.npy", bytes("out.npy"));
  EXPECT_EQ(npy({"w.npy"}).values, weights.values);
  done({"compute", "d.json", "-o", "w.npz", "--stage", "weights"});
  EXPECT_EQ(npy({"w.npz"}).values, weights.values);
  done({"compute", "d.json", "-o", "w.safetensors", "--stage", "weights"});
  EXPECT_EQ(npy({"w.safetensors"}).values, weights.values);
  EXPECT_NE(done({"check", "w.safetensors"}).find("weights"), std::string::npos);
  done({"export", "w.npz", "-o", "w.png"});
  EXPECT_EQ(bytes("w.png").substr(1, 3), "PNG");
}

TEST_F(Tensors, QAndKOpenByTheirNames) {
  done({"compute", "d.json", "-o", "qkv.npz", "--stage", "q", "--stage", "k,v"});
  EXPECT_EQ(npy({"qkv.npz", "--stage", "scores"}).values, npy({"d.json", "--stage", "scores"}).values);
  EXPECT_EQ(npy({"qkv.npz", "--stage", "context", "--set",
                 "masks=[{\"kind\":\"causal\",\"align\":\"bottom_right\"}]"})
                .values,
            npy({"d.json", "--stage", "context"}).values);
}

TEST_F(Tensors, ADocumentNamesThem) {
  done({"compute", "d.json", "-o", "qkv.safetensors", "--stage", "q,k"});
  folder.write("named.json", R"({"tokens": ["x", "y", "z"],
    "q": {"file": "qkv.safetensors", "name": "q"},
    "k": {"file": "qkv.safetensors", "name": "k", "slice": [null, [1, 4], null]}})");
  EXPECT_EQ(npy({"named.json", "--stage", "k"}).shape, (std::vector<std::size_t>{2, 3, 2}));
  const support::Outcome piped = attnscope({"check", "-"}, bytes("named.json"));
  EXPECT_EQ(piped.exit_code, 1);
  EXPECT_NE(piped.err.find("attnscope: -: /q: qkv.safetensors: expected"), std::string::npos) << piped.err;
}

TEST_F(Tensors, RefusalsNameTheFileAndThePlace) {
  folder.write("short.npy", "\x93NUMPY");
  const support::Outcome alone = attnscope({"check", "short.npy"});
  EXPECT_EQ(alone.exit_code, 1);
  EXPECT_EQ(alone.err.find("attnscope: short.npy: header byte 0: expected "), 0u) << alone.err;
  folder.write("names.json", R"({"tokens": ["x"], "attention": {"file": "short.npy"}})");
  const support::Outcome named = attnscope({"compute", "names.json", "-o", "out.npy"});
  EXPECT_EQ(named.exit_code, 1);
  EXPECT_EQ(named.err.find("attnscope: names.json: /attention: short.npy: header byte 0: expected "), 0u)
      << named.err;
  EXPECT_EQ(bytes("out.npy"), "");
}

TEST_F(Tensors, ArraysAreNamedByStageAndByLayerWhereTheyDiffer) {
  done({"compute", "d.json", "-o", "one.safetensors", "--stage", "weights,mask,context"});
  const auto one = header("one.safetensors");
  EXPECT_EQ(one.size(), 3u);
  EXPECT_EQ(one["weights"]["shape"], nlohmann::json({2, 3, 4}));
  EXPECT_EQ(one["mask"]["dtype"], "BOOL");
  EXPECT_EQ(one["context"]["dtype"], "F32");
  // Layers of two and of one head.
  done({"compute", "d.json", "-o", "all.safetensors", "--stage", "weights", "--layer", "all"});
  const auto all = header("all.safetensors");
  EXPECT_EQ(all["L0.weights"]["shape"], nlohmann::json({2, 3, 4}));
  EXPECT_EQ(all["L1.weights"]["shape"], nlohmann::json({1, 3, 4}));
  // One head of each: layers of one shape.
  done({"compute", "d.json", "-o", "head.safetensors", "--layer", "all", "--head", "0", "--precision",
        "exact"});
  const auto head = header("head.safetensors");
  EXPECT_EQ(head["weights"]["shape"], nlohmann::json({2, 3, 4}));
  EXPECT_EQ(head["weights"]["dtype"], "F64");
}

TEST_F(Tensors, AllStagesAreThoseThatALayerHas) {
  done({"compute", "d.json", "-o", "all.safetensors", "--stage", "all"});
  const auto first = header("all.safetensors");
  for (const char* stage : {"q", "k", "v", "scores", "mask", "weights", "context", "output"})
    EXPECT_TRUE(first.contains(stage)) << stage;
  done({"compute", "d.json", "-o", "all.safetensors", "--stage", "all", "--layer", "1"});
  const auto second = header("all.safetensors");
  EXPECT_FALSE(second.contains("q"));
  EXPECT_TRUE(second.contains("weights"));
}

// Maps of 36 MB a head, which stay in their file: zeros, but for what a test writes.
class LongTensors : public Tensors {
 protected:
  static constexpr std::size_t kTokens = 3000, kHead = kTokens * kTokens;

  // A .npy file of two heads of `T`, with `number` in the second one's row 7.
  template <class T>
  void write(const std::string& descr, T number) const {
    std::string head = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2, 3000, 3000)}\n";
    head = std::string("\x93NUMPY\1\0", 8) + static_cast<char>(head.size()) + '\0' + head;
    const std::string path = folder.write("long.npy", head);
    std::filesystem::resize_file(path, head.size() + 2 * kHead * sizeof(T));
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(head.size() + (kHead + 7 * kTokens) * sizeof(T)));
    file.write(reinterpret_cast<const char*>(&number), sizeof number);
  }
};

TEST_F(LongTensors, AHeadOfOneIsShown) {
  write("<f4", 1.0F);
  const support::Npy head = npy({"long.npy", "--head", "1"});
  ASSERT_EQ(head.shape, (std::vector<std::size_t>{kTokens, kTokens}));
  EXPECT_EQ(head.values[7 * kTokens], 1);
  EXPECT_EQ(std::count(head.values.begin(), head.values.end(), 0), static_cast<std::ptrdiff_t>(kHead - 1));
}

TEST_F(LongTensors, CheckReadsAllOfThem) {
  write("<f4", 1.0F);
  EXPECT_NE(done({"check", "long.npy"}).find("18,000,000 numbers stay in their files"), std::string::npos);
  write("<f4", 2.0F);
  folder.write("s.json",
               R"({"format": "attnscope-session/1", "view": {}, "settings": {}, "document": "long.npy"})");
  for (const std::string& odd : {done({"check", "long.npy"}), done({"check", "s.json"})}) {
    EXPECT_NE(odd.find("1 of 6,000 rows do not sum to 1; the first is head 1, row 7: 2"), std::string::npos)
        << odd;
    EXPECT_NE(odd.find("1 weight(s) are outside 0 to 1"), std::string::npos) << odd;
  }
}

TEST_F(LongTensors, ANumberIsRefusedWhereItIsRead) {
  write("<f8", 1e300);
  done({"compute", "long.npy", "--head", "0", "-o", "w.npy"});
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"compute", "long.npy", "--head", "1", "-o", "x.npy"},
        {"check", "long.npy"}}) {
    const support::Outcome outcome = attnscope(arguments);
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err.find("attnscope: long.npy: data byte "), 0u) << outcome.err;
    EXPECT_NE(outcome.err.find("1e+300 at [1, 7, 0]"), std::string::npos) << outcome.err;
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "x.npy"));
}

}  // namespace
}  // namespace attn::cli
