import CLMDB
import CXXHash
import Glibc

/// A value as it lies in the file: its bytes, and a hash of them and of the key.
///
/// LMDB keeps no checksums: a byte that a disk turned over would become a balance. Only what the
/// hash agrees with is read; it is XXH3 of 64 bits, since damage is no attacker.
enum DatabaseValue {
    /// How many bytes the hash takes.
    static let hashSize = 8

    /// Writes a value into the room that LMDB reserved for it and its hash.
    static func write(_ value: [UInt8], key: MDB_val, into room: MDB_val) {
        value.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { memcpy(room.mv_data, start, bytes.count) }
        }
        room.mv_data.storeBytes(
            of: hash(of: room.mv_data, value.count, key).littleEndian,
            toByteOffset: value.count, as: UInt64.self)
    }

    /// Copies a value that LMDB lent; `nil` if it is not what was written under the key.
    static func read(_ stored: MDB_val, key: MDB_val) -> [UInt8]? {
        let count = stored.mv_size - hashSize
        guard count >= 0 else { return nil }
        let written = stored.mv_data.loadUnaligned(fromByteOffset: count, as: UInt64.self)
        guard hash(of: stored.mv_data, count, key) == UInt64(littleEndian: written) else {
            return nil
        }
        return [UInt8](UnsafeRawBufferPointer(start: stored.mv_data, count: count))
    }

    private static func hash(
        of bytes: UnsafeMutableRawPointer, _ count: Int, _ key: MDB_val
    ) -> UInt64 {
        XXH3_64bits_withSeed(bytes, count, XXH3_64bits(key.mv_data, key.mv_size))
    }
}
