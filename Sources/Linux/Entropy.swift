import CUV

/// Chance that no one can guess.
public enum Entropy {
    /// Returns 32 bytes drawn from the kernel.
    public static func seed() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            // Without a callback it draws at once, by getrandom(2); it can only fail before boot ends.
            while uv_random(nil, nil, buffer.baseAddress, 32, 0, nil) != 0 {}
            count = 32
        }
    }
}
