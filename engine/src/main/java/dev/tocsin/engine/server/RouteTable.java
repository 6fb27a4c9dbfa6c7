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

  private final Map<String, Resource> fixed = new HashMap<>();
  private final List<Resource> templates = new ArrayList<>();

  /** Refuses two routes for the same method and path. */
  RouteTable(List<Route> routes) {
    Map<PathTemplate, Resource> resources = new LinkedHashMap<>();
    for (Route route : routes) {
      resources.computeIfAbsent(route.path(), Resource::new).add(route);
    }
    for (Resource resource : resources.values()) {
      if (resource.path().isFixed()) {
        fixed.put(resource.path().text(), resource);
      } else {
        templates.add(resource);
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
    Resource exact = fixed.get(path);
    Route route = exact == null ? null : exact.route(method);
    if (route != null) {
      return new Match(route, List.of());
    }
    for (Resource resource : templates) {
      List<String> segments = resource.path().match(path);
      Route found = segments == null ? null : resource.route(method);
      if (segments != null && found != null) {
        return new Match(found, segments);
      }
    }
    return null;
  }

  /** The methods of a path as an {@code Allow} header names them; null if no route has the path. */
  @Nullable String allow(String path) {
    TreeSet<String> methods = new TreeSet<>();
    Resource exact = fixed.get(path);
    if (exact != null) {
      exact.addMethods(methods);
    }
    for (Resource resource : templates) {
      if (resource.path().match(path) != null) {
        resource.addMethods(methods);
      }
    }
    return methods.isEmpty() ? null : String.join(", ", methods);
  }

  /** All routes of a path. */
  private record Resource(PathTemplate path, Map<HttpMethod, Route> routes) {

    Resource(PathTemplate path) {
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
