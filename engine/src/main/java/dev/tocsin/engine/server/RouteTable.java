package dev.tocsin.engine.server;

import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the route of a request. A fixed path goes before one with parameters. */
final class RouteTable {

  private final Map<String, PathRoutes> fixed = new HashMap<>();
  private final List<PathRoutes> templates = new ArrayList<>();

  /** Refuses two routes for the same method and path. */
  RouteTable(List<Route> routes) {
    Map<PathTemplate, PathRoutes> paths = new LinkedHashMap<>();
    for (Route route : routes) {
      paths.computeIfAbsent(route.path(), PathRoutes::new).add(route);
    }
    for (PathRoutes entry : paths.values()) {
      if (entry.path().isFixed()) {
        fixed.put(entry.path().text(), entry);
      } else {
        templates.add(entry);
      }
    }
  }

  /**
   * A route with the segments of its parameters.
   *
   * @param segments still encoded
   */
  record Match(Route route, List<String> segments) {}

  /** The route for a method and path; null if there is none. */
  @Nullable Match find(HttpMethod method, String path) {
    PathRoutes exact = fixed.get(path);
    Route route = exact == null ? null : exact.route(method);
    if (route != null) {
      return new Match(route, List.of());
    }
    for (PathRoutes entry : templates) {
      List<String> segments = entry.path().match(path);
      Route found = segments == null ? null : entry.route(method);
      if (segments != null && found != null) {
        return new Match(found, segments);
      }
    }
    return null;
  }

  /** The methods of a path as an {@code Allow} header names them; null if no route has the path. */
  @Nullable String allow(String path) {
    TreeSet<String> methods = new TreeSet<>();
    PathRoutes exact = fixed.get(path);
    if (exact != null) {
      exact.addMethods(methods);
    }
    for (PathRoutes entry : templates) {
      if (entry.path().match(path) != null) {
        entry.addMethods(methods);
      }
    }
    return methods.isEmpty() ? null : String.join(", ", methods);
  }

  /** All routes of a path. */
  private record PathRoutes(PathTemplate path, Map<HttpMethod, Route> routes) {

    PathRoutes(PathTemplate path) {
      this(path, new HashMap<>());
    }

    void add(Route route) {
      if (routes.put(route.method(), route) != null) {
        throw new IllegalArgumentException("two routes for " + route.method() + " " + path.text());
      }
    }

    @Nullable Route route(HttpMethod method) {
      return routes.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
    }

    void addMethods(TreeSet<String> methods) {
      methods.add(HttpMethod.OPTIONS.name());
      for (HttpMethod method : routes.keySet()) {
        methods.add(method.name());
        if (method.equals(HttpMethod.GET)) {
          methods.add(HttpMethod.HEAD.name());
        }
      }
    }
  }
}
