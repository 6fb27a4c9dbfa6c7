package dev.tocsin.actions.template;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Addresses of pages for the things that templates speak of, in the layout of Prefect's. */
final class Links {

  /** The variable that holds the address under which the pages are. */
  static final String BASE = "ui_url";

  private static final String ID = "prefect.resource.id";

  /** Prefix of a resource's id to the path of its page. */
  private static final Map<String, String> PAGES = new LinkedHashMap<>();

  static {
    PAGES.put("prefect.flow-run.", "runs/flow-run/");
    PAGES.put("prefect.task-run.", "runs/task-run/");
    PAGES.put("prefect.flow.", "flows/flow/");
    PAGES.put("prefect.deployment.", "deployments/deployment/");
    PAGES.put("prefect.work-pool.", "work-pools/work-pool/");
    PAGES.put("prefect.work-queue.", "work-queues/work-queue/");
    PAGES.put("prefect.automation.", "automations/automation/");
    PAGES.put("prefect.block-document.", "blocks/block/");
  }

  private Links() {}

  /** The page of an event, an automation or a resource; nothing for what has none. */
  static @Nullable Object toPage(@Nullable Object input, Rendition rendition) {
    Object thing = rendition.use(input);
    if (Rendition.plain(thing) instanceof Map<?, ?> map && map.get("occurred") instanceof String at) {
      String day = at.length() < 10 ? at : at.substring(0, 10);
      return under("events/event/" + day + "/" + encoded(map.get("id"), rendition), rendition);
    }
    String resource = resourceId(thing);
    if (resource == null) {
      return null;
    }
    for (Map.Entry<String, String> page : PAGES.entrySet()) {
      if (resource.startsWith(page.getKey())) {
        String id = resource.substring(page.getKey().length());
        return under(page.getValue() + encoded(id, rendition), rendition);
      }
    }
    return null;
  }

  /** The events of a resource or an automation; nothing for what has none. */
  static @Nullable Object toEvents(@Nullable Object input, Rendition rendition) {
    String resource = resourceId(rendition.use(input));
    return resource == null
        ? null
        : under("events?resource=" + encoded(resource, rendition), rendition);
  }

  private static @Nullable String resourceId(@Nullable Object thing) {
    Object value = LazyValue.resolve(thing);
    if (value instanceof TemplateObject object) {
      return object.member(ID) instanceof String id ? id : null;
    }
    if (value instanceof Map<?, ?> map) {
      if (map.get(ID) instanceof String id) {
        return id;
      }
      if (map.containsKey("resource")) {
        return resourceId(map.get("resource"));
      }
      return map.containsKey("tags") ? "prefect.automation." + map.get("id") : null;
    }
    return null;
  }

  private static String encoded(@Nullable Object id, Rendition rendition) {
    return Texts.percentEncode(rendition.text(id));
  }

  private static Object under(String path, Rendition rendition) {
    Object base = rendition.lookup(BASE);
    if (base instanceof Undefined) {
      return base;
    }
    String address = rendition.text(base);
    return (address.endsWith("/") ? address : address + "/") + path;
  }
}
