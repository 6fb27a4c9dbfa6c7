package dev.tocsin.triggers.runtime;

import dev.tocsin.triggers.Event;
import dev.tocsin.triggers.Micros;
import dev.tocsin.triggers.keyed.EvaluatedIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates triggers over one order of entries: events, moments of time, switches, new
 * declarations, blind intervals. The daemon, recovery, replay and tests are this class with
 * different sources. For one thread at a time.
 *
 * <p>{@code now} is the receipt of the entry and becomes the engine clock, which never goes back:
 * an earlier one counts as the clock.
 */
public final class TriggerRuntime {

  /**
   * Maximum number of deadlines and waiting events that one call of {@link #advanceTo} evaluates: a
   * host holds all their firings in memory at once. A journal of such calls is to be replayed with
   * the same number.
   */
  public static final int MAX_AT_ONCE = 500;

  /** In place of a number of bytes: state has no bound but those of each trigger. */
  public static final long UNBOUNDED = Long.MAX_VALUE;

  private RuntimeSettings settings;
  private final Switches switches = new Switches();
  private final Blindness blindness;
  private HeldEvents followers;
  private Evaluator evaluator;
  private long maxStateBytes;
  private long clock;
  private @Nullable Restored restored;
  private boolean isHandedOver;
  private long idsHandedOver;

  /**
   * Starts with these triggers, in the order declared, and no state; those enabled are activated.
   *
   * @throws IllegalArgumentException if an automation is declared twice
   */
  public TriggerRuntime(List<Declaration> declared, RuntimeSettings settings, Instant now) {
    this(declared, settings, Micros.of(now), UNBOUNDED);
    activateRest(new StepBuilder());
  }

  private TriggerRuntime(
      List<Declaration> declared, RuntimeSettings settings, long clock, long maxStateBytes) {
    this.settings = settings;
    this.followers = new HeldEvents(settings, maxStateBytes);
    this.clock = clock;
    this.blindness = new Blindness();
    this.maxStateBytes = maxStateBytes;
    this.evaluator = evaluator(declared);
  }

  /**
   * The edit found by {@link #restore}, until {@link #activateNew} reports it.
   *
   * @param heldBack automations that stay inactive until then
   */
  private record Restored(Edit edit, Set<String> heldBack, StepBuilder builder) {}

  /**
   * The result of new declarations: firings that were due before, keys evicted after, and the edit.
   */
  public record Edited(Step step, Edit edit) {}

  /**
   * Continues from a checkpoint with these triggers. State is kept as {@link #declare} keeps it;
   * new and changed automations stay inactive until {@link #activateNew}, so that a journal can be
   * evaluated again before.
   *
   * @throws IllegalArgumentException where an automation is declared twice, or a state is not
   *     readable
   */
  public static TriggerRuntime restore(
      List<Declaration> declared, RuntimeSettings settings, Checkpoint checkpoint) {
    TriggerRuntime runtime =
        new TriggerRuntime(
            List.of(), settings, Micros.of(checkpoint.clock()), checkpoint.maxStateBytes());
    StepBuilder builder = new StepBuilder();
    runtime.blindness.load(checkpoint.blind());
    for (Checkpoint.HeldEvent held : checkpoint.waiting()) {
      runtime.followers.hold(held.event(), Micros.of(held.received()));
    }
    runtime.switches.restore(checkpoint.switches());
    StateHandover handover =
        runtime.replace(
            runtime.evaluator(declared), checkpoint.owners(), checkpoint.pages(), builder);
    // If owners changed, stored rows may be orphaned: the next checkpoint must be complete.
    runtime.isHandedOver = runtime.evaluator.owners().equals(checkpoint.owners());
    runtime.idsHandedOver = runtime.followers.evaluated().end();
    Edit edit = handover.edit(runtime.switches::isOn);
    runtime.restored = new Restored(edit, edit.startingAnew(), builder);
    return runtime;
  }

  /**
   * Activates the automations that {@link #restore} found new or changed, and reports the edit.
   * Idempotent.
   */
  public Edited activateNew(Instant now) {
    Restored before = restored;
    if (before == null) {
      return new Edited(Step.NOTHING, new Edit(List.of()));
    }
    restored = null;
    advance(Micros.of(now), Integer.MAX_VALUE, before.builder());
    activateRest(before.builder());
    return new Edited(before.builder().step(), before.edit());
  }

  /**
   * Replaces the declarations. An automation whose trigger has the same meaning keeps its state,
   * wherever it is declared; one whose id is gone passes its state, and its switch, to the one new
   * automation with the same meaning, if there is exactly one. What is new or changed is activated.
   *
   * @throws IllegalArgumentException if an automation is declared twice: then nothing has changed
   * @throws IllegalStateException between {@link #restore} and {@link #activateNew}, unless all was
   *     restored as it was
   */
  public Edited declare(List<Declaration> declared, Instant now) {
    settleRestored();
    StepBuilder builder = new StepBuilder();
    if (evaluator.declares(declared)) {
      advance(Micros.of(now), Integer.MAX_VALUE, builder);
      return new Edited(builder.step(), plan(declared));
    }
    Evaluator next = evaluator(declared);
    advance(Micros.of(now), Integer.MAX_VALUE, builder);
    Iterable<StatePage> state = StatePage.pages(evaluator.changes(true, false, clock));
    StateHandover handover = replace(next, evaluator.owners(), state, builder);
    isHandedOver = false;
    activateRest(builder);
    return new Edited(builder.step(), handover.edit(switches::isOn));
  }

  private void settleRestored() {
    Restored before = restored;
    if (before != null
        && evaluator.declarations().stream()
            .anyMatch(each -> before.heldBack().contains(each.automation()))) {
      throw new IllegalStateException("what was restored must be activated first");
    }
    restored = null;
  }

  /**
   * What {@link #declare} would do. Changes nothing.
   *
   * @throws IllegalArgumentException if an automation is declared twice
   */
  public Edit plan(List<Declaration> declared) {
    StateHandover handover = new StateHandover(evaluator.owners(), evaluator(declared));
    return handover.edit(
        declaration -> {
          String automation = declaration.automation();
          Checkpoint.Owner origin = handover.origin(automation);
          return switches.willBeOn(declaration, origin == null ? automation : origin.automation());
        });
  }

  /**
   * Evaluates an event, after every deadline that is due at its receipt. One that follows an event
   * not yet evaluated waits for it, for at most {@code followsPatience}: a later step reports it.
   */
  public Step offer(Event event, Instant now) {
    StepBuilder builder = new StepBuilder();
    advance(Micros.of(now), Integer.MAX_VALUE, builder);
    if (followers.mustWait(event, clock)) {
      followers.hold(event, clock);
      advance(clock, Integer.MAX_VALUE, builder);
    } else {
      evaluate(event, builder);
    }
    return builder.step();
  }

  /**
   * Evaluates what is due, each as if the clock stood at its own time: at most {@link #MAX_AT_ONCE}
   * of them. While {@link #nextDeadline} is not after {@code now}, more is due: a host calls this
   * until it is, and before {@link #offer}, so that it never has more firings in hand.
   */
  public Step advanceTo(Instant now) {
    StepBuilder builder = new StepBuilder();
    advance(Micros.of(now), MAX_AT_ONCE, builder);
    return builder.step();
  }

  /**
   * Adds a blind interval, in which the engine could not see events; absences follow their {@link
   * dev.tocsin.triggers.OnBlind}. What was due up to its start is evaluated first. It may be added
   * before it ends, and may overlap others. The newest 1,000 are kept.
   *
   * @throws IllegalArgumentException if it does not end after its start
   */
  public Step blind(Instant from, Instant until) {
    long begin = Micros.of(from);
    long end = Micros.of(until);
    if (end <= begin) {
      throw new IllegalArgumentException(
          "a blind interval from " + from + " cannot end at " + until);
    }
    StepBuilder builder = new StepBuilder();
    advance(begin, Integer.MAX_VALUE, builder);
    if (blindness.add(begin, end)) {
      evaluator.undoPostponing();
    }
    return builder.step();
  }

  /**
   * Puts settings and a bound on the memory of trigger state in force. State is kept; whatever
   * depends on time is due as these settings say. A journal of such calls is to be replayed with
   * the same values.
   *
   * @param next their seed is ignored: that of this runtime stays
   * @param bytes the keys of all triggers together take at most this; the events that wait for one
   *     that they follow, half of it; an id that is known as evaluated counts as 64. Beyond it keys
   *     are evicted, waiting events are evaluated alone, and ids are forgotten, the oldest first
   * @throws IllegalArgumentException if the bound is not positive
   */
  public Step configure(RuntimeSettings next, long bytes, Instant now) {
    if (bytes < 1) {
      throw new IllegalArgumentException("trigger state must have a positive bound, not " + bytes);
    }
    StepBuilder builder = new StepBuilder();
    advance(Micros.of(now), Integer.MAX_VALUE, builder);
    RuntimeSettings seeded = next.withTableSeed(settings.tableSeed());
    if (!seeded.equals(settings)) {
      Checkpoint state = checkpoint();
      settings = seeded;
      followers = new HeldEvents(settings, maxStateBytes);
      state.waiting().forEach(held -> followers.hold(held.event(), Micros.of(held.received())));
      replace(
          evaluator(List.copyOf(evaluator.declarations())), state.owners(), state.pages(), builder);
      isHandedOver = false;
    }
    maxStateBytes = bytes;
    followers.bound(bytes);
    evaluator.bound(bytes, clock, builder);
    advance(clock, Integer.MAX_VALUE, builder);
    return builder.step();
  }

  /**
   * The clock by which blind intervals are recorded went back, so what it had skipped was not
   * blind. Intervals after its new time are removed; one that contains its former time continues
   * for as long as it had left.
   *
   * @throws IllegalArgumentException if it did not go back
   */
  public Step setBack(Instant before, Instant now) {
    if (!now.isBefore(before)) {
      throw new IllegalArgumentException("a clock cannot go back from " + before + " to " + now);
    }
    blindness.setBack(Micros.of(before), Micros.of(now));
    evaluator.undoPostponing();
    return new StepBuilder().step();
  }

  /** Whether a blind interval is known that ends after an instant. */
  public boolean isBlindAfter(Instant instant) {
    return !blindness.isOver(Micros.of(instant));
  }

  /**
   * When {@link #advanceTo} has something to do next, or null where nothing waits for time to pass.
   */
  public @Nullable Instant nextDeadline() {
    long next = next();
    return next == Micros.NEVER ? null : Micros.instant(next);
  }

  /** Whether {@link #advanceTo} has something to do at an instant. */
  public boolean isDue(Instant now) {
    return next() <= Micros.of(now);
  }

  /**
   * Switches an automation off, which drops its state, or on, which starts it anew. One that is
   * already so, or is not declared, stays as it is.
   */
  public Step setActive(String automation, boolean on, Instant now) {
    StepBuilder builder = new StepBuilder();
    advance(Micros.of(now), Integer.MAX_VALUE, builder);
    Declaration declaration = evaluator.declaration(automation);
    if (declaration != null && switches.isOn(declaration) != on) {
      switches.put(declaration, on);
      if (!on && isActive(automation)) {
        evaluator.deactivate(automation);
      } else if (on && (restored == null || !restored.heldBack().contains(automation))) {
        evaluator.activate(automation, clock, builder);
      }
    }
    return builder.step();
  }

  /** Whether an automation takes events in. */
  public boolean isActive(String automation) {
    return evaluator.isActive(automation);
  }

  /** The engine clock: the latest receipt so far. */
  public Instant clock() {
    return Micros.instant(clock);
  }

  /** How many keys have state, of all triggers together. */
  public int keys() {
    return evaluator.keys(clock);
  }

  /** How many keys of an automation have state; 0 if it is not declared. */
  public int keys(String automation) {
    return evaluator.keys(automation, clock);
  }

  /** All state, as it stands between two entries. */
  public Checkpoint checkpoint() {
    Checkpoint lazy = checkpoint(true, false);
    List<StatePage> pages = new ArrayList<>();
    lazy.pages().forEach(pages::add);
    return lazy.with(pages);
  }

  /**
   * What has changed since this was called last, or since what {@link #restore} took over: to be
   * stored behind that. All state where there is no such, or where it is asked for. Takes time in
   * proportion to what it hands over; its pages are written when they are read.
   */
  public Checkpoint handOver(boolean all) {
    Checkpoint checkpoint = checkpoint(all || !isHandedOver, true);
    isHandedOver = true;
    idsHandedOver = followers.evaluated().end();
    return checkpoint;
  }

  private Checkpoint checkpoint(boolean all, boolean handOver) {
    List<StatePage.RowSource> rows = evaluator.changes(all, handOver, clock);
    EvaluatedIds ids = followers.evaluated();
    rows.add(new StatePage.RowSource.OfIds(ids.since(all ? 0 : idsHandedOver, clock)));
    return new Checkpoint(
        clock(),
        all,
        rows.stream().mapToLong(StatePage.RowSource::count).sum(),
        (long) evaluator.keys(clock) + ids.size(clock),
        switches.save(evaluator.declarations()),
        evaluator.owners(),
        followers.waiting(),
        blindness.save(),
        maxStateBytes,
        StatePage.pages(rows));
  }

  /** Evaluates up to a maximum of what is due; if nothing is left, the clock is then at now. */
  private void advance(long now, int max, StepBuilder builder) {
    int left = max;
    for (long next = next(); next <= now; next = next()) {
      if (left-- == 0) {
        return;
      }
      clock = Math.max(clock, next);
      evaluateNext(builder);
    }
    clock = Math.max(clock, now);
  }

  /** When something is due next: a deadline, or the end of the patience for a held event. */
  private long next() {
    return Math.min(evaluator.next(), followers.nextEnd());
  }

  /**
   * Of a deadline and an event that are due at once, the deadline comes first, as for any entry.
   */
  private void evaluateNext(StepBuilder builder) {
    if (evaluator.next() <= followers.nextEnd()) {
      evaluator.evaluateNext(clock, builder);
      return;
    }
    Event alone = followers.takeLongest();
    if (alone != null) {
      evaluate(alone, builder);
    }
  }

  /** Evaluates an event, and those that have waited for it. */
  private void evaluate(Event event, StepBuilder builder) {
    if (followers.isEmpty()) {
      evaluateAlone(event, builder);
    } else {
      followers.withFollowers(event).forEach(each -> evaluateAlone(each, builder));
    }
  }

  private void evaluateAlone(Event event, StepBuilder builder) {
    EvaluatedEvent evaluated = new EvaluatedEvent(event);
    followers.evaluated().add(evaluated.id(), clock);
    evaluator.evaluate(evaluated, clock, builder);
  }

  private Evaluator evaluator(List<Declaration> declared) {
    return new Evaluator(declared, settings, blindness, maxStateBytes);
  }

  /** Puts other triggers in place; those that go on have their state, the others are not active. */
  private StateHandover replace(
      Evaluator next,
      List<Checkpoint.Owner> before,
      Iterable<StatePage> state,
      StepBuilder builder) {
    StateHandover handover = new StateHandover(before, next);
    for (Declaration declaration : next.declarations()) {
      Checkpoint.Owner origin = handover.origin(declaration.automation());
      switches.handOver(
          declaration, origin == null ? declaration.automation() : origin.automation());
    }
    switches.removeIf(automation -> next.declaration(automation) == null);
    evaluator = next;
    evaluator.restore(
        state, handover.origins(switches::isOn), followers.evaluated(), clock, builder);
    return handover;
  }

  private void activateRest(StepBuilder builder) {
    for (Declaration declaration : evaluator.declarations()) {
      if (switches.isOn(declaration) && !isActive(declaration.automation())) {
        evaluator.activate(declaration.automation(), clock, builder);
      }
    }
  }
}
