import CUV
import Glibc
import Machine

/// A TCP socket that accepts connections.
final class SocketListener {
    /// The port, chosen by the system if 0 was asked for.
    let port: UInt16

    private let handle: UnsafeMutablePointer<uv_tcp_t>

    /// Begins to listen; `option` is the setting that chooses another port.
    init(
        at endpoint: Endpoint, on loop: UnsafeMutablePointer<uv_loop_t>, for sockets: Sockets,
        option: String
    ) throws(LinuxFailure) {
        guard var address = SocketAddress(endpoint) else {
            throw .notListening(endpoint, reason: "\(endpoint.host) is not a numeric address")
        }
        let handle = UnsafeMutablePointer<uv_tcp_t>.allocate(capacity: 1)
        self.handle = handle
        uv_tcp_init(loop, handle)
        // libuv sets SO_REUSEADDR, and reports a port that is taken when it listens.
        var code = address.withPointer { uv_tcp_bind(handle, $0, 0) }
        let stream = UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_stream_t.self)
        if code == 0 {
            code = uv_listen(stream, 256) { stream, status in
                guard status == 0, let stream, let data = stream.pointee.data else { return }
                Unmanaged<Sockets>.fromOpaque(data).takeUnretainedValue().accept(from: stream)
            }
        }
        port = SocketAddress.own(of: handle).port
        handle.pointee.data = Unmanaged.passUnretained(sockets).toOpaque()
        guard code == 0 else {
            close()
            throw code == UV_EADDRINUSE.rawValue
                ? .portTaken(endpoint, option: option)
                : .notListening(endpoint, reason: uvText(code))
        }
    }

    /// Stops to listen.
    func close() {
        let raw = UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self)
        uv_close(raw) { UnsafeMutableRawPointer($0)?.deallocate() }
    }
}
