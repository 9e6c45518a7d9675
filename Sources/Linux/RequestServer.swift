import Glibc
public import Machine
import Synchronization

/// A small HTTP server that answers each request by a function, on a thread of its own.
///
/// For commands that are no node, such as the supervisor of a local network.
public final class RequestServer: Sendable {
    private let server: SharedServer
    private let bell: Mailbox<Void>
    private let thread: NativeThread

    /// Starts to serve; `option` is the setting that chooses another port.
    public init(
        at endpoint: Endpoint, option: String,
        answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) throws(LinuxFailure) {
        let bell = Mailbox<Void>()
        let server = SharedServer(
            try HTTPServer(at: endpoint, option: option) { bell.put(()) })
        self.bell = bell
        self.server = server
        thread = try NativeThread {
            while !bell.waitForAll().isEmpty { server.serve(answer) }
        }
    }

    /// The port that is served.
    public var port: UInt16 { server.http.port }

    /// Ends; to be called once.
    public func stop() {
        bell.close()
        thread.join()
        server.http.stop()
    }

    private final class SharedServer: @unchecked Sendable {
        // Unchecked, for the server's functions may be called from any thread, and only the
        // answering thread takes its events.
        let http: HTTPServer

        init(_ http: HTTPServer) {
            self.http = http
        }

        func serve(_ answer: (HTTPRequest) -> HTTPResponse) {
            for event in http.takeEvents() {
                switch event {
                case .requested(let ticket, let request): http.reply(answer(request), to: ticket)
                case .joined(let session, _): http.dismiss(session)
                case .told, .left: break
                }
            }
        }
    }
}
