package dev.tocsin.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The actions of Prefect that only its own server can carry out, and its API that does the same.
 */
final class PrefectActions {

  private static final Map<String, String> CALLS =
      Map.ofEntries(
          Map.entry("run-deployment", "POST /api/deployments/{id}/create_flow_run"),
          Map.entry("pause-deployment", "POST /api/deployments/{id}/pause_deployment"),
          Map.entry("resume-deployment", "POST /api/deployments/{id}/resume_deployment"),
          Map.entry("pause-work-pool", "PATCH /api/work_pools/{name} with {\"is_paused\": true}"),
          Map.entry("resume-work-pool", "PATCH /api/work_pools/{name} with {\"is_paused\": false}"),
          Map.entry("pause-work-queue", "PATCH /api/work_queues/{id} with {\"is_paused\": true}"),
          Map.entry("resume-work-queue", "PATCH /api/work_queues/{id} with {\"is_paused\": false}"),
          Map.entry("cancel-flow-run", state("CANCELLING")),
          Map.entry("suspend-flow-run", state("PAUSED")),
          Map.entry("resume-flow-run", "POST /api/flow_runs/{id}/resume"),
          Map.entry("delete-flow-run", "DELETE /api/flow_runs/{id}"),
          Map.entry("change-flow-run-state", state("...")));

  private PrefectActions() {}

  /** What to use instead of an action, or null if Prefect has none of this name. */
  static @Nullable String insteadOf(String type) {
    if (type.equals("declare-incident")) {
      return "use a call-webhook to your incident service";
    }
    String call = CALLS.get(type);
    return call == null ? null : "use a call-webhook to Prefect's API: " + call;
  }

  private static String state(String type) {
    return "POST /api/flow_runs/{id}/set_state with {\"state\": {\"type\": \"" + type + "\"}}";
  }
}
