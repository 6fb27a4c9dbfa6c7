package dev.tocsin.engine;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Clients that each send one list of events after the other, each list until it is acknowledged.
 * What fires does not depend on how the lists of several clients mingle, nor on how long one took
 * to arrive: an order and its shipping are of one list, and no two clients name the same key.
 */
public final class KillLoad {

  /** The ids of its automations. */
  public static final List<String> AUTOMATIONS =
      List.of("often", "unshipped", "reminded", "failed-after-order", "opened-then-counted");

  /** One list in this number has an order that is not shipped. */
  private static final int LOST = 10;

  /** How long an order may take to be shipped. */
  private static final Duration WINDOW = Duration.ofSeconds(1);

  private final List<Client> clients;
  private final Duration pace;
  private final Set<String> acknowledged = new ConcurrentSkipListSet<>();

  /** Clients that send as fast as they can; one whose connection breaks waits for a new address. */
  KillLoad(int count) {
    this(count, Duration.ZERO);
  }

  /**
   * Clients that wait after each list.
   *
   * @param pace how long; if not zero, also how long a client whose connection broke waits before
   *     it sends again, to the same address if there is no other
   */
  public KillLoad(int count, Duration pace) {
    this.pace = pace;
    clients = IntStream.range(0, count).mapToObj(Client::new).toList();
  }

  /** Triggers of every kind over the events of the clients; calls go to this address. */
  public static String automations(String receiver) {
    return """
    - id: often
      name: often
      trigger: {expect: [shop.sold], for_each: [client], threshold: 40, within: 60}
      actions: [{type: call-webhook, url: '%1$s/often', body: '{{ event.id }}'}]
    - id: unshipped
      name: unshipped
      trigger:
        posture: Proactive
        after: [shop.paid]
        expect: [shop.shipped]
        for_each: [prefect.resource.id]
        within: %2$d
        on_blind: fire
      actions:
        - {type: call-webhook, url: '%1$s/unshipped', body: '{{ firing.id }}'}
        - {type: emit-event, event: shop.reminded, resource: {prefect.resource.id: shop}}
    - id: reminded
      name: reminded
      trigger: {expect: [shop.reminded], threshold: 1}
      actions: [{type: do-nothing}]
    - id: failed-after-order
      name: failed-after-order
      trigger:
        type: sequence
        within: 60
        for_each: [client]
        triggers:
          - {expect: [shop.ordered], for_each: [client], threshold: 1}
          - {expect: [shop.failed], for_each: [client], threshold: 1}
      actions: [{type: do-nothing}]
    - id: opened-then-counted
      name: opened-then-counted
      trigger:
        after: [shop.failed]
        expect: [shop.sold]
        for_each: [client]
        threshold: 30
      actions: [{type: call-webhook, url: '%1$s/counted'}]
    """
        .formatted(receiver, WINDOW.toSeconds());
  }

  /** Ids of the events that were acknowledged. */
  public Set<String> acknowledged() {
    return acknowledged;
  }

  /** Ids of all events that were sent. */
  public Set<String> sent() {
    Set<String> ids = new TreeSet<>();
    clients.forEach(client -> client.lists.forEach(list -> list.ids().forEach(ids::add)));
    return ids;
  }

  /** Sends all that was sent so far once more, to a daemon that is not killed. */
  public void sendAgain(URI address) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (Client client : clients) {
        for (EventList list : client.lists) {
          postTaken(http, address, list);
        }
      }
    }
  }

  /**
   * Lets windows end. Each ends {@link #WINDOW} after its event was received, and what is received
   * after that is acknowledged once they are evaluated.
   */
  public static void letWindowsEnd(DaemonProcess daemon, URI address)
      throws IOException, InterruptedException {
    if (daemon.process().waitFor(WINDOW.plusMillis(100))) {
      throw new IllegalStateException("the daemon has ended");
    }
    String over =
        """
        [{"id": "over", "occurred": "%s", "event": "test.over",\
         "resource": {"prefect.resource.id": "test"}}]\
        """
            .formatted(Instant.now());
    try (HttpClient http = HttpClient.newHttpClient()) {
      postTaken(http, address, new EventList(List.of("over"), over));
    }
  }

  /** Starts the clients; they wait until there is someone to send to. */
  public Senders senders() {
    return new Senders();
  }

  /** Posts what must be taken in. */
  private static void postTaken(HttpClient http, URI address, EventList list)
      throws IOException, InterruptedException {
    int status = post(http, address, list);
    if (status != 204) {
      throw new IllegalStateException("answered " + status);
    }
  }

  private static int post(HttpClient http, URI address, EventList list)
      throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(address.resolve("/api/events"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(list.json()))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** Events that are sent together. */
  private record EventList(List<String> ids, String json) {}

  /** The lists of one client, in the order in which it sends them. */
  private static final class Client {

    private final int number;
    private final List<EventList> lists = new ArrayList<>();
    private final List<String> unshipped = new ArrayList<>();

    Client(int number) {
      this.number = number;
    }

    /** What it sends next. */
    EventList next(Instant now) {
      int list = lists.size();
      Building building = new Building(list, now);
      String order = "order." + number + "." + list;
      building.add("shop.paid", order);
      if (list % LOST == 0) {
        unshipped.add(order);
      } else {
        building.add("shop.shipped", order);
      }
      for (int i = 0; i < 3; i++) {
        building.add("shop.sold", "item." + i);
      }
      if (list % 25 == 0) {
        building.add("shop.failed", "till");
      } else if (list % 5 == 0) {
        building.add("shop.ordered", "till");
      }
      return building.done();
    }

    /** The last list: what was not shipped is, too late for all of them. */
    EventList last(Instant now) {
      Building building = new Building(lists.size(), now.plusSeconds(2));
      unshipped.forEach(order -> building.add("shop.shipped", order));
      return building.done();
    }

    /** A list in the making. */
    private final class Building {

      private final int list;
      private final Instant occurred;
      private final List<String> ids = new ArrayList<>();
      private final List<String> events = new ArrayList<>();

      Building(int list, Instant now) {
        this.list = list;
        this.occurred = now.truncatedTo(ChronoUnit.MILLIS);
      }

      void add(String name, String resource) {
        String id = "%d-%d-%d".formatted(number, list, ids.size());
        ids.add(id);
        events.add(
            """
            {"id": "%s", "occurred": "%s", "event": "%s", "resource":\
             {"prefect.resource.id": "%s", "client": "client.%d"}}\
            """
                .formatted(
                    id, occurred.plus(ids.size(), ChronoUnit.MICROS), name, resource, number));
      }

      EventList done() {
        EventList done = new EventList(ids, "[" + String.join(",", events) + "]");
        lists.add(done);
        return done;
      }
    }
  }

  /** The clients at work, against daemons that come and go. */
  public final class Senders implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final List<Future<?>> working = new ArrayList<>();
    private @Nullable URI address;
    private volatile boolean finishing;

    private Senders() {
      clients.forEach(client -> working.add(threads.submit(() -> work(client))));
    }

    /** From now on they send to this address; without one they wait. */
    public void sendTo(@Nullable URI daemon) {
      lock.lock();
      try {
        address = daemon;
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** Lets each send its last list; waits until all is acknowledged. */
    public void finish() throws Exception {
      finishing = true;
      for (Future<?> client : working) {
        client.get();
      }
    }

    private Void work(Client client) throws InterruptedException {
      URI to = elsewhere(null);
      while (!finishing) {
        to = send(client.next(Instant.now()), to);
        if (!pace.isZero()) {
          to = elsewhere(to);
        }
      }
      letTheLastOrderBeLate();
      send(client.last(Instant.now()), to);
      return null;
    }

    /** Else a daemon might receive its shipping, which is too late, before it is due. */
    private void letTheLastOrderBeLate() throws InterruptedException {
      lock.lock();
      try {
        long rest = WINDOW.plusMillis(100).toNanos();
        while (rest > 0) {
          rest = moved.awaitNanos(rest);
        }
      } finally {
        lock.unlock();
      }
    }

    /** Sends a list until it is acknowledged; where the daemon that did so is. */
    private URI send(EventList list, URI first) throws InterruptedException {
      URI to = first;
      while (true) {
        try {
          int status = post(http, to, list);
          if (status == 204) {
            acknowledged.addAll(list.ids());
            return to;
          }
          if (status != 503 && status != 429) {
            throw new IllegalStateException("answered " + status);
          }
          if (!pace.isZero()) {
            to = elsewhere(to);
          }
        } catch (IOException gone) {
          to = elsewhere(to);
        }
      }
    }

    /** Where to send to, once that is not here, or after a pause. */
    private URI elsewhere(@Nullable URI here) throws InterruptedException {
      lock.lock();
      try {
        long rest = pace.toNanos();
        while (address == null || (address.equals(here) && (pace.isZero() || rest > 0))) {
          if (rest > 0) {
            rest = moved.awaitNanos(rest);
          } else {
            moved.await();
          }
        }
        return address;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      threads.shutdownNow();
      http.close();
    }
  }
}
