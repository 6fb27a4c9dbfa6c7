package dev.tocsin.engine.attack;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Receivers of webhooks that answer what they should not, or not at all. */
sealed interface ReceiverAttack extends Attack {

  /** Answers with huge heads, odd bytes, no end, and none that is HTTP. */
  record OddAnswers() implements ReceiverAttack {

    private static final List<String> PATHS =
        List.of(
            "/long-name",
            "/long-value",
            "/many-headers",
            "/deep",
            "/odd-bytes",
            "/secret-like",
            "/interim",
            "/endless-head",
            "/endless-body",
            "/garbage",
            "/reset",
            "/short",
            "/surplus");

    @Override
    public String automations(HostileReceiver receiver) {
      return """
      - id: attack-answers
        name: attack-answers
        trigger: {expect: [attack.answers]}
        actions: [%s]
      """
          .formatted(
              PATHS.stream()
                  .map(path -> "{type: call-webhook, url: '" + receiver.url() + path + "'}")
                  .collect(Collectors.joining(", ")));
    }

    @Override
    public void strike(Life life) throws Exception {
      int calls = life.receiver().calls("/surplus");
      life.send("attack.answers", "", "");
      life.require(
          Life.RECOVERY,
          "the last of the webhooks is not called",
          () -> life.receiver().calls("/surplus") > calls);
    }
  }

  /** One large event calls many destinations, and all of them hang. */
  record HangingReceivers() implements ReceiverAttack {

    @Override
    public String automations(HostileReceiver receiver) {
      return """
      - id: attack-hang
        name: attack-hang
        trigger: {expect: [attack.hang]}
        actions: [%s]
      """
          .formatted(
              receiver.urls().stream()
                  .map(url -> "{type: call-webhook, url: '" + url + "/hang'}")
                  .collect(Collectors.joining(", ")));
    }

    @Override
    public void strike(Life life) throws Exception {
      int calls = life.receiver().calls("/hang");
      life.send("attack.hang", "", "\"x\": \"" + "x".repeat(1_400_000) + "\"");
      life.require(
          Life.RECOVERY, "no webhook is called", () -> life.receiver().calls("/hang") > calls);
      if (life.random().nextBoolean()) {
        life.kill();
        life.start();
      }
      int all = life.receiver().urls().size();
      life.require(
          Duration.ofMinutes(3),
          "not all webhooks are called",
          () -> life.receiver().calls("/hang") >= calls + all);
      life.pass(Duration.ofSeconds(3));
    }
  }

  /** A webhook whose host comes from the event, and is another each time. */
  record ManyHosts() implements ReceiverAttack {

    private static final int HOSTS = 300;

    @Override
    public String automations(HostileReceiver receiver) {
      return """
      - id: attack-host
        name: attack-host
        trigger: {expect: [attack.host]}
        actions: [{type: call-webhook, url: 'http://127.9.{{ event.payload.a }}.{{ event.payload.b }}:%s/'}]
      """
          .formatted(receiver.url().replaceFirst(".*:", ""));
    }

    @Override
    public void strike(Life life) throws Exception {
      for (int i = 0; i < HOSTS; i++) {
        life.send("attack.host", "", "\"a\": %d, \"b\": %d".formatted(i / 200, 1 + i % 200));
      }
    }
  }
}
