package labchat.broker.command;

import java.lang.reflect.Proxy;

/** SIGHUP. Java has no public way to it, so it is found by name; where there is none, it cannot be handled. */
final class HangUp {

    private HangUp() {}

    /**
     * Runs the task, on a thread of its own, at each SIGHUP, which otherwise would end the process.
     *
     * @return whether this Java and system can
     */
    static boolean onSignal(Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
            Object ours = Proxy.newProxyInstance(
                    HangUp.class.getClassLoader(),
                    new Class<?>[] {handler},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "handle" -> {
                            task.run();
                            yield null;
                        }
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        default -> "reload at SIGHUP";
                    });
            signal.getMethod("handle", signal, handler).invoke(null, hangUp, ours);
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return false;
        }
    }
}
