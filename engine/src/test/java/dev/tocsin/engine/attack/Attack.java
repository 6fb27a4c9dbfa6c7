package dev.tocsin.engine.attack;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Something hostile done to a running daemon. Each family is what it comes through. */
sealed interface Attack
    permits ClockAttack, ConnectionAttack, DiskAttack, EventAttack, FolderAttack, ReceiverAttack {

  /** One of each, in the order of their families. */
  static List<Attack> all() {
    return Stream.of(Attack.class.getPermittedSubclasses())
        .flatMap(family -> Stream.of(family.getPermittedSubclasses()))
        .map(Attack::create)
        .toList();
  }

  private static Attack create(Class<?> type) {
    try {
      return (Attack) type.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " must be a record without components", e);
    }
  }

  /** Its name in the table: that of its class, in words. */
  default String name() {
    return getClass().getSimpleName().replaceAll("(?<=.)(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  /**
   * The automations that it uses, as items of a YAML list. Their ids, and the names of its events,
   * begin with {@code attack}.
   */
  default String automations(HostileReceiver receiver) {
    return "";
  }

  /** The share of the heap that it may leave in use. */
  default double leavesOfHeap() {
    return 0.15;
  }

  /** Whether the firings of a daemon that it has struck are still those of an undisturbed one. */
  default boolean keepsFirings() {
    return true;
  }

  /**
   * Attacks. It ends with a daemon that runs; whether that is well is the caller's question.
   *
   * @throws AssertionError if the daemon breaks a promise meanwhile
   */
  void strike(Life life) throws Exception;
}
