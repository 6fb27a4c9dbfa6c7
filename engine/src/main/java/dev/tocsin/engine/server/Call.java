package dev.tocsin.engine.server;

import java.util.List;
import java.util.Map;
import reactor.netty.http.server.HttpServerRequest;

/**
 * A request that was admitted to a route.
 *
 * @param request as it came
 * @param target what it asks for
 * @param principal who asks
 * @param path decoded parameters of the path, by name
 * @param held takes the bytes of a large answer; closed when it is sent or the connection is gone
 */
record Call(
    HttpServerRequest request,
    Target target,
    Principal principal,
    Map<String, String> path,
    BodyBudget.Share held) {

  /** A parameter of the path. */
  String parameter(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no parameter " + name);
    }
    return value;
  }

  /** The parameters of the query; others than the known ones are problems. */
  Parameters query(List<String> known) {
    return new Parameters(target.query(), known);
  }

  /** The parameters of the query; others than the known ones are ignored. */
  Parameters queryAmongOthers(List<String> known) {
    return Parameters.amongOthers(target.query(), known);
  }
}
