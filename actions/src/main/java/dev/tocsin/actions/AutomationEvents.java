package dev.tocsin.actions;

import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.DerivedId;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.runtime.Edit;
import dev.tocsin.triggers.runtime.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events about edits and the state of automations. Pure: ids are derived from the content. The
 * names for edits are those of Prefect.
 */
public final class AutomationEvents {

  /** Of the keys that an automation evicts in this period, the first is reported. */
  public static final Duration EVICTION_PERIOD = Duration.ofMinutes(1);

  private static final int MAX_PROBLEMS = 20;

  private final OwnEvents own;

  /** With a prefix of 1 to 100 letters, digits, dots, dashes and underscores. Refuses any other. */
  public AutomationEvents(String namespace) {
    this.own = new OwnEvents(namespace);
  }

  /**
   * {@code <ns>.automation.created}, {@code .updated} or {@code .deleted}: what an edit did to an
   * automation, and to its state.
   *
   * @param automation as declared; as it was, if it is removed
   * @param kept how many automations the same edit kept with their state
   * @param by who edited, and by what
   * @param basis names the edit: the same one has one id
   */
  public Event edited(
      Edit.Change change,
      AutomationReference automation,
      long kept,
      String by,
      String basis,
      Instant occurred) {
    String kind =
        switch (change.fate()) {
          case ADDED -> "created";
          case KEPT, RENAMED, RESET, SWITCHED_ON, SWITCHED_OFF -> "updated";
          case REMOVED -> "deleted";
        };
    String fate = change.fate().name().toLowerCase(Locale.ROOT).replace('_', '-');
    Map<String, String> resource = new LinkedHashMap<>(own.resource(automation));
    resource.put(own.label("fate"), fate);
    return own.event(
        DerivedId.of("automation-edited", change.automation(), fate, basis),
        occurred,
        "automation." + kind,
        resource,
        List.of(),
        payload -> {
          payload.text("fate", fate);
          if (change.before() != null) {
            payload.text("before", change.before());
          }
          payload
              .text("reason", sentence(change, automation.name()))
              .number("kept", kept)
              .text("by", by);
        },
        null,
        null);
  }

  /**
   * {@code <ns>.engine.reload.failed}: automations and webhooks were read again, and what is in
   * force stays, since something is wrong.
   *
   * @param problems for people to read; the first {@value #MAX_PROBLEMS} are included
   * @param by who reloaded, and by what
   */
  public Event reloadFailed(List<String> problems, String by, Instant occurred) {
    return own.event(
        DerivedId.of("reload-failed", by, occurred.toString()),
        occurred,
        "engine.reload.failed",
        Map.of(Resource.ID, own.label("engine")),
        List.of(),
        payload ->
            payload
                .text("by", by)
                .number("count", problems.size())
                .texts("problems", problems.stream().limit(MAX_PROBLEMS).toList()),
        null,
        null);
  }

  /**
   * {@code <ns>.engine.row.unreadable}: a row of the store cannot be read and is left out. One id
   * for a row.
   *
   * @param table its table
   * @param key what identifies it there
   * @param reason why it cannot be read
   */
  public Event rowUnreadable(String table, String key, String reason, Instant occurred) {
    return own.event(
        DerivedId.of("row-unreadable", table, key),
        occurred,
        "engine.row.unreadable",
        Map.of(Resource.ID, own.label("engine")),
        List.of(),
        payload -> payload.text("table", table).text("row", key).text("reason", reason),
        null,
        null);
  }

  /** What became of an automation with this name, for an operator. */
  public static String sentence(Edit.Change change, String name) {
    String fate =
        switch (change.fate()) {
          case KEPT -> "was edited and keeps its state";
          case RENAMED -> "continues with the state of " + change.before();
          case RESET -> "has another trigger: its state was dropped, and it starts anew";
          case ADDED -> "is new and starts now";
          case SWITCHED_ON -> "was enabled and starts anew";
          case SWITCHED_OFF -> "was disabled: its state was dropped";
          case REMOVED -> "was removed with its state";
        };
    return "Automation '" + name + "' (" + change.automation() + ") " + fate + ".";
  }

  /**
   * {@code <ns>.automation.key.evicted}: a trigger has more keys than allowed, and evicted the
   * state of the one longest unchanged. One id for an automation and {@link #EVICTION_PERIOD}.
   *
   * @param cause the event that made it one too many, if one was it
   * @param now the engine clock
   */
  public Event keyEvicted(
      Step.Eviction eviction, AutomationReference automation, @Nullable Event cause, Instant now) {
    return own.event(
        DerivedId.of("key-evicted", automation.id(), Long.toString(evictionPeriod(now))),
        now,
        "automation.key.evicted",
        own.resource(automation),
        cause == null ? List.of() : List.of(OwnEvents.eventResource(cause.id(), "cause")),
        payload -> payload.labels("labels", eviction.labels()),
        null,
        cause == null ? null : new Causation(cause.causalDepth() + 1, cause.origin()));
  }

  /** The number of the {@link #EVICTION_PERIOD} of an instant, counted from 1970. */
  public static long evictionPeriod(Instant instant) {
    return Math.floorDiv(instant.getEpochSecond(), EVICTION_PERIOD.toSeconds());
  }
}
