package labchat.client.command;

import picocli.CommandLine.Option;

/** How much of the terminal the chat takes. */
final class ScreenOptions {

    @Option(
            names = "--plain",
            description = {
                "Chat line by line, without the full screen. So it is anyway in a window",
                "smaller than 60 by 15, with TERM=dumb, and without a terminal."
            })
    private boolean plain;

    @Option(
            names = "--menu",
            description = {
                "Chat line by line, and choose by numbers instead of typing commands:",
                "1 personal message, 2 group, 3 leave a group, 0 quit."
            })
    private boolean menu;

    /** Whether a menu is wanted. */
    boolean isMenu() {
        return menu;
    }

    /** Whether lines are wanted. */
    boolean isPlain() {
        return plain;
    }
}
