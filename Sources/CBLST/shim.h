#include "../../.deps/include/blst.h"
