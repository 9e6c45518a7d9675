import Ledger

extension Genesis {
    /// Reads a genesis file.
    init(file path: String) throws {
        let bytes = try Files.read(path, limit: 64 << 20)
        do throws(GenesisError) {
            try self.init(decoding: bytes)
        } catch {
            throw Failure("\(path): \(error)")
        }
    }
}
