package dev.tocsin.engine.attack;

import java.time.Duration;
import java.util.List;

/** A host whose clock is wrong for seconds. */
sealed interface ClockAttack extends Attack {

  /** How far a clock is off. */
  List<Duration> SKEWS = List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(366));

  @Override
  default boolean keepsFirings() {
    return false;
  }

  @Override
  default String automations(HostileReceiver receiver) {
    return List.of("extend", "suppress", "fire").stream()
        .map(
            onBlind ->
                """
                - id: attack-absent-%1$s
                  name: attack-absent-%1$s
                  trigger:
                    posture: Proactive
                    expect: [attack.alive]
                    for_each: [key]
                    within: 2
                    repeat: never
                    on_blind: %1$s
                  actions: [{type: call-webhook, url: '%2$s/%1$s'}]
                """
                    .formatted(onBlind, receiver.url()))
        .reduce("", String::concat);
  }

  /** Requires that an absence that begins now is found, whatever the triggers do when blind. */
  private static void requireAbsencesToFire(Life life) throws Exception {
    HostileReceiver receiver = life.receiver();
    for (String onBlind : List.of("extend", "suppress", "fire")) {
      int calls = receiver.calls("/" + onBlind);
      life.send("attack.alive", "\"key\": \"" + life.nextId() + "\"", "");
      life.require(
          Duration.ofSeconds(20),
          "an absence with on_blind " + onBlind + " has not fired",
          () -> receiver.calls("/" + onBlind) > calls);
    }
  }

  /** The clock steps forward while the daemon runs, and back. */
  record StepForward() implements ClockAttack {
    @Override
    public void strike(Life life) throws Exception {
      life.skew(SKEWS.get(life.random().nextInt(SKEWS.size())));
      life.pass(Duration.ofSeconds(4));
      life.skew(Duration.ZERO);
      life.pass(Duration.ofSeconds(8));
      requireAbsencesToFire(life);
    }
  }

  /** One start while the clock is ahead, the next while it is right again. */
  record StartAhead() implements ClockAttack {
    @Override
    public void strike(Life life) throws Exception {
      life.kill();
      life.skew(SKEWS.get(life.random().nextInt(SKEWS.size())));
      life.start();
      life.send("attack.alive", "", "");
      life.pass(Duration.ofSeconds(3));
      life.kill();
      life.skew(Duration.ZERO);
      life.start();
      life.pass(Duration.ofSeconds(8));
      requireAbsencesToFire(life);
    }
  }

  /** The clock steps back while the daemon runs, and forward again. */
  record StepBack() implements ClockAttack {
    @Override
    public void strike(Life life) throws Exception {
      life.skew(Duration.ofHours(-2));
      life.pass(Duration.ofSeconds(4));
      life.skew(Duration.ZERO);
      life.pass(Duration.ofSeconds(8));
      requireAbsencesToFire(life);
    }
  }
}
