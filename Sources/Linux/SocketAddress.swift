import CUV
import Glibc
import Machine

/// An endpoint as the system writes it.
struct SocketAddress {
    private var storage = sockaddr_storage()

    /// Creates the address of an endpoint; `nil` if its host is not numeric.
    init?(_ endpoint: Endpoint) {
        let port = Int32(endpoint.port)
        let code = withUnsafeMutablePointer(to: &storage) { storage in
            let raw = UnsafeMutableRawPointer(storage)
            let code = uv_ip4_addr(
                endpoint.host, port, raw.assumingMemoryBound(to: sockaddr_in.self))
            if code == 0 { return code }
            return uv_ip6_addr(endpoint.host, port, raw.assumingMemoryBound(to: sockaddr_in6.self))
        }
        if code != 0 { return nil }
    }

    private init() {}

    /// Lends the address to a call of the system.
    mutating func withPointer<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
        withUnsafeMutablePointer(to: &storage) { storage in
            body(UnsafePointer(UnsafeRawPointer(storage).assumingMemoryBound(to: sockaddr.self)))
        }
    }

    /// The endpoint it stands for.
    private var endpoint: Endpoint {
        var host = [CChar](repeating: 0, count: 64)
        return withUnsafePointer(to: storage) { storage in
            let raw = UnsafeRawPointer(storage)
            let port: UInt16
            if Int32(storage.pointee.ss_family) == AF_INET6 {
                let address = raw.assumingMemoryBound(to: sockaddr_in6.self)
                uv_ip6_name(address, &host, host.count)
                port = UInt16(bigEndian: address.pointee.sin6_port)
            } else {
                let address = raw.assumingMemoryBound(to: sockaddr_in.self)
                uv_ip4_name(address, &host, host.count)
                port = UInt16(bigEndian: address.pointee.sin_port)
            }
            let name = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            return Endpoint(host: String(decoding: name, as: UTF8.self), port: port)
        }
    }
}

extension SocketAddress {
    /// The other end of a socket.
    static func peer(of handle: UnsafeMutablePointer<uv_tcp_t>) -> Endpoint {
        endpoint { uv_tcp_getpeername(handle, $0, $1) }
    }

    /// This end of a socket.
    static func own(of handle: UnsafeMutablePointer<uv_tcp_t>) -> Endpoint {
        endpoint { uv_tcp_getsockname(handle, $0, $1) }
    }

    /// The endpoint that a call of the system fills in.
    private static func endpoint(
        _ fill: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<Int32>) -> Int32
    ) -> Endpoint {
        var address = SocketAddress()
        var size = Int32(MemoryLayout<sockaddr_storage>.size)
        _ = withUnsafeMutablePointer(to: &address.storage) { storage in
            fill(UnsafeMutableRawPointer(storage).assumingMemoryBound(to: sockaddr.self), &size)
        }
        return address.endpoint
    }
}
