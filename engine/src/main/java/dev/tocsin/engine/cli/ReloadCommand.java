package dev.tocsin.engine.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code tocsin reload}: a running daemon reads its automations and webhooks again. */
@Command(
    name = "reload",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a running daemon read its automations and webhooks again. If anything is invalid,"
          + " nothing changes, and every problem is printed."
    },
    footer = {
      "",
      "Example: tocsin reload --dry-run",
      "",
      "Exit codes: 0 reloaded, 1 invalid or the daemon is unavailable, 2 wrong usage."
    })
public final class ReloadCommand implements Callable<Integer> {

  @Mixin DaemonOptions daemon = new DaemonOptions();

  @Option(names = "--dry-run", description = "Print what a reload would do, and change nothing.")
  boolean dryRun;

  @Option(
      names = "--allow-empty",
      description = "Allow a reload that removes all automations that came from files.")
  boolean allowEmpty;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Map<String, String> query = new LinkedHashMap<>();
    query.put("dry_run", Boolean.toString(dryRun));
    query.put("allow_empty", Boolean.toString(allowEmpty));
    try (Client client = new Client(daemon.url)) {
      Client.Reply reply = client.post("/api/reload", query);
      if (reply.status() == 200) {
        print(reply.json());
        return 0;
      }
      for (JsonNode problem : reply.json().path("exception_detail")) {
        err.println(line(problem));
      }
      err.println(reply.reason());
    } catch (Client.ClientException failure) {
      err.println(failure.getMessage());
    }
    err.flush();
    return 1;
  }

  private void print(JsonNode plan) {
    PrintWriter out = spec.commandLine().getOut();
    int kept = 0;
    for (JsonNode change : plan.path("automations")) {
      boolean isEdited = change.path("edited").asBoolean();
      String fate = change.path("fate").asString();
      if (fate.equals("kept") && !isEdited) {
        kept++;
        continue;
      }
      String before = change.path("before").asString("");
      out.printf(
          "%-12s %s (%s)%s, %s%n",
          fate.equals("kept") ? "edited" : fate,
          change.path("name").asString(),
          change.path("id").asString(),
          before.isEmpty() ? "" : ", formerly " + before,
          Plural.of(change.path("keys").asLong(), "key"));
    }
    out.printf("%-12s %s%n", "kept", Plural.of(kept, "automation"));
    for (JsonNode setting : plan.path("need_restart")) {
      out.printf("The setting %s has changed and needs a restart.%n", setting.asString());
    }
    plan.path("warnings").forEach(warning -> out.println(line(warning)));
    out.println(dryRun ? "Dry run: nothing was changed." : "Reloaded.");
    out.flush();
  }

  private static String line(JsonNode problem) {
    String place = problem.path("file").asString();
    if (problem.path("line").asInt() > 0) {
      place += ":" + problem.path("line").asInt() + ":" + problem.path("column").asInt();
    }
    String path = problem.path("path").asString();
    return place + "  " + (path.isEmpty() ? "" : path + "  ") + problem.path("msg").asString();
  }
}
