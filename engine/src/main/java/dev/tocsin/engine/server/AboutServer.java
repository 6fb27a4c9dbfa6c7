package dev.tocsin.engine.server;

import java.util.List;
import reactor.core.publisher.Mono;

/** What the daemon says about itself: {@code /} and {@code /api/about}. */
final class AboutServer {

  private final About about;

  AboutServer(About about) {
    this.about = about;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/", Scope.READ, call -> welcome()),
        Route.get("/api/about", Scope.READ, call -> about()));
  }

  /** For somebody who opens the address in a browser. */
  private Mono<Answer> welcome() {
    return Mono.just(
        Answer.object(
            200,
            json -> {
              json.writeStringProperty("name", "Tocsin");
              json.writeStringProperty("version", about.version());
              json.writeStringProperty("description", "Automation trigger engine");
              json.writeArrayPropertyStart("paths");
              for (String path :
                  List.of(
                      "/api/events",
                      "/api/journal",
                      "/api/about",
                      "/health",
                      "/ready",
                      "/metrics")) {
                json.writeString(path);
              }
              json.writeEndArray();
            }));
  }

  private Mono<Answer> about() {
    return Mono.just(
        Answer.object(
            200,
            json -> {
              json.writeStringProperty("version", about.version());
              json.writeStringProperty("started", about.started().toString());
              json.writeStringProperty("store", about.store());
            }));
  }
}
