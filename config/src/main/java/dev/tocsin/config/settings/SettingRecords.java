package dev.tocsin.config.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fills the records of settings by the names of their components: {@code bodyTimeout} gets the
 * value of {@code body_timeout}. A setting without a component, or a component without a setting,
 * is a mistake in the program, and no daemon starts with it.
 */
final class SettingRecords {

  private final Map<Setting, ? extends Object> values;
  private final Set<Setting> unused = EnumSet.allOf(Setting.class);

  private SettingRecords(Map<Setting, ? extends Object> values) {
    this.values = values;
  }

  /** The settings with these values; an absent one is null. */
  static Settings fill(Map<Setting, ? extends Object> values) {
    SettingRecords records = new SettingRecords(values);
    Settings settings = records.fill(Settings.class);
    if (!records.unused.isEmpty()) {
      throw new IllegalStateException("settings without a component: " + records.unused);
    }
    return settings;
  }

  private <R extends Record> R fill(Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      arguments[i] = value(components[i]);
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type.getSimpleName() + " refuses its values", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.getSimpleName() + " cannot be made", e);
    }
  }

  private @Nullable Object value(RecordComponent component) {
    Setting setting = Setting.find(key(component.getName()));
    if (setting != null) {
      unused.remove(setting);
      return values.get(setting);
    }
    if (component.getType().isRecord()) {
      return fill(component.getType().asSubclass(Record.class));
    }
    throw new IllegalStateException("component without a setting: " + component);
  }

  private static String key(String name) {
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      key.append(Character.isUpperCase(c) ? "_" + Character.toLowerCase(c) : String.valueOf(c));
    }
    return key.toString();
  }
}
