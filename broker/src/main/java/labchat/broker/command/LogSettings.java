package labchat.broker.command;

/** How slf4j-simple logs. It reads these properties once, when the first logger is made. */
final class LogSettings {

    private static final String PREFIX = "org.slf4j.simpleLogger.";

    private LogSettings() {}

    static void apply(boolean verbose, boolean quiet) {
        set("logFile", "System.err");
        set("showDateTime", "true");
        set("dateTimeFormat", "yyyy-MM-dd HH:mm:ss.SSS");
        set("showThreadName", "false");
        set("showLogName", "false");
        set("showShortLogName", String.valueOf(verbose));
        set("defaultLogLevel", quiet && !verbose ? "warn" : "info");
        // Moquette tells every connection's life once more, and Netty every buffer's.
        set("log.io.moquette", verbose ? "info" : "error");
        set("log.io.netty", verbose ? "info" : "error");
        // That a port cannot be had is said in one line of our own.
        set("log.io.moquette.broker.NewNettyAcceptor", verbose ? "info" : "off");
        // A request that breaks off is no news.
        set("log.io.javalin", verbose ? "info" : "off");
        set("log.org.eclipse.jetty", verbose ? "info" : "error");
        // A stop meets them half-way through their own work; nothing is lost by it.
        set("log.io.netty.util.concurrent.DefaultPromise.rejectedExecution", "off");
        set("log.labchat", verbose ? "debug" : quiet ? "warn" : "info");
    }

    /** What was set on the Java command line stays. */
    private static void set(String name, String value) {
        if (System.getProperty(PREFIX + name) == null) {
            System.setProperty(PREFIX + name, value);
        }
    }
}
