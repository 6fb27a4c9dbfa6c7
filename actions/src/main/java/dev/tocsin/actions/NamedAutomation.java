package dev.tocsin.actions;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.RelatedResource;
import org.jspecify.annotations.Nullable;

/** Finds the automation that an event names, for {@code source: inferred}. */
final class NamedAutomation {

  private static final String ROLE = "automation";
  private static final String PREFECT = "prefect";

  private NamedAutomation() {}

  /** Its id: of the primary resource, else of the first related one in role automation; or null. */
  static @Nullable String in(Event event, String namespace) {
    String named = id(event.resource().id(), namespace);
    RelatedResource related = event.firstRelated(ROLE);
    return named != null || related == null ? named : id(related.id(), namespace);
  }

  /** The id in {@code <ns>.automation.<id>[.action.N]} or {@code prefect.automation.<id>}. */
  private static @Nullable String id(String resource, String namespace) {
    for (String owner : new String[] {namespace, PREFECT}) {
      String prefix = owner + ".automation.";
      if (resource.startsWith(prefix)) {
        String id = withoutAction(resource.substring(prefix.length()));
        return id.isEmpty() ? null : id;
      }
    }
    return null;
  }

  private static String withoutAction(String id) {
    int at = id.lastIndexOf(".action.");
    boolean isAction =
        at > 0
            && at + 8 < id.length()
            && id.chars().skip(at + 8L).allMatch(c -> c >= '0' && c <= '9');
    return isAction ? id.substring(0, at) : id;
  }
}
