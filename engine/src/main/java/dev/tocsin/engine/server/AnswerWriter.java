package dev.tocsin.engine.server;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Arrays;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Sends answers. */
final class AnswerWriter {

  /** Bytes of a larger answer that are passed to the connection at once. */
  private static final int PIECE = 64 * 1024;

  private AnswerWriter() {}

  /**
   * Sends an answer; to HEAD without its body. Nothing is sent if the server has answered already,
   * as it does if the body is not HTTP.
   */
  static Mono<Void> send(Answer answer, HttpServerRequest request, HttpServerResponse response) {
    if (response.hasSentHeaders()) {
      return Mono.empty();
    }
    response.status(answer.status());
    answer.headers().forEach(response::header);
    if (answer.closes()) {
      response.keepAlive(false);
    }
    boolean isHead = request.method().equals(HttpMethod.HEAD);
    return switch (answer.body()) {
      case Answer.Content.Empty() -> response.send().then();
      case Answer.Content.Whole(byte[] bytes) -> {
        response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(bytes.length));
        yield isHead ? response.send().then() : send(bytes, response);
      }
      case Answer.Content.Streamed(Publisher<byte[]> chunks) ->
          isHead ? response.send().then() : send(chunks, response);
    };
  }

  private static Mono<Void> send(byte[] body, HttpServerResponse response) {
    return body.length <= PIECE
        ? response.sendObject(Unpooled.wrappedBuffer(body)).then()
        : send(pieces(body), response);
  }

  /** One chunk after another, each when the socket has taken the one before it. */
  private static Mono<Void> send(Publisher<byte[]> chunks, HttpServerResponse response) {
    return response
        .sendHeaders()
        .then()
        .thenMany(Flux.from(chunks).concatMap(chunk -> write(chunk, response), 0))
        .then();
  }

  private static Mono<Void> write(byte[] chunk, HttpServerResponse response) {
    return Mono.create(
        sink ->
            response.withConnection(
                connection ->
                    connection
                        .channel()
                        .writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(chunk)))
                        .addListener(
                            written -> {
                              if (written.isSuccess()) {
                                sink.success();
                              } else {
                                sink.error(written.cause());
                              }
                            })));
  }

  /**
   * A large body in pieces: sent whole it would be copied out of the heap at once, and count as
   * sent before a byte of it was.
   */
  private static Flux<byte[]> pieces(byte[] body) {
    return Flux.range(0, (body.length + PIECE - 1) / PIECE)
        .map(
            piece ->
                Arrays.copyOfRange(
                    body, piece * PIECE, Math.min(body.length, (piece + 1) * PIECE)));
  }
}
