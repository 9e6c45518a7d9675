import Glibc
public import Machine

/// Ports, for commands that start programs which listen.
public enum Port {
    /// Throws if an endpoint cannot be listened on now; `option` is the setting that chooses another.
    public static func check(_ endpoint: Endpoint, option: String) throws(LinuxFailure) {
        guard var address = SocketAddress(endpoint) else {
            throw .notListening(endpoint, reason: "\(endpoint.host) is not a numeric address")
        }
        let isSix = endpoint.host.utf8.contains(UInt8(ascii: ":"))
        let descriptor = socket(isSix ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw .notListening(endpoint, reason: systemText(errno)) }
        defer { close(descriptor) }
        // As a node does: a port whose connections are still ending is free.
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        let size = isSix ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        let code = address.withPointer { bind(descriptor, $0, socklen_t(size)) }
        guard code != 0 || listen(descriptor, 1) != 0 else { return }
        throw errno == EADDRINUSE
            ? .portTaken(endpoint, option: option)
            : .notListening(endpoint, reason: systemText(errno))
    }
}
