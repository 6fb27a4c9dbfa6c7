/** Reading automations and webhooks again while the engine runs. */
@NullMarked
package dev.tocsin.engine.reload;

import org.jspecify.annotations.NullMarked;
