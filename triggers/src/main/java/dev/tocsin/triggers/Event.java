package dev.tocsin.triggers;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened. Immutable; instants are cut to the microsecond.
 *
 * @param id the client's identifier, 1 to {@value #MAX_ID_LENGTH} characters
 * @param occurred when it happened, from the sender's view
 * @param name what happened, 1 to {@value #MAX_NAME_LENGTH} characters
 * @param resource what it happened to
 * @param related what it also concerns, in the sender's order
 * @param payload anything, unparsed
 * @param follows id of an event known to have occurred before this one, if any
 * @param received when the engine took it
 * @param causation how it came about, where the engine itself emitted it because of a firing
 */
public record Event(
    String id,
    Instant occurred,
    String name,
    Resource resource,
    List<RelatedResource> related,
    Payload payload,
    @Nullable String follows,
    Instant received,
    @Nullable Causation causation) {

  /** The maximum length of an identifier in code points. */
  public static final int MAX_ID_LENGTH = 255;

  /** The maximum length of a name in code points. */
  public static final int MAX_NAME_LENGTH = 1_024;

  /** Earliest instant that RFC 3339 can write: the start of year 0. */
  public static final Instant MIN_OCCURRED = Instant.parse("0000-01-01T00:00:00Z");

  /** First instant that RFC 3339 cannot write: the start of year 10000. */
  public static final Instant END_OF_TIME = Instant.parse("+10000-01-01T00:00:00Z");

  /** Refuses an identifier, name or instant outside its bounds; copies {@code related}. */
  public Event {
    requireText("id", id, MAX_ID_LENGTH);
    requireText("event", name, MAX_NAME_LENGTH);
    if (follows != null) {
      requireText("follows", follows, MAX_ID_LENGTH);
    }
    occurred = cut("occurred", occurred);
    received = cut("received", received);
    related = List.copyOf(related);
  }

  /** This event with the instant at which the engine took it. */
  public Event receivedAt(Instant instant) {
    return new Event(id, occurred, name, resource, related, payload, follows, instant, causation);
  }

  /** Steps from an event that came from outside; 0 for one that did. */
  public int causalDepth() {
    return causation == null ? 0 : causation.depth();
  }

  /** Id of the event at which this one's causal chain began: its own where it came from outside. */
  public String origin() {
    return causation == null ? id : causation.origin();
  }

  /** The first related resource in a role, if any. */
  public @Nullable RelatedResource firstRelated(String role) {
    for (RelatedResource candidate : related) {
      if (candidate.role().equals(role)) {
        return candidate;
      }
    }
    return null;
  }

  private static void requireText(String field, String text, int most) {
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > most) {
      throw new IllegalArgumentException(
          field + " must have 1 to " + most + " characters, not " + length);
    }
    if (!CodePoints.areSound(text)) {
      throw new IllegalArgumentException(field + " holds a NUL or a lone surrogate");
    }
  }

  private static Instant cut(String field, Instant instant) {
    if (instant.isBefore(MIN_OCCURRED) || !instant.isBefore(END_OF_TIME)) {
      throw new IllegalArgumentException(
          field + " must lie in the years 0000 to 9999, not at " + instant);
    }
    return instant.truncatedTo(ChronoUnit.MICROS);
  }
}
