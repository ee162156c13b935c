// What every kernel file includes before Highway: which instruction sets it is compiled for.
#pragma once

// AVX-512 with or without VNNI is one target to us; no machine with AVX2 lacks SSE4.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_AVX3_DL)
