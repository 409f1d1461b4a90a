package labchat.client.command;

import picocli.CommandLine.Option;

/** How much of the terminal the chat takes. */
final class ScreenOptions {

    @Option(names = "--full-screen", description = "Chat on the whole screen, in a window of 60 by 15 or more.")
    private boolean fullScreen;

    @Option(names = "--plain", description = "Chat line by line.")
    private boolean plain;

    /** Whether the whole screen is wanted, here or by those options. */
    boolean isFullScreen(ScreenOptions other) {
        return (fullScreen || other.fullScreen) && !plain && !other.plain;
    }
}
