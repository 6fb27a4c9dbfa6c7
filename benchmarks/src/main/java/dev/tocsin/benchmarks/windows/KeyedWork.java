package dev.tocsin.benchmarks.windows;

import dev.tocsin.benchmarks.windows.KeyedSide.Firings;
import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.EventTrigger;
import dev.tocsin.triggers.OnBlind;
import dev.tocsin.triggers.Payload;
import dev.tocsin.triggers.Posture;
import dev.tocsin.triggers.Resource;
import dev.tocsin.triggers.ResourceSpecification;
import dev.tocsin.triggers.runtime.RuntimeSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** One trigger, the obvious code for it, and the events that it is measured with. */
enum KeyedWork {
  /** A placed order is not paid within a minute; nine of ten are. */
  ABSENCE("A not followed by B within 60 s, per key") {

    @Override
    EventTrigger trigger() {
      return EventTrigger.of(
              new Posture.Proactive(
                  Duration.ZERO,
                  OnBlind.EXTEND,
                  null,
                  List.<BucketingKey>of(),
                  Posture.Proactive.DEFAULT_FORGET_AFTER))
          .match(ResourceSpecification.of(LABEL, VALUE))
          .after(FIRST)
          .expect(SECOND)
          .forEach(Resource.ID)
          .within(ABSENT)
          .build();
    }

    @Override
    <K extends Comparable<K>> KeyedWindows<K> windows(KeyedWindows.Firings<K> firings) {
      return new ObviousAbsence<>(FIRST, SECOND, ABSENT, firings);
    }

    @Override
    KeyedStream stream(int keys) {
      return new FollowedStream(keys, ABSENT);
    }
  },

  /** Three orders are placed within 100 seconds. */
  COUNT("3 within 100 s, per key") {

    @Override
    EventTrigger trigger() {
      return EventTrigger.reactive()
          .match(ResourceSpecification.of(LABEL, VALUE))
          .expect(FIRST)
          .forEach(Resource.ID)
          .threshold(THRESHOLD)
          .within(COUNTED)
          .build();
    }

    @Override
    <K extends Comparable<K>> KeyedWindows<K> windows(KeyedWindows.Firings<K> firings) {
      return new ObviousCount<>(FIRST, THRESHOLD, COUNTED, firings);
    }

    @Override
    KeyedStream stream(int keys) {
      return new ScatteredStream(keys);
    }
  };

  /** When event time begins. */
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final String FIRST = "shop.order.placed";
  private static final String SECOND = "shop.order.paid";
  private static final String ORDER = "order-";

  /** All keys have as many digits. */
  private static final int FIRST_NUMBER = 1_000_000;

  private static final String LABEL = "shop.region";
  private static final String VALUE = "eu";
  private static final int THRESHOLD = 3;
  private static final Duration ABSENT = Duration.ofSeconds(60);
  private static final Duration COUNTED = Duration.ofSeconds(100);

  private final String title;

  KeyedWork(String title) {
    this.title = title;
  }

  /** For a person. */
  String title() {
    return title;
  }

  /** The trigger that is measured. */
  abstract EventTrigger trigger();

  /** What one would write for its state. */
  abstract <K extends Comparable<K>> KeyedWindows<K> windows(KeyedWindows.Firings<K> firings);

  /** What one would write for this trigger alone. */
  KeyedSide obvious(Firings firings) {
    return new AloneSide(LABEL, VALUE, this.<String>windows(firings::add));
  }

  /** The same for a trigger as it was declared. */
  KeyedSide obviousForAny(Firings firings) {
    return new AnyTriggerSide(trigger(), this::<BucketingKey>windows, firings);
  }

  /** Events of so many keys in event time, without end; always the same. */
  abstract KeyedStream stream(int keys);

  KeyedSide runtime(RuntimeSettings settings, Firings firings) {
    return new RuntimeSide(trigger(), settings, START, firings);
  }

  /** The event that comes first to a key. All of its texts are its own. */
  static Event first(int key, long micros, RandomGenerator random) {
    return event(FIRST, key, micros, random);
  }

  /** The event that follows it. */
  static Event second(int key, long micros, RandomGenerator random) {
    return event(SECOND, key, micros, random);
  }

  private static Event event(String name, int key, long micros, RandomGenerator random) {
    Instant at = START.plusNanos(micros * 1_000);
    return new Event(
        new UUID(random.nextLong(), random.nextLong()).toString(),
        at,
        name,
        Resource.of(Resource.ID, ORDER + (FIRST_NUMBER + key), LABEL, new String(VALUE)),
        List.of(),
        Payload.EMPTY,
        null,
        at,
        null);
  }
}
