package labchat.broker.config;

/**
 * A setting's value as somebody wrote it.
 *
 * @param source the file; the same as the name if it is an option or a variable
 * @param line in the file; 0 elsewhere
 * @param name what the setting is called there
 * @param text not empty, not yet checked
 */
record SettingValue(String source, int line, String name, String text) {

    /** A problem with this value. */
    ConfigProblem problem(String message) {
        return line == 0
                ? ConfigProblem.of(name, message)
                : new ConfigProblem(source, line, "%s: %s".formatted(name, message));
    }
}
