package labchat.broker.acl;

/** Takes topics and filters apart; an empty level is a level. */
final class Levels {

    private Levels() {}

    static String[] of(String topic) {
        int count = 1;
        for (int i = 0; i < topic.length(); i++) {
            if (topic.charAt(i) == '/') {
                count++;
            }
        }
        String[] levels = new String[count];
        int start = 0;
        for (int i = 0; i < count - 1; i++) {
            int end = topic.indexOf('/', start);
            levels[i] = topic.substring(start, end);
            start = end + 1;
        }
        levels[count - 1] = topic.substring(start);
        return levels;
    }
}
