package dev.tocsin.engine;

import dev.tocsin.engine.store.Store;
import dev.tocsin.engine.store.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A store before or after whose every method something happens: it may wait, or throw. */
final class WatchedStore {

  private WatchedStore() {}

  /** What happens around a call. */
  interface Watcher {
    void before(String method, List<Object> arguments);

    void after(String method, List<Object> arguments);
  }

  static Store of(Store store, Consumer<String> before) {
    return of(
        store,
        new Watcher() {
          @Override
          public void before(String method, List<Object> arguments) {
            before.accept(method);
          }

          @Override
          public void after(String method, List<Object> arguments) {}
        });
  }

  /** From the moment on at which it is true no checkpoint is saved: the end is as a kill's. */
  static Consumer<String> unsaved(AtomicBoolean killed) {
    return method -> {
      if (method.equals("save") && killed.get()) {
        throw new StoreException("killed");
      }
    };
  }

  static Store of(Store store, Watcher watcher) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              List<Object> given = arguments == null ? List.of() : List.of(arguments);
              watcher.before(method.getName(), given);
              try {
                Object result = method.invoke(store, arguments);
                watcher.after(method.getName(), given);
                return result;
              } catch (InvocationTargetException failure) {
                throw failure.getCause();
              }
            });
  }
}
