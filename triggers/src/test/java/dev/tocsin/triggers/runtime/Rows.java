package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.BucketingKey;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.keyed.EvaluatedIds;
import dev.tocsin.triggers.keyed.EventId;
import dev.tocsin.triggers.keyed.StateReader;
import dev.tocsin.triggers.keyed.StateWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the pages of a checkpoint hold, row by row. */
final class Rows implements StatePage.Visitor {

  private final List<Key> keys = new ArrayList<>();
  private final Map<String, Instant> evaluated = new LinkedHashMap<>();
  private String owner = "";

  private Rows() {}

  /**
   * A key of a trigger that has a state.
   *
   * @param state the bytes, in hexadecimal digits
   */
  record Key(String owner, BucketingKey key, String state, StateReader reader) {}

  static Rows of(Checkpoint checkpoint) {
    Rows rows = new Rows();
    checkpoint.pages().forEach(page -> page.visit(rows));
    return rows;
  }

  /** A page with one key, whatever the bytes of its state are. */
  static StatePage page(String owner, BucketingKey key, byte[] state) {
    StateWriter row = new StateWriter();
    row.key(key);
    row.raw(state);
    StateWriter page = new StateWriter();
    page.octet(1);
    page.text(owner);
    page.octet(4);
    page.number(row.length());
    page.raw(row.copy());
    return StatePage.of(page.copy());
  }

  /** The keys of a checkpoint. */
  static List<Key> keys(Checkpoint checkpoint) {
    return of(checkpoint).keys;
  }

  /** The clocks at which the ids of a checkpoint were evaluated. */
  static List<Instant> evaluated(Checkpoint checkpoint) {
    return List.copyOf(of(checkpoint).evaluated.values());
  }

  /** The clock at which an id was evaluated; the start of all traces where it is not known. */
  Instant evaluated(String id) {
    EvaluatedIds ids = new EvaluatedIds(Long.MAX_VALUE, 1, 0);
    ids.add(EventId.of(id), Micros.of(Traces.START));
    Rows alone = new Rows();
    StatePage.pages(List.of(new StatePage.RowSource.OfIds(ids.all())))
        .forEach(page -> page.visit(alone));
    return evaluated.getOrDefault(alone.evaluated.keySet().iterator().next(), Traces.START);
  }

  @Override
  public void owner(String identity) {
    owner = identity;
  }

  @Override
  public void cleared() {
    keys.removeIf(key -> key.owner().equals(owner));
  }

  @Override
  public void gone(byte[] key) {
    BucketingKey gone = new StateReader(key, 0, key.length).key();
    keys.removeIf(each -> each.owner().equals(owner) && each.key().equals(gone));
  }

  @Override
  public void key(byte[] packed) {
    StateReader reader = new StateReader(packed, 0, packed.length);
    reader.skipKey();
    int end = reader.position();
    StringBuilder digits = new StringBuilder();
    for (int i = end; i < packed.length; i++) {
      digits.append(String.format("%02x", packed[i]));
    }
    keys.add(
        new Key(
            owner,
            new StateReader(packed, 0, end).key(),
            digits.toString(),
            new StateReader(packed, end, packed.length)));
  }

  @Override
  public void evaluated(long high, long low, long clock) {
    evaluated.put(high + " " + low, Micros.instant(clock));
  }
}
