package dev.tocsin.engine.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.engine.DaemonProcess;
import dev.tocsin.engine.StoredRows;
import dev.tocsin.triggers.DerivedId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Events whose content, number or size is hostile, also by what the automations do with them. */
sealed interface EventAttack extends Attack {

  private static String letters(int count) {
    return "x".repeat(count);
  }

  /** An automation that fires on each event of a name and calls the URL with the body. */
  private static String caller(String id, String url, String body) {
    return """
    - id: %1$s
      name: %1$s
      trigger: {expect: [%2$s]}
      actions: [{type: call-webhook, url: '%3$s', body: '%4$s'}]
    """
        .formatted(id, id.replaceFirst("attack-(\\w+).*", "attack.$1"), url, body);
  }

  /** An automation with a condition. */
  private static String conditional(String id, String name, String where) {
    return """
    - id: %1$s
      name: %1$s
      trigger: {expect: [%2$s], where: '%3$s'}
      actions: [{type: do-nothing}]
    """
        .formatted(id, name, where);
  }

  /** Keys of a megabyte, in three triggers, of more bytes than the heap has. */
  record LargeKeys() implements EventAttack {

    @Override
    public String automations(HostileReceiver receiver) {
      return IntStream.range(0, 3)
          .mapToObj(
              i ->
                  """
                  - id: attack-keys-%1$d
                    name: attack-keys-%1$d
                    trigger: {expect: [attack.key], for_each: [k], threshold: 2, within: 3600}
                    actions: [{type: do-nothing}]
                  """
                      .formatted(i))
          .collect(Collectors.joining());
    }

    @Override
    public double leavesOfHeap() {
      return 0.5;
    }

    @Override
    public void strike(Life life) throws Exception {
      long count = life.heap() * 2 / 5 / 1_000_000;
      String rest = letters(1_000_000);
      for (int i = 0; i < count; i++) {
        life.send("attack.key", "\"k\": \"" + i + rest + "\"", "");
      }
      life.kill();
      life.start();
    }
  }

  /** A list of large events, each of which fires many automations that quote it. */
  record ManyConsequences() implements EventAttack {

    @Override
    public String automations(HostileReceiver receiver) {
      return IntStream.range(0, 30)
          .mapToObj(i -> conditional("attack-fan-" + i, "attack.fan", "true"))
          .collect(Collectors.joining());
    }

    @Override
    public void strike(Life life) throws Exception {
      List<String> ids = new ArrayList<>();
      List<String> events = new ArrayList<>();
      String payload = "\"x\": \"" + letters(480_000) + "\"";
      for (long i = Math.min(12, life.heap() / 20_000_000); i > 0; i--) {
        String id = life.nextId();
        ids.add(id);
        events.add(life.event(id, "attack.fan", "", payload));
      }
      life.send("[" + String.join(",", events) + "]", ids.toArray(String[]::new));
    }
  }

  /** Conditions that double lists, and bytes, forty times. */
  record GrowingValues() implements EventAttack {

    @Override
    public String automations(HostileReceiver receiver) {
      String twice = ".map(a, a + a)".repeat(40) + "[0].size() > 0";
      return conditional("attack-lists", "attack.grow", "[event.payload.xs]" + twice)
          + conditional("attack-bytes", "attack.grow", "[bytes(event.payload.text)]" + twice);
    }

    @Override
    public void strike(Life life) throws Exception {
      life.send("attack.grow", "", "\"xs\": [1, 2, 3, 4], \"text\": \"abcd\"");
      life.send("attack.grow", "", "\"xs\": [1], \"text\": \"" + letters(1_000_000) + "\"");
    }
  }

  /** Conditions whose every step takes long. */
  record SlowConditions() implements EventAttack {

    @Override
    public String automations(HostileReceiver receiver) {
      return conditional(
              "attack-contains",
              "attack.slow",
              "event.payload.tags.exists(t, event.payload.text.contains(t))")
          + conditional(
              "attack-matches",
              "attack.slow",
              "event.payload.tags.exists(t, event.payload.text.matches(\"(x+x+)+y\"))");
    }

    @Override
    public void strike(Life life) throws Exception {
      String tags =
          IntStream.range(0, 9_900)
              .mapToObj(i -> "\"xxxxxxxxxxxxxxxx" + i + "\"")
              .collect(Collectors.joining(","));
      String payload = "\"tags\": [" + tags + "], \"text\": \"" + letters(500_000) + "\"";
      for (int i = 0; i < 3; i++) {
        life.send("attack.slow", "", payload);
      }
      life.kill();
      life.start();
    }
  }

  /** Templates that sort long lists in loops, beside a harmless one. */
  record SlowTemplates() implements EventAttack {

    private static final Duration NEIGHBOUR = Duration.ofSeconds(20);

    @Override
    public String automations(HostileReceiver receiver) {
      String loop =
          "{% for a in range(100) %}{% for b in range(100) %}"
              + "{{ event.payload.xs | sort | unique | length }}{% endfor %}{% endfor %}";
      return caller("attack-sort-1", receiver.urls().get(1) + "/", loop)
          + caller("attack-sort-2", receiver.urls().get(2) + "/", loop)
          + caller("attack-sort-3", receiver.urls().get(3) + "/", loop)
          + caller("attack-harmless", receiver.urls().get(4) + "/harmless", "x");
    }

    @Override
    public void strike(Life life) throws Exception {
      String numbers =
          IntStream.range(0, 99_000)
              .mapToObj(i -> Integer.toString(i * 7_919 % 99_000))
              .collect(Collectors.joining(","));
      for (int i = 0; i < 3; i++) {
        life.send("attack.sort", "", "\"xs\": [" + numbers + "]");
      }
      int calls = life.receiver().calls("/harmless");
      life.send("attack.harmless", "", "");
      life.require(
          NEIGHBOUR,
          "a harmless webhook is not called",
          () -> life.receiver().calls("/harmless") > calls);
    }
  }

  /** A chain of firings that quote each other, over an event of many levels. */
  record DeepChain() implements EventAttack {

    @Override
    public String automations(HostileReceiver receiver) {
      return """
      - id: attack-chain
        name: attack-chain
        trigger:
          match: {chain: 'yes'}
          expect: [attack.chain]
        actions: [{type: do-nothing}]
      - id: attack-link
        name: attack-link
        trigger:
          match: {prefect.resource.id: [prefect-cloud.automation.attack-chain, prefect-cloud.automation.attack-link]}
          expect: [prefect-cloud.automation.triggered]
        actions: [{type: do-nothing}]
      """;
    }

    @Override
    public void strike(Life life) throws Exception {
      int levels = life.random().nextInt(3) == 0 ? 1 : 249; // The payload is one more.
      String payload = "\"x\": " + "[".repeat(levels) + "]".repeat(levels);
      life.send("attack.chain", "\"chain\": \"yes\"", payload);
      life.pass(Duration.ofSeconds(1));
      life.kill();
      life.start();
    }
  }

  /** Thousands of keys that become silent together and fire each second. */
  record SilentKeys() implements EventAttack {

    private static final int KEYS = 1_000;

    @Override
    public String automations(HostileReceiver receiver) {
      return """
      - id: attack-silent
        name: attack-silent
        trigger:
          posture: Proactive
          expect: [attack.beat]
          for_each: [key]
          within: 1
          repeat: 1
          forget_after: 5
          on_blind: fire
        actions: [{type: do-nothing}]
      """;
    }

    @Override
    public void strike(Life life) throws Exception {
      for (int i = 0; i < KEYS; i += 500) {
        List<String> events = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (int key = i; key < i + 500; key++) {
          String id = life.nextId();
          ids.add(id);
          events.add(life.event(id, "attack.beat", "\"key\": \"" + key + "\"", ""));
        }
        life.send("[" + String.join(",", events) + "]", ids.toArray(String[]::new));
      }
      life.pass(Duration.ofSeconds(6));
    }
  }

  /** A number in a payload that nobody can compute with, beside what a template reads. */
  record HugeExponent() implements EventAttack {

    @Override
    public String automations(HostileReceiver receiver) {
      return caller("attack-number", receiver.urls().get(5) + "/number", "{{ event.payload.x }}");
    }

    @Override
    public void strike(Life life) throws Exception {
      String id = life.nextId();
      int calls = life.receiver().calls("/number");
      int status =
          life.post(life.event(id, "attack.number", "", "\"odd\": 1e99999999999, \"x\": 1"), id);
      assertThat(status).as("a number beyond what is computed with").isIn(204, 422);
      if (status == 204) {
        life.require(
            Life.RECOVERY,
            "the number beside it mutes the webhook",
            () -> life.receiver().calls("/number") > calls);
      }
    }
  }

  /** Ids that the engine derives for its own events, used by a sender first. */
  record DerivedIds() implements EventAttack {

    @Override
    public String automations(HostileReceiver receiver) {
      return conditional("attack-watched", "attack.watched", "true");
    }

    @Override
    public void strike(Life life) throws Exception {
      String id = life.nextId();
      String event = life.event(id, "attack.watched", "", "");
      String firing = firingElsewhere(life, id, event);
      String invocation = DerivedId.of("invocation", firing, "0");
      List<String> derived =
          List.of(
              DerivedId.of("state-change", firing),
              DerivedId.of("action-triggered", invocation),
              DerivedId.of("action-completed", invocation));
      for (String own : derived) {
        assertThat(life.post(life.event(own, "attack.first", "", "")))
            .as("an id of the engine's own")
            .isIn(204, 422);
      }
      life.send(event, id);
      try (StoredRows rows = new StoredRows(life.data())) {
        requireReported(life, rows, "automation.triggered", firing);
        requireReported(life, rows, "action.triggered", invocation);
        requireReported(life, rows, "action.executed", invocation);
      }
    }

    private static void requireReported(Life life, StoredRows rows, String name, String id)
        throws Exception {
      String reports =
          """
          SELECT COUNT(*) FROM entry WHERE name LIKE 'prefect-cloud.%%%s'
            AND CAST(body AS TEXT) LIKE '%%"%s"%%'\
          """
              .formatted(name, id);
      life.require(Life.RECOVERY, "no event reports " + name, () -> rows.count(reports) == 1);
    }

    /** The id of what fires, learned from another daemon that receives the same event. */
    private static String firingElsewhere(Life life, String id, String event) throws Exception {
      Path folder = life.home().resolve("elsewhere-" + life.nextId());
      DaemonProcess other = life.startOther(folder);
      URI address = Objects.requireNonNull(Life.addressOf(other));
      life.require(Life.RECOVERY, "the other is silent", () -> RawHttp.post(address, event) == 204);
      try (StoredRows rows = new StoredRows(folder)) {
        return rows.ids("SELECT id FROM firing WHERE event = '" + id + "'").iterator().next();
      } finally {
        other.close();
      }
    }
  }
}
