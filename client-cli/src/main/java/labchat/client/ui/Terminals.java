package labchat.client.ui;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** What can be known of the terminal without the terminal library, whose loading takes time. */
public final class Terminals {

    private Terminals() {}

    /** Whether both standard input and standard output are a terminal. */
    public static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From Java 22 on there is a console even without a terminal, and this method to ask.
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }

    /** The charset of text on a terminal: what the locale says, as POSIX orders its variables. */
    public static Charset charset(Map<String, String> environment) {
        for (String variable : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            String locale = environment.getOrDefault(variable, "");
            if (!locale.isEmpty()) {
                String upper = locale.toUpperCase(Locale.ROOT);
                if (upper.contains("UTF-8") || upper.contains("UTF8")) {
                    return StandardCharsets.UTF_8;
                }
                return nativeCharset();
            }
        }
        return nativeCharset();
    }

    private static Charset nativeCharset() {
        String name = System.getProperty("native.encoding");
        return name == null ? Charset.defaultCharset() : Charset.forName(name);
    }
}
