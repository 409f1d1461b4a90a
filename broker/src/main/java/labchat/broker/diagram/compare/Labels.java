package labchat.broker.diagram.compare;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people write on arrows. Case, spaces and marks do not count, nor does what is in quotes or braces; what stands
 * after a colon is taken for a text if something before it says what the packet is.
 */
final class Labels {

    private static final Pattern NUMBERED = Pattern.compile("&?#(\\d{1,7});");
    private static final Map<String, String> NAMED =
            Map.of("quot", "\"", "amp", "&", "lt", "<", "gt", ">", "nbsp", " ");
    private static final Pattern NAMED_ENTITY = Pattern.compile("[&#](quot|amp|lt|gt|nbsp);");
    private static final Pattern TOPIC = Pattern.compile("[\\w$%.+#<>-]+(?:/[\\w$%.+#<>-]+)+/?");
    private static final Pattern TEXTS =
            Pattern.compile("\"[^\"]*\"|“[^”]*”|«[^»]*»|(?<!\\w)'[^']*'(?!\\w)|\\{[^{}]*\\}");
    private static final Pattern WORD = Pattern.compile("\\p{L}+");
    private static final int FEW_WORDS = 6;

    /** Each word that says what a packet is. */
    private static final Map<String, Set<PacketKind>> WORDS = Map.ofEntries(
            Map.entry("puback", EnumSet.of(PacketKind.PUBACK)),
            Map.entry("pubrec", EnumSet.of(PacketKind.PUBREC)),
            Map.entry("pubrel", EnumSet.of(PacketKind.PUBREL)),
            Map.entry("pubcomp", EnumSet.of(PacketKind.PUBCOMP)),
            Map.entry("suback", EnumSet.of(PacketKind.SUBACK)),
            Map.entry("unsuback", EnumSet.of(PacketKind.UNSUBACK)),
            Map.entry("connack", EnumSet.of(PacketKind.CONNACK)),
            Map.entry("auth", EnumSet.of(PacketKind.AUTH)),
            Map.entry("disconnect", EnumSet.of(PacketKind.DISCONNECT)),
            Map.entry("connect", EnumSet.of(PacketKind.CONNECT)),
            Map.entry("unsubscribe", EnumSet.of(PacketKind.UNSUBSCRIBE)),
            Map.entry("subscribe", EnumSet.of(PacketKind.SUBSCRIBE)),
            Map.entry("typing", EnumSet.of(PacketKind.TYPING)),
            Map.entry("delivered", EnumSet.of(PacketKind.DELIVERED)),
            Map.entry("read", EnumSet.of(PacketKind.READ)),
            Map.entry("presence", EnumSet.of(PacketKind.PRESENCE)),
            Map.entry("diagnostics", EnumSet.of(PacketKind.DIAGNOSTICS)),
            Map.entry("history", EnumSet.of(PacketKind.HISTORY)),
            Map.entry("rooms", EnumSet.of(PacketKind.ROOMS)),
            Map.entry("notice", EnumSet.of(PacketKind.NOTICE)),
            Map.entry("message", EnumSet.of(PacketKind.MESSAGE)),
            Map.entry("ack", PacketKind.ACKS),
            Map.entry("publish", PacketKind.PUBLISHES));

    /** The same words as people write them, some in Norwegian. */
    private static final Map<String, String> FORMS = forms(
            "connect connects connecting connected connection login logon kobler koble tilkobling",
            "disconnect disconnects disconnecting disconnected logout frakobling",
            "subscribe sub subscribes subscribing subscribed subscription subscriptions abonner abonnerer abonnement",
            "unsubscribe unsub unsubscribes unsubscribing unsubscribed",
            "typing types writing skriver taster",
            "delivered received mottatt levert",
            "read seen lest sett",
            "presence online offline",
            "diagnostics diagnostic",
            "history historikk",
            "rooms room",
            "notice notices",
            "message messages msg melding meldinger chat text",
            "ack acknowledge acknowledges acknowledged acknowledgement acknowledgment acks kvittering",
            "publish pub publishes publishing published send sends sending sent forward forwards forwarded deliver delivers relay relays");

    private static final Set<PacketKind> RECEIPTS = EnumSet.of(PacketKind.DELIVERED, PacketKind.READ);
    private static final Set<String> MAKE_A_RECEIPT =
            Set.of("receipt", "confirmation", "report", "status", "notification", "ack");

    private Labels() {}

    private static Map<String, String> forms(String... lines) {
        Map<String, String> forms = new java.util.HashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            for (String word : words) {
                forms.put(word, words[0]);
            }
        }
        return Map.copyOf(forms);
    }

    /** A label as it is read in the picture: one line, characters instead of their numbers. */
    static String plain(String label) {
        String text = NUMBERED.matcher(label).replaceAll(found -> {
            int code = Integer.parseInt(found.group(1));
            return Character.isValidCodePoint(code) && code >= ' '
                    ? Matcher.quoteReplacement(Character.toString(code))
                    : " ";
        });
        text = NAMED_ENTITY.matcher(text).replaceAll(found -> Matcher.quoteReplacement(NAMED.get(found.group(1))));
        return text.replaceAll("(?i)<br\\s*/?>|\\\\n", " ")
                .replaceAll("</?(?:b|i|u|color|size|font)(?:[:= ][^>]*)?>|\\*\\*|~~", "")
                .replaceAll("\\s+", " ")
                .strip();
    }

    /**
     * What packets may be meant; none if no word says so.
     *
     * @param inbound whether the arrow goes to the broker
     */
    static Set<PacketKind> kinds(String label, boolean inbound) {
        String level = "";
        Matcher topic = TOPIC.matcher(label);
        while (topic.find()) {
            String[] levels = topic.group().split("/");
            level = levels[levels.length - 1];
        }
        String words = topic.replaceAll(" ");
        String said = TEXTS.matcher(words).replaceAll(" ");
        Set<PacketKind> kinds = ofWords(said);
        if (PacketKind.PUBLISHES.containsAll(kinds)) {
            Set<PacketKind> ofTopic = WORDS.getOrDefault(level.toLowerCase(Locale.ROOT), Set.of());
            if (ofTopic.size() == 1 && PacketKind.PUBLISHES.containsAll(ofTopic)) {
                kinds = ofTopic;
            }
        }
        if (kinds.isEmpty() && !said.equals(words)) {
            kinds = ofWords(words);
        }
        return inDirection(kinds, inbound);
    }

    /** From the broker, "connected" is the answer to CONNECT. */
    private static Set<PacketKind> inDirection(Set<PacketKind> kinds, boolean inbound) {
        if (inbound || kinds.size() != 1) {
            return kinds;
        }
        return switch (kinds.iterator().next()) {
            case CONNECT -> EnumSet.of(PacketKind.CONNACK);
            case SUBSCRIBE -> EnumSet.of(PacketKind.SUBACK);
            case UNSUBSCRIBE -> EnumSet.of(PacketKind.UNSUBACK);
            default -> kinds;
        };
    }

    private static Set<PacketKind> ofWords(String text) {
        int colon = text.indexOf(':');
        if (colon > 0) {
            Set<PacketKind> before = of(words(text.substring(0, colon)));
            List<String> after = words(text.substring(colon + 1));
            if (before.equals(PacketKind.PUBLISHES) && !after.isEmpty()) {
                Set<PacketKind> first = of(after.subList(0, 1));
                return first.isEmpty() ? before : first;
            }
            if (!before.isEmpty()) {
                return before;
            }
        }
        return of(words(text));
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(text.replaceAll("(\\p{Ll})(\\p{Lu})", "$1 $2"));
        while (word.find()) {
            words.add(word.group().toLowerCase(Locale.ROOT));
        }
        return words;
    }

    private static Set<PacketKind> of(List<String> words) {
        List<String> meant = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String next = i + 1 < words.size() ? words.get(i + 1) : "";
            if (next.equals("ack")
                    && Set.of("pub", "sub", "unsub", "conn", "connect", "publish", "subscribe")
                            .contains(word)) {
                String short3 =
                        word.startsWith("conn") ? "conn" : word.startsWith("unsub") ? "unsub" : word.substring(0, 3);
                meant.add(short3 + "ack");
                i++;
            } else if (word.equals("delivery") && MAKE_A_RECEIPT.contains(next)) {
                meant.add("delivered");
                i++;
            } else {
                String form = FORMS.getOrDefault(word, word);
                if (WORDS.containsKey(form)) {
                    meant.add(form);
                }
            }
        }
        if (meant.isEmpty()) {
            return Set.of();
        }
        return words.size() <= FEW_WORDS ? strongest(meant) : ofFirst(meant);
    }

    /** In a few words, "message delivered" is a receipt, and "send typing" a typing hint. */
    private static Set<PacketKind> strongest(List<String> meant) {
        for (String word : meant) {
            Set<PacketKind> kinds = WORDS.get(word);
            if (kinds.size() == 1 && !PacketKind.PUBLISHES.containsAll(kinds)) {
                return kinds;
            }
        }
        Set<PacketKind> receipts = EnumSet.noneOf(PacketKind.class);
        meant.stream().map(WORDS::get).filter(RECEIPTS::containsAll).forEach(receipts::addAll);
        if (!receipts.isEmpty()) {
            return receipts;
        }
        if (meant.contains("ack")) {
            return PacketKind.ACKS;
        }
        for (String word : List.of("typing", "message")) {
            if (meant.contains(word)) {
                return WORDS.get(word);
            }
        }
        return meant.stream()
                .filter(word -> !word.equals("publish"))
                .findFirst()
                .map(WORDS::get)
                .orElse(PacketKind.PUBLISHES);
    }

    private static Set<PacketKind> ofFirst(List<String> meant) {
        String first = meant.get(0);
        if (first.equals("publish") && meant.size() > 1) {
            return WORDS.get(meant.get(1));
        }
        return WORDS.get(first);
    }
}
