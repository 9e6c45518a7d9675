// An HTTP/1.1 and WebSocket server by Boost.Beast, on one thread with one io_context.
//
// A connection reads one request, waits for its answer, writes it, and reads the next: so requests
// that wait are never more than connections, and pipelined ones are answered in order.

#include "CHTTP.h"

#include <atomic>
#include <chrono>
#include <cstring>
#include <ctime>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using Failure = boost::system::error_code;
using Request = http::request<http::string_body>;

/// Events that may wait for the owner before WebSockets are no longer read.
constexpr size_t kEvents = 4096;

struct Event {
    http_kind kind;
    uint64_t number;
    Request request;
    std::string text;
};

struct Command {
    enum Kind { reply, push, dismiss } kind;
    uint64_t number;
    unsigned status;
    std::string fields;
    std::string body;
};

const char *reason(unsigned status) {
    switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Payload Too Large";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    default: break;
    }
    auto text = http::obsolete_reason(static_cast<http::status>(status));
    return text.empty() ? "Unknown" : text.data();
}

} // namespace

class Connection;
class Socket;

struct http_server {
    // Of the server's thread alone; declared before `io`, whose last handlers still refer to it.
    http_limits limits;
    void (*wake)(void *);
    void *context;
    uint16_t port = 0;
    uint64_t next = 1;
    uint64_t bodies = 0;
    size_t open = 0;
    bool stopping = false;
    bool ended = false;
    std::unordered_map<uint64_t, std::shared_ptr<Connection>> waiting;
    std::unordered_map<uint64_t, std::shared_ptr<Socket>> sockets;
    std::unordered_set<Connection *> connections;
    std::vector<std::shared_ptr<Socket>> paused;
    std::string date;
    std::time_t dated = 0;

    std::mutex mutex;
    std::vector<Event> events;     // Guarded.
    std::vector<Command> commands; // Guarded.
    std::atomic<size_t> backlog{0};
    std::atomic<bool> resting{false};

    asio::io_context io{1};
    tcp::acceptor acceptor{io};
    asio::steady_timer grace{io};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    std::thread thread;

    void closed() {
        open--;
        if (stopping && !ended && open == 0) grace.cancel();
    }

    void accept();
    void tell(Event &&event);
    void obey();
    void resume();
    void stop();
    const std::string &today();

    void ask(Command &&command) {
        bool first;
        {
            std::lock_guard<std::mutex> guard(mutex);
            first = commands.empty();
            commands.push_back(std::move(command));
        }
        if (first) asio::post(io, [this] { obey(); });
    }
};

/// One WebSocket.
class Socket : public std::enable_shared_from_this<Socket> {
  public:
    Socket(http_server &server, tcp::socket &&socket, uint64_t number)
        : server(server), stream(std::move(socket)), number(number) {
        server.open++;
    }

    ~Socket() { server.closed(); }

    void start(Request &&upgrade) {
        websocket::stream_base::timeout patience{};
        patience.handshake_timeout = std::chrono::seconds(server.limits.patience);
        patience.idle_timeout = std::chrono::seconds(server.limits.idle);
        patience.keep_alive_pings = true;
        stream.set_option(patience);
        stream.read_message_max(server.limits.body);
        stream.text(true);
        path = std::string(upgrade.target());
        request = std::move(upgrade);
        stream.async_accept(request, [self = shared_from_this()](Failure failure) {
            if (failure || self->server.stopping) return;
            self->request = Request();
            self->server.sockets[self->number] = self;
            self->server.tell({HTTP_JOINED, self->number, Request(), self->path});
            self->read();
        });
    }

    void read() {
        stream.async_read(buffer, [self = shared_from_this()](Failure failure, size_t) {
            if (failure) return self->leave();
            auto data = self->buffer.data();
            std::string text(static_cast<const char *>(data.data()), data.size());
            self->buffer.consume(self->buffer.size());
            if (self->buffer.capacity() > 65536) self->buffer.shrink_to_fit();
            if (self->gone) return;
            self->server.tell({HTTP_TOLD, self->number, Request(), std::move(text)});
            if (self->server.backlog.load() < kEvents) return self->read();
            self->server.paused.push_back(self);
            self->server.resting.store(true);
            // The owner may have taken all between the two lines above.
            if (self->server.backlog.load() == 0) self->server.resume();
        });
    }

    void push(std::string &&message) {
        if (gone || closing) return;
        queued += message.size();
        if (queued > server.limits.outgoing) return cut();
        queue.push_back(std::move(message));
        if (queue.size() == 1) write();
    }

    void dismiss() {
        gone = true;
        closing = true;
        server.sockets.erase(number);
        if (queue.empty()) close();
    }

    void cut() {
        leave();
        beast::get_lowest_layer(stream).close();
    }

  private:
    void write() {
        stream.async_write(asio::buffer(queue.front()),
                           [self = shared_from_this()](Failure failure, size_t) {
                               if (failure) return self->leave();
                               self->queued -= self->queue.front().size();
                               self->queue.pop_front();
                               if (!self->queue.empty()) return self->write();
                               if (self->closing) self->close();
                           });
    }

    void close() {
        stream.async_close(websocket::close_code::normal,
                           [self = shared_from_this()](Failure) {});
    }

    void leave() {
        if (gone) return;
        gone = true;
        server.sockets.erase(number);
        server.tell({HTTP_LEFT, number, Request(), std::string()});
    }

    http_server &server;
    websocket::stream<beast::tcp_stream, false> stream;
    beast::flat_buffer buffer;
    Request request;
    std::string path;
    std::deque<std::string> queue;
    size_t queued = 0;
    uint64_t number;
    bool gone = false;
    bool closing = false;
};

/// One connection that speaks HTTP.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(http_server &server, tcp::socket &&socket)
        : server(server), stream(std::move(socket)) {
        server.open++;
        server.connections.insert(this);
    }

    ~Connection() {
        release();
        server.connections.erase(this);
        server.closed();
    }

    void read() {
        if (server.stopping) return;
        parser.emplace();
        parser->header_limit(server.limits.header);
        parser->body_limit(server.limits.body);
        idle = true;
        bool more = buffer.size() > 0;
        stream.expires_after(
            std::chrono::seconds(more || fresh ? server.limits.patience : server.limits.idle));
        fresh = false;
        http::async_read_header(stream, buffer, *parser,
                                [self = shared_from_this()](Failure failure, size_t) {
                                    self->idle = false;
                                    if (failure) return self->refuse(failure);
                                    self->readBody();
                                });
    }

    /// Writes an answer, then reads the next request.
    void reply(unsigned status, const std::string &fields, std::string &&content) {
        if (status == 101 && handshake) return upgrade();
        handshake.reset();
        release();
        idle = false;
        body = std::move(content);
        head.clear();
        head.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reason(status));
        head.append("\r\nDate: ").append(server.today()).append("\r\n").append(fields);
        if (status != 204 && status != 304) {
            head.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
        }
        keep = keep && !server.stopping;
        head.append(keep ? (old ? "Connection: keep-alive\r\n\r\n" : "\r\n")
                         : "Connection: close\r\n\r\n");
        if (mute || status == 204 || status == 304) body.clear();
        write();
    }

    /// Ends a connection that waits for a request.
    void stop() {
        if (idle) stream.cancel();
    }

  private:
    void readBody() {
        auto &message = parser->get();
        old = message.version() < 11;
        keep = message.keep_alive();
        mute = message.method() == http::verb::head;

        auto length = parser->content_length();
        if (length && *length > server.limits.body) return refuse(http::error::body_limit);
        reserved = parser->is_done() ? 0 : (length ? *length : server.limits.body);
        server.bodies += reserved;
        if (server.bodies > server.limits.bodies) return refuse(503);
        if (parser->is_done()) return requested();
        stream.expires_after(std::chrono::seconds(server.limits.patience));

        if (beast::iequals(message[http::field::expect], "100-continue")) {
            head = "HTTP/1.1 100 Continue\r\n\r\n";
            asio::async_write(stream, asio::buffer(head),
                              [self = shared_from_this()](Failure failure, size_t) {
                                  if (!failure) self->readRest();
                              });
        } else {
            readRest();
        }
    }

    void readRest() {
        http::async_read(stream, buffer, *parser,
                         [self = shared_from_this()](Failure failure, size_t) {
                             if (failure) return self->refuse(failure);
                             self->requested();
                         });
    }

    void requested() {
        if (server.stopping) return;
        stream.expires_never();
        uint64_t number = server.next++;
        server.waiting.emplace(number, shared_from_this());
        auto kind = HTTP_REQUESTED;
        if (websocket::is_upgrade(parser->get())) {
            kind = HTTP_KNOCKED;
            handshake = parser->get().base();
        }
        server.tell({kind, number, parser->release(), std::string()});
    }

    /// Lets the caller in that knocked.
    void upgrade() {
        release();
        auto socket = std::make_shared<Socket>(server, stream.release_socket(), server.next++);
        socket->start(Request(std::move(*handshake)));
    }

    void refuse(Failure failure) {
        if (failure == http::error::body_limit) return refuse(413);
        if (failure == http::error::header_limit) return refuse(431);
        if (failure == http::error::end_of_stream || failure == http::error::partial_message) return;
        if (failure.category() == make_error_code(http::error::bad_method).category()) refuse(400);
    }

    void refuse(unsigned status) {
        keep = false;
        mute = false;
        std::string text = std::string(reason(status)) + "\n";
        reply(status, "Content-Type: text/plain\r\n", std::move(text));
    }

    void write() {
        stream.expires_after(std::chrono::seconds(server.limits.patience));
        std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
        asio::async_write(stream, parts, [self = shared_from_this()](Failure failure, size_t) {
            if (failure) return;
            if (self->body.capacity() > 65536) std::string().swap(self->body);
            if (self->keep) return self->read();
            Failure ignored;
            self->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
            self->stream.expires_after(std::chrono::seconds(2));
            self->linger();
        });
    }

    /// Reads on for a moment: a reset would take the answer away from a client that still writes.
    void linger() {
        buffer.clear();
        stream.async_read_some(buffer.prepare(65536),
                               [self = shared_from_this()](Failure failure, size_t) {
                                   if (!failure) self->linger();
                               });
    }

    void release() {
        server.bodies -= reserved;
        reserved = 0;
    }

    http_server &server;
    beast::tcp_stream stream;
    beast::flat_buffer buffer;
    boost::optional<http::request_parser<http::string_body>> parser;
    boost::optional<http::request_header<>> handshake;
    std::string head;
    std::string body;
    uint64_t reserved = 0;
    bool fresh = true;
    bool idle = false;
    bool keep = true;
    bool old = false;
    bool mute = false;
};

void http_server::accept() {
    acceptor.async_accept([this](Failure failure, tcp::socket socket) {
        if (failure == asio::error::operation_aborted || stopping) return;
        if (failure) {
            // Out of descriptors: try again soon, for some will be given back.
            grace.expires_after(std::chrono::milliseconds(100));
            return grace.async_wait([this](Failure) { if (!stopping) accept(); });
        }
        if (open < limits.connections) {
            Failure ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            std::make_shared<Connection>(*this, std::move(socket))->read();
        }
        accept();
    });
}

void http_server::tell(Event &&event) {
    bool first;
    {
        std::lock_guard<std::mutex> guard(mutex);
        first = events.empty();
        events.push_back(std::move(event));
        backlog.store(events.size());
    }
    if (first) wake(context);
}

void http_server::obey() {
    std::vector<Command> taken;
    {
        std::lock_guard<std::mutex> guard(mutex);
        taken.swap(commands);
    }
    for (auto &command : taken) {
        if (command.kind == Command::reply) {
            auto found = waiting.find(command.number);
            if (found == waiting.end()) continue;
            auto connection = std::move(found->second);
            waiting.erase(found);
            connection->reply(command.status, command.fields, std::move(command.body));
            continue;
        }
        auto found = sockets.find(command.number);
        if (found == sockets.end()) continue;
        auto socket = found->second;
        if (command.kind == Command::push) socket->push(std::move(command.body));
        else socket->dismiss();
    }
}

void http_server::resume() {
    if (!resting.exchange(false)) return;
    std::vector<std::shared_ptr<Socket>> taken;
    taken.swap(paused);
    for (auto &socket : taken) socket->read();
}

void http_server::stop() {
    obey();
    stopping = true;
    Failure ignored;
    acceptor.close(ignored);
    waiting.clear();
    paused.clear();
    for (auto connection : connections) connection->stop();
    auto taken = std::move(sockets);
    sockets.clear();
    for (auto &entry : taken) entry.second->dismiss();
    work.reset();
    if (open == 0) return;
    grace.expires_after(std::chrono::milliseconds(500));
    grace.async_wait([this](Failure failure) { if (!failure) io.stop(); });
}

const std::string &http_server::today() {
    std::time_t now = std::time(nullptr);
    if (now != dated) {
        std::tm parts;
        char text[40];
        gmtime_r(&now, &parts);
        std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
        date = text;
        dated = now;
    }
    return date;
}

extern "C" http_server *http_server_start(const char *host, uint16_t port, http_limits limits,
                                          void (*wake)(void *), void *context, int32_t *error) {
    try {
        auto server = std::make_unique<http_server>();
        server->limits = limits;
        server->wake = wake;
        server->context = context;
        tcp::endpoint endpoint(asio::ip::make_address(host), port);
        server->acceptor.open(endpoint.protocol());
        server->acceptor.set_option(asio::socket_base::reuse_address(true));
        server->acceptor.bind(endpoint);
        server->acceptor.listen(1024);
        server->port = server->acceptor.local_endpoint().port();
        server->accept();
        auto raw = server.get();
        server->thread = std::thread([raw] {
            for (;;) {
                try {
                    raw->io.run();
                    return;
                } catch (...) {
                    // What one connection could not do (memory, as a rule) ends that connection.
                }
            }
        });
        return server.release();
    } catch (const boost::system::system_error &failure) {
        *error = failure.code().value();
    } catch (...) {
        *error = ENOMEM;
    }
    return nullptr;
}

extern "C" uint16_t http_server_port(const http_server *server) { return server->port; }

namespace {

http_text view(beast::string_view text) { return {text.data(), text.size()}; }

void hand(const Event &event, std::vector<http_field> &fields, std::string &names, void *receiver,
          void (*each)(void *, const http_event *)) {
    http_event out{};
    out.kind = event.kind;
    out.number = event.number;
    fields.clear();
    names.clear();
    if (event.kind != HTTP_REQUESTED && event.kind != HTTP_KNOCKED) {
        auto &slot = event.kind == HTTP_JOINED ? out.target : out.body;
        slot = {event.text.data(), event.text.size()};
        return each(receiver, &out);
    }
    auto &request = event.request;
    size_t room = 0;
    for (auto &field : request) room += field.name_string().size();
    names.reserve(room);
    for (auto &field : request) {
        auto name = field.name_string();
        size_t start = names.size();
        for (char letter : name) {
            names.push_back(letter >= 'A' && letter <= 'Z' ? char(letter + 32) : letter);
        }
        fields.push_back({{names.data() + start, name.size()}, view(field.value())});
    }
    out.method = view(request.method_string());
    out.target = view(request.target());
    out.fields = fields.data();
    out.field_count = fields.size();
    out.body = {request.body().data(), request.body().size()};
    each(receiver, &out);
}

} // namespace

extern "C" void http_server_drain(http_server *server, void *receiver,
                                  void (*each)(void *receiver, const http_event *event)) {
    try {
        std::vector<Event> taken;
        {
            std::lock_guard<std::mutex> guard(server->mutex);
            taken.swap(server->events);
            server->backlog.store(0);
        }
        if (server->resting.load()) asio::post(server->io, [server] { server->resume(); });
        std::vector<http_field> fields;
        std::string names;
        for (auto &event : taken) hand(event, fields, names, receiver, each);
    } catch (...) {
        // No memory for the queue: what was taken is lost, and its clients time out.
    }
}

extern "C" void http_server_reply(http_server *server, uint64_t number, uint16_t status,
                                  const http_field *fields, size_t field_count,
                                  const uint8_t *body, size_t count) {
    try {
        Command command{Command::reply, number, status, std::string(), std::string()};
        for (size_t index = 0; index < field_count; index++) {
            auto &field = fields[index];
            if (std::memchr(field.name.bytes, '\n', field.name.count) ||
                std::memchr(field.value.bytes, '\n', field.value.count)) {
                continue;
            }
            command.fields.append(field.name.bytes, field.name.count).append(": ");
            command.fields.append(field.value.bytes, field.value.count).append("\r\n");
        }
        command.body.assign(reinterpret_cast<const char *>(body), count);
        server->ask(std::move(command));
    } catch (...) {
    }
}

extern "C" void http_server_push(http_server *server, uint64_t number, const uint8_t *bytes,
                                 size_t count) {
    try {
        std::string body(reinterpret_cast<const char *>(bytes), count);
        server->ask({Command::push, number, 0, std::string(), std::move(body)});
    } catch (...) {
    }
}

extern "C" void http_server_dismiss(http_server *server, uint64_t number) {
    try {
        server->ask({Command::dismiss, number, 0, std::string(), std::string()});
    } catch (...) {
    }
}

extern "C" void http_server_stop(http_server *server) {
    try {
        asio::post(server->io, [server] { server->stop(); });
        server->thread.join();
    } catch (...) {
    }
    server->ended = true;
    server->waiting.clear();
    server->sockets.clear();
    server->paused.clear();
    delete server;
}
