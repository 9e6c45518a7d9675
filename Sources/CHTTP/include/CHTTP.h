#pragma once
// An HTTP/1.1 and WebSocket server on a thread of its own: Boost.Beast behind a C header.
//
// The server queues what happened; its owner is woken, and takes the queue in one go. Answers are
// queued likewise. No function here throws, and each may be called from any thread, but
// `http_server_drain` from one thread at a time.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes that belong to someone else.
typedef struct {
    const char *bytes;
    size_t count;
} http_text;

/// One header field.
typedef struct {
    http_text name;
    http_text value;
} http_field;

/// What a peer may take up.
typedef struct {
    /// Bytes of one body, and of one WebSocket message.
    uint64_t body;
    /// Bytes of all bodies that are being read or answered.
    uint64_t bodies;
    /// Bytes of the request line and all header fields.
    uint32_t header;
    /// Connections, WebSockets among them.
    uint32_t connections;
    /// Bytes that wait to be sent on one WebSocket; more cut it off.
    uint64_t outgoing;
    /// Seconds for a request to arrive whole, and for an answer to leave.
    uint32_t patience;
    /// Seconds a connection may lie idle between two requests.
    uint32_t idle;
} http_limits;

/// What happened.
typedef enum {
    HTTP_REQUESTED = 0,
    HTTP_JOINED = 1,
    HTTP_TOLD = 2,
    HTTP_LEFT = 3,
    /// A request for a WebSocket: a reply of status 101 opens it, any other is its answer.
    HTTP_KNOCKED = 4,
} http_kind;

/// One thing that happened; its texts live until the callback returns.
typedef struct {
    int32_t kind;
    uint64_t number;
    http_text method;
    http_text target;
    const http_field *fields;
    size_t field_count;
    http_text body;
} http_event;

typedef struct http_server http_server;

/// Starts to serve; returns null and sets `error` to an `errno` if that cannot be.
///
/// `wake` is called on the server's thread when its queue stops being empty.
http_server *http_server_start(const char *host, uint16_t port, http_limits limits,
                               void (*wake)(void *), void *context, int32_t *error);

/// The port that is served, which differs from the one asked for if that was 0.
uint16_t http_server_port(const http_server *server);

/// Hands over all that happened since the last call, in order.
void http_server_drain(http_server *server, void *receiver,
                       void (*each)(void *receiver, const http_event *event));

/// Answers a request.
void http_server_reply(http_server *server, uint64_t number, uint16_t status,
                       const http_field *fields, size_t field_count, const uint8_t *body,
                       size_t count);

/// Sends a text message on a WebSocket.
void http_server_push(http_server *server, uint64_t number, const uint8_t *bytes, size_t count);

/// Closes a WebSocket.
void http_server_dismiss(http_server *server, uint64_t number);

/// Sends what has been answered, closes all, ends the thread and frees the server.
void http_server_stop(http_server *server);

#ifdef __cplusplus
}
#endif
