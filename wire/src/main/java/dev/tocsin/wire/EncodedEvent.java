package dev.tocsin.wire;

import dev.tocsin.triggers.Causation;
import dev.tocsin.triggers.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event and its stored form, which is written once, by whoever read or made the event, and then
 * only copied. The stored form is the JSON of {@link EventJson} without {@code received}, which an
 * event gets after it was read, and which is spliced in where the whole is served. Immutable.
 */
public final class EncodedEvent {

  private final Event event;
  private final byte @Nullable [] body;

  private EncodedEvent(Event event, byte @Nullable [] body) {
    this.event = event;
    this.body = body;
  }

  /** Writes the stored form of an event. */
  public static EncodedEvent of(Event event) {
    return new EncodedEvent(event, EventJson.body(event));
  }

  /** An event of a host that stores none: it has no {@link #body}. */
  public static EncodedEvent unstored(Event event) {
    return new EncodedEvent(event, null);
  }

  /**
   * Reads what {@link #body} was stored as. The array is taken over and must not be changed.
   *
   * @param received when the event was received; null for when it occurred
   * @param causation null for an event from outside
   * @throws IllegalArgumentException if it cannot be read; the message holds every problem
   */
  public static EncodedEvent read(
      byte[] body, @Nullable Instant received, @Nullable Causation causation) {
    Event event =
        switch (EventReader.recorded().read(body, 0, body.length, Instant.EPOCH)) {
          case EventReader.Result.ValidEvent it -> it.event();
          case EventReader.Result.InvalidEvent it ->
              throw new IllegalArgumentException(it.problems().toString());
        };
    return new EncodedEvent(
        new Event(
            event.id(),
            event.occurred(),
            event.name(),
            event.resource(),
            event.related(),
            event.payload(),
            event.follows(),
            received == null ? event.occurred() : received,
            causation),
        body);
  }

  /** The event. */
  public Event event() {
    return event;
  }

  /**
   * The stored form in UTF-8, one JSON object without {@code received}; not to be changed.
   *
   * @throws IllegalStateException if the event is {@link #unstored}
   */
  public byte[] body() {
    if (body == null) {
      throw new IllegalStateException("event " + event.id() + " was not made to be stored");
    }
    return body;
  }

  /** The event as {@link EventJson#write(Event)} writes it, made by a copy. */
  public byte[] json() {
    return EventJson.withReceived(body(), event.received());
  }

  /** The same event with another receipt; the stored form is shared. */
  public EncodedEvent receivedAt(Instant instant) {
    return new EncodedEvent(event.receivedAt(instant), body);
  }

  /** Whether the events are equal: the stored form follows from the event. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EncodedEvent that && event.equals(that.event);
  }

  @Override
  public int hashCode() {
    return event.hashCode();
  }

  @Override
  public String toString() {
    return event.toString();
  }
}
