package dev.tocsin.engine;

import dev.tocsin.engine.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/** A store before whose every method something happens: it may wait, or throw. */
final class WatchedStore {

  private WatchedStore() {}

  static Store of(Store store, Consumer<String> before) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              before.accept(method.getName());
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException failure) {
                throw failure.getCause();
              }
            });
  }
}
