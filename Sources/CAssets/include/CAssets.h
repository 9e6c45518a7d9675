#pragma once
#include <stddef.h>

/// A file that is part of the program.
typedef struct {
    /// Where it is served, or the name by which the program asks for it.
    const char *name;
    /// The first byte.
    const unsigned char *bytes;
    /// How many bytes there are.
    size_t count;
} CAsset;

/// The file at this place in the table; `bytes` is null after the last one.
CAsset CAssetAt(size_t index);
