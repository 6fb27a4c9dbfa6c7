package dev.tocsin.actions.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.util.ForLoop;
import java.beans.FeatureDescriptor;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/** What values have for templates: fields of maps, items of lists; nothing of Java. */
final class MapResolver extends ELResolver {

  static final Set<String> METHODS = new TreeSet<>(List.of("items", "keys", "values", "get"));

  @Override
  public @Nullable Object getValue(ELContext context, Object base, Object property) {
    context.setPropertyResolved(true);
    String name = String.valueOf(property);
    return Json.wrap(
        switch (base) {
          case Map<?, ?> map -> map.get(name);
          case List<?> list -> item(list, name);
          case ForLoop loop -> ofLoop(loop, name);
          case null, default -> null;
        });
  }

  private static @Nullable Object item(List<?> list, String place) {
    if (!place.matches("-?[0-9]{1,9}")) {
      return null;
    }
    int index = Integer.parseInt(place);
    index += index < 0 ? list.size() : 0;
    return index >= 0 && index < list.size() ? list.get(index) : null;
  }

  private static @Nullable Object ofLoop(ForLoop loop, String name) {
    return switch (name) {
      case "index" -> loop.getIndex();
      case "index0" -> loop.getIndex0();
      case "revindex" -> loop.getRevindex();
      case "revindex0" -> loop.getRevindex0();
      case "length" -> loop.getLength();
      case "first" -> loop.isFirst();
      case "last" -> loop.isLast();
      default -> null;
    };
  }

  @Override
  public @Nullable Object invoke(
      ELContext context, Object base, Object method, Class<?>[] types, Object[] arguments) {
    context.setPropertyResolved(true);
    String name = String.valueOf(method);
    return switch (base) {
      case ExpTest test -> tested(test, name, arguments);
      case Map<?, ?> map -> ofMap(map, name, arguments);
      case null -> null;
      default -> throw CheckedParser.rendition(context).fault("only a map has ." + name + "()");
    };
  }

  private static Object tested(ExpTest test, String name, Object[] arguments) {
    Object value = arguments[0];
    JinjavaInterpreter interpreter = (JinjavaInterpreter) arguments[1];
    Object[] rest = Arrays.copyOfRange(arguments, 2, arguments.length);
    return name.equals("evaluate")
        ? test.evaluate(value, interpreter, rest)
        : test.evaluateNegated(value, interpreter, rest);
  }

  private static @Nullable Object ofMap(Map<?, ?> map, String name, Object[] arguments) {
    return switch (name) {
      case "items" -> Json.wrap(map.entrySet().stream().map(Json::wrap).toList());
      case "keys" -> Json.wrap(map.keySet());
      case "values" -> Json.wrap(map.values());
      default -> {
        Object found = arguments.length == 0 ? null : map.get(Json.print(arguments[0]));
        yield found == null && arguments.length > 1 ? arguments[1] : Json.wrap(found);
      }
    };
  }

  @Override
  public void setValue(ELContext context, Object base, Object property, Object value) {
    throw new IllegalStateException("templates change nothing");
  }

  @Override
  public boolean isReadOnly(ELContext context, Object base, Object property) {
    return true;
  }

  @Override
  public Class<?> getType(ELContext context, Object base, Object property) {
    return Object.class;
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, Object base) {
    return Object.class;
  }

  @Override
  public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
    return Collections.emptyIterator();
  }
}
