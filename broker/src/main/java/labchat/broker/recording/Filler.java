package labchat.broker.recording;

/** Words that say nothing, in place of what somebody wrote. */
final class Filler {

    private static final String WORDS =
            "one two three four five six seven eight nine ten eleven twelve apples pears plums"
                    + " cherries lemons in a blue green red yellow basket on the old table by the open window and a kettle sings ";

    private Filler() {}

    /**
     * As many characters as the text has, counted as a reader does.
     *
     * @param number which text it is: neighbours are different, so that they can be told apart
     */
    static String of(String text, long number) {
        int length = text.codePointCount(0, text.length());
        StringBuilder filler = new StringBuilder(length);
        int at = WORDS.indexOf(' ', (int) Math.floorMod(number * 37, (long) WORDS.length() - 20)) + 1;
        while (filler.length() < length) {
            filler.append(WORDS.charAt(at % WORDS.length()));
            at++;
        }
        // Not a space at the end: a program may strip it.
        if (length > 0 && filler.charAt(length - 1) == ' ') {
            filler.setCharAt(length - 1, '.');
        }
        return filler.toString();
    }
}
