import Node

extension Node::Configuration {
    /// Reads a file of settings, for use: its paths are relative to its folder.
    init(file path: String) throws {
        try self.init(text: path)
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        for path in [\Self.genesis, \Self.data, \Self.key] where !self[keyPath: path].hasPrefix("/")
        {
            self[keyPath: path] = folder + self[keyPath: path]
        }
    }

    /// Reads a file of settings as it is written.
    init(text path: String) throws {
        let bytes = try Files.read(path, limit: Node::Configuration.sizeLimit)
        do throws(ConfigurationError) {
            try self.init(decoding: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw Failure("\(path): \(error)")
        }
    }
}
