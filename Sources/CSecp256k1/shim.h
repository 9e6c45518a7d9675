#include "../../.deps/include/secp256k1.h"
#include "../../.deps/include/secp256k1_recovery.h"
#include "../../.deps/include/secp256k1_ecdh.h"
