/**
 * Calls over HTTP: what is sent, what is made of the answer, and the client between them.
 *
 * <p>Requests and answers are pure values; only {@link dev.tocsin.actions.webhook.WebhookClient}
 * does I/O. Retry schedule, signature and egress policy have their place here, each a pure type of
 * its own beside the client.
 */
@NullMarked
package dev.tocsin.actions.webhook;

import org.jspecify.annotations.NullMarked;
