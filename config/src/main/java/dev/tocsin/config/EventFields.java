package dev.tocsin.config;

import dev.cel.common.values.NullValue;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.RelatedResource;
import dev.tocsin.wire.EventJson;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event as CEL sees it: the fields of {@link EventJson}, each made when it is asked for, so that
 * an expression that does not look into the payload never parses it. Whole numbers are longs,
 * beyond their range doubles.
 */
final class EventFields extends AbstractMap<String, Object> {

  private static final Set<String> NAMES =
      new LinkedHashSet<>(
          List.of(
              "occurred", "event", "resource", "related", "payload", "id", "follows", "received"));

  private final Event event;
  private @Nullable Object payload;

  EventFields(Event event) {
    this.event = event;
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return name != null && NAMES.contains(name);
  }

  @Override
  public @Nullable Object get(@Nullable Object name) {
    return name instanceof String field && NAMES.contains(field) ? field(field) : null;
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    Map<String, Object> all = new LinkedHashMap<>();
    NAMES.forEach(name -> all.put(name, field(name)));
    return all.entrySet();
  }

  /** What kind of value CEL gave, for a message. */
  static String typeName(Object value) {
    return switch (value) {
      case String _ -> "text";
      case Number _ -> "a number";
      case List<?> _ -> "a list";
      case Map<?, ?> _ -> "an object";
      case NullValue _ -> "null";
      default -> "a " + value.getClass().getSimpleName();
    };
  }

  private Object field(String name) {
    return switch (name) {
      case "occurred" -> event.occurred().toString();
      case "event" -> event.name();
      case "resource" -> event.resource().labels().asMap();
      case "related" -> related();
      case "payload" -> payload();
      case "id" -> event.id();
      case "follows" -> event.follows() == null ? NullValue.NULL_VALUE : event.follows();
      case "received" -> event.received().toString();
      default -> throw new IllegalArgumentException("an event has no field " + name);
    };
  }

  private List<Map<String, String>> related() {
    List<Map<String, String>> related = new ArrayList<>(event.related().size());
    for (RelatedResource resource : event.related()) {
      related.add(resource.labels().asMap());
    }
    return related;
  }

  private Object payload() {
    Object parsed = payload;
    if (parsed == null) {
      parsed = bound(EventJson.plain(event.payload()));
      payload = parsed;
    }
    return parsed;
  }

  private static Object bound(@Nullable Object value) {
    return switch (value) {
      case null -> NullValue.NULL_VALUE;
      case Map<?, ?> map -> {
        Map<String, Object> bound = LinkedHashMap.newLinkedHashMap(map.size());
        map.forEach((name, field) -> bound.put(String.valueOf(name), bound(field)));
        yield bound;
      }
      case List<?> list -> {
        List<Object> bound = new ArrayList<>(list.size());
        list.forEach(item -> bound.add(bound(item)));
        yield bound;
      }
      case Integer number -> number.longValue();
      case BigInteger number -> number.doubleValue();
      case BigDecimal number -> number.doubleValue();
      default -> value;
    };
  }
}
