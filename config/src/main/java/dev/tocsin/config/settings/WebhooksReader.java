package dev.tocsin.config.settings;

import dev.tocsin.actions.Secret;
import dev.tocsin.actions.Webhook;
import dev.tocsin.config.document.Fields;
import dev.tocsin.config.document.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the webhooks of the settings. No message contains an address or the value of a header. */
final class WebhooksReader {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /** Of a webhook whose address is refused: it is there all the same, and may be named. */
  private static final Secret NO_ADDRESS = new Secret("");

  private final References references;

  WebhooksReader(References references) {
    this.references = references;
  }

  /** The webhooks by name, in the order written; what is wrong is reported. */
  Map<String, Webhook> read(Value value) {
    Map<String, Webhook> webhooks = new LinkedHashMap<>();
    Map<String, String> blocks = new HashMap<>();
    Fields fields = value.unshownFields();
    if (fields != null) {
      fields
          .all()
          .forEach(
              (name, written) -> {
                Webhook webhook = webhook(name, written, blocks);
                if (webhook != null) {
                  webhooks.put(name, webhook);
                }
              });
    }
    return webhooks;
  }

  private @Nullable Webhook webhook(String name, Value value, Map<String, String> blocks) {
    if (!NAME.matcher(name).matches()) {
      value.error("webhook names must have 1 to 64 letters, digits, -, _ and .");
    }
    Fields fields = value.unshownFields();
    if (fields == null) {
      return null;
    }
    Value url = fields.require("url");
    List<Secret> secrets = new ArrayList<>();
    Secret address = url == null ? NO_ADDRESS : url(url, secrets);
    String method = HttpSyntax.method(fields.take("method"));
    Map<String, Secret> headers = headers(fields.take("headers"), secrets);
    String block = block(name, fields.take("block_document_id"), blocks);
    fields.finish();
    return new Webhook(name, address, method, headers, block, secrets);
  }

  private Secret url(Value value, List<Secret> secrets) {
    String written = value.unshownText();
    if (written == null) {
      return NO_ADDRESS;
    }
    String url = references.resolve(written, value, secrets);
    String fault = url == null ? null : HttpSyntax.callFault(url);
    if (fault != null) {
      value.error(fault);
      return NO_ADDRESS;
    }
    return url == null ? NO_ADDRESS : new Secret(url);
  }

  private Map<String, Secret> headers(@Nullable Value value, List<Secret> secrets) {
    return HttpSyntax.headers(
        value == null ? null : value.unshownFields(),
        (name, header) -> header(name, header, secrets));
  }

  private @Nullable Secret header(String name, Value header, List<Secret> secrets) {
    String written = header.unshownText();
    if (written == null) {
      return null;
    }
    if (HttpSyntax.isSecretName(name) && !References.isIn(written)) {
      header.warning("looks like a secret in plain text; use ${env:NAME} or ${file:PATH} instead");
    }
    String resolved = references.resolve(written, header, secrets);
    String fault = resolved == null ? null : HttpSyntax.headerValueFault(resolved);
    if (fault != null) {
      header.error(fault);
    }
    return resolved == null ? null : new Secret(resolved);
  }

  private static @Nullable String block(
      String name, @Nullable Value value, Map<String, String> blocks) {
    String id = value == null ? null : value.text();
    if (value != null && id != null) {
      String other = blocks.putIfAbsent(id, name);
      if (other != null) {
        value.error("duplicate block; the webhook " + other + " has it too");
      }
    }
    return id;
  }
}
