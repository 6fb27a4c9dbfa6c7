package dev.tocsin.actions.template;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Addresses of pages for the things that templates speak of, in the layout of Prefect's. */
final class Links {

  /** The variable with the base address of the pages. */
  private static final String BASE = "ui_url";

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
  static @Nullable String toPage(@Nullable Object thing, BoundedInterpreter rendition) {
    if (thing instanceof Map<?, ?> map && map.get("occurred") instanceof String at) {
      String day = at.length() < 10 ? at : at.substring(0, 10);
      return under("events/event/" + day + "/" + encoded(map.get("id")), rendition);
    }
    String resource = resourceId(thing);
    if (resource == null) {
      return null;
    }
    for (Map.Entry<String, String> page : PAGES.entrySet()) {
      if (resource.startsWith(page.getKey())) {
        String id = resource.substring(page.getKey().length());
        return under(page.getValue() + encoded(id), rendition);
      }
    }
    return null;
  }

  /** The events of a resource or an automation; nothing for what has none. */
  static @Nullable String toEvents(@Nullable Object thing, BoundedInterpreter rendition) {
    String resource = resourceId(thing);
    return resource == null ? null : under("events?resource=" + encoded(resource), rendition);
  }

  private static @Nullable String resourceId(@Nullable Object thing) {
    if (!(Json.wrap(thing) instanceof Map<?, ?> map)) {
      return null;
    }
    if (map.get(ID) instanceof String id) {
      return id;
    }
    Object resource = map.get("resource");
    if (resource != null) {
      return resourceId(resource);
    }
    return map.get("tags") == null ? null : "prefect.automation." + map.get("id");
  }

  private static String encoded(@Nullable Object id) {
    return Filters.percentEncode(Json.print(id));
  }

  private static @Nullable String under(String path, BoundedInterpreter rendition) {
    Object base = rendition.getContext().get(BASE);
    if (base == null) {
      rendition.miss(BASE);
      return null;
    }
    String address = Json.print(base);
    return (address.endsWith("/") ? address : address + "/") + path;
  }
}
