package dev.tocsin.engine.store;

import static dev.tocsin.engine.store.Samples.entries;
import static dev.tocsin.engine.store.Samples.event;
import static dev.tocsin.engine.store.Samples.firing;
import static dev.tocsin.engine.store.Samples.invocation;

import java.nio.file.Path;
import java.util.List;

/**
 * A program that commits one event after another and prints each sequence number once it is
 * durable.
 */
final class CommitUntilKilled {

  private CommitUntilKilled() {}

  public static void main(String[] arguments) {
    try (Store store = Stores.open(Path.of(arguments[0]))) {
      for (long sequence = 1; ; sequence++) {
        store.commit(
            new Commit(
                entries(sequence, event("e" + sequence)),
                List.of(),
                List.of(firing("f" + sequence, sequence)),
                List.of(invocation("i" + sequence, "chat")),
                List.of(),
                List.of(),
                List.of()));
        System.out.println(sequence);
      }
    }
  }
}
