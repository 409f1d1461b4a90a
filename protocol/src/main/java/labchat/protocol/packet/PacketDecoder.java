package labchat.protocol.packet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import labchat.protocol.packet.PacketReader.Malformed;

/**
 * Takes one packet of MQTT 3.1.1 or 5 apart, field by field, and says what is wrong and where. It reads as far as it can
 * and throws for no bytes whatever. Safe for use by several threads.
 */
public final class PacketDecoder {

    /** The note of a PUBLISH with the RETAIN flag. */
    static final String RETAINED = "retained";

    /** Byte 1 and at most four bytes of length. */
    static final int LONGEST_HEADER = 5;

    private PacketDecoder() {}

    /**
     * Reads the packet that begins with the first byte.
     *
     * @param bytes one packet; what follows it is left alone
     * @param level the version, known from CONNECT; a CONNECT tells its own
     */
    public static MqttPacket decode(byte[] bytes, MqttLevel level) {
        return decode(bytes, bytes.length, level);
    }

    /**
     * Reads the packet of which only the first bytes were kept.
     *
     * @param there how many bytes there were
     */
    static MqttPacket decode(byte[] bytes, int there, MqttLevel level) {
        return new Decoding(bytes, there, level).packet();
    }

    /**
     * How long the packet is that begins here, header and all.
     *
     * @return 0 if too little is there to tell, negative if the length is malformed
     */
    static int length(byte[] bytes, int from, int to) {
        int length = 0;
        for (int i = 1; i < LONGEST_HEADER; i++) {
            if (from + i >= to) {
                return 0;
            }
            int part = bytes[from + i];
            length |= (part & 0x7f) << 7 * (i - 1);
            if ((part & 0x80) == 0) {
                return length + 1 + i;
            }
        }
        return -1;
    }

    /** One packet being read. */
    private static final class Decoding {
        private final int there;
        private final List<PacketFault> faults = new ArrayList<>();
        private final List<MqttPacket.Subscription> topics = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final PacketReader in;
        private MqttLevel level;
        private Optional<PacketType> type = Optional.empty();
        private int flags;
        private OptionalInt packetId = OptionalInt.empty();
        private OptionalInt qos = OptionalInt.empty();
        private Optional<String> payload = Optional.empty();

        Decoding(byte[] bytes, int there, MqttLevel level) {
            this.in = new PacketReader(bytes, faults);
            this.there = there;
            this.level = level;
        }

        MqttPacket packet() {
            try {
                header();
                body();
                if (in.left() > 0) {
                    int from = in.position();
                    int left = in.left();
                    rest("not expected");
                    fault(from, "%s has nothing more to say, but %s left".formatted(name(), count(left)));
                }
            } catch (Malformed malformed) {
                faults.add(malformed.fault());
                if (in.left() > 0) {
                    rest("not read");
                }
            }
            return new MqttPacket(
                    type, level, in.position(), in.fields(), faults, packetId, qos, topics, payload, notes);
        }

        private void rest(String name) {
            boolean maySay = type.filter(is -> is != PacketType.CONNECT && is != PacketType.AUTH)
                    .isPresent();
            if (maySay) {
                in.rest(name);
            } else {
                // A password may be in there.
                in.secretRest(name);
            }
        }

        private String name() {
            return type.map(PacketType::name).orElse("the packet");
        }

        private void fault(int offset, String words) {
            faults.add(new PacketFault(offset, words));
        }

        private void header() throws Malformed {
            int first = in.peek("the first byte");
            type = PacketType.of(first);
            flags = first & 0x0f;
            in.note(0, 1, "fixed header", "0x%02x".formatted(first), false);
            in.deeper();
            in.note(
                    0,
                    0,
                    "type",
                    "%d %s".formatted(first >> 4, type.map(PacketType::name).orElse("reserved")),
                    false);
            if (type.equals(Optional.of(PacketType.PUBLISH))) {
                publishFlags();
            } else {
                in.note(0, 0, "flags", bits(flags), false);
            }
            in.higher();
            in.skip(1);
            int length = in.variable("remaining length");
            int have = there - in.position();
            if (type.isEmpty()) {
                in.limit(Math.min(length, in.left()));
                throw new Malformed(0, "0 is no packet type; the upper half of the first byte must be 1 to 15");
            }
            int wanted = type.get().flags();
            if (wanted >= 0 && flags != wanted) {
                fault(
                        0,
                        "the lower half of the first byte of %s must be %s, found %s"
                                .formatted(name(), bits(wanted), bits(flags)));
            }
            if (length > have) {
                fault(
                        in.position(),
                        "cut off: the remaining length says %d, but only %s there, %d too few"
                                .formatted(length, have == 1 ? "1 byte is" : have + " bytes are", length - have));
            }
            in.limit(Math.min(length, in.left()));
        }

        private void publishFlags() {
            int level2 = flags >> 1 & 3;
            qos = OptionalInt.of(level2);
            in.note(0, 0, "DUP", (flags & 8) == 0 ? "0" : "1 (sent again)", false);
            in.note(0, 0, "QoS", Integer.toString(level2), false);
            in.note(0, 0, "RETAIN", Integer.toString(flags & 1), false);
            if (level2 == 3) {
                fault(0, "QoS must be 0, 1 or 2, found 3");
            }
            if ((flags & 8) != 0) {
                notes.add("sent again");
                if (level2 == 0) {
                    fault(0, "DUP must be 0 with QoS 0");
                }
            }
            if ((flags & 1) != 0) {
                notes.add(RETAINED);
            }
        }

        private void body() throws Malformed {
            switch (type.orElseThrow()) {
                case CONNECT -> connect();
                case CONNACK -> connack();
                case PUBLISH -> publish();
                case PUBACK, PUBREC, PUBREL, PUBCOMP -> acknowledgement();
                case SUBSCRIBE -> subscribe();
                case UNSUBSCRIBE -> unsubscribe();
                case SUBACK, UNSUBACK -> subscribed();
                case DISCONNECT, AUTH -> farewell();
                case PINGREQ, PINGRESP -> {
                    // Nothing but the header.
                }
            }
        }

        private void connect() throws Malformed {
            int start = in.position();
            String protocol = in.text("protocol name");
            if (!protocol.equals("MQTT")) {
                boolean old = protocol.equals("MQIsdp");
                throw new Malformed(
                        start,
                        "the protocol name must be \"MQTT\", found \"%s\"%s"
                                .formatted(protocol, old ? ", which is MQTT 3.1" : ""));
            }
            int versionAt = in.position();
            int number = in.peek("protocol level");
            Optional<MqttLevel> named = MqttLevel.of(number);
            in.byteField(
                    "protocol level",
                    "%d%s".formatted(number, named.map(v -> ", MQTT " + v).orElse("")));
            if (named.isEmpty()) {
                throw new Malformed(versionAt, "the protocol level must be 4 (MQTT 3.1.1) or 5, found " + number);
            }
            level = named.get();
            notes.add("MQTT " + level);
            int flagsAt = in.position();
            int connectFlags = in.peek("connect flags");
            in.byteField("connect flags", bits8(connectFlags));
            boolean clean = (connectFlags & 0x02) != 0;
            boolean will = (connectFlags & 0x04) != 0;
            int willQos = connectFlags >> 3 & 3;
            boolean willRetain = (connectFlags & 0x20) != 0;
            boolean hasPassword = (connectFlags & 0x40) != 0;
            boolean hasUser = (connectFlags & 0x80) != 0;
            String cleanName = level == MqttLevel.V5 ? "clean start" : "clean session";
            in.deeper();
            in.note(flagsAt, 0, "user name", bit(hasUser), false);
            in.note(flagsAt, 0, "password", bit(hasPassword), false);
            in.note(flagsAt, 0, "will retain", bit(willRetain), false);
            in.note(flagsAt, 0, "will QoS", Integer.toString(willQos), false);
            in.note(flagsAt, 0, "will", bit(will), false);
            in.note(flagsAt, 0, cleanName, bit(clean), false);
            in.note(flagsAt, 0, "reserved", bit((connectFlags & 1) != 0), false);
            in.higher();
            connectFlagFaults(flagsAt, connectFlags);
            if (clean) {
                notes.add(cleanName);
            }
            int keepAlive = in.twoBytes("keep alive", value -> value == 0 ? "0, no limit" : value + " s");
            notes.add("keep alive " + keepAlive + " s");
            if (level == MqttLevel.V5) {
                properties("properties", false);
            }
            String clientId = in.text("client id");
            notes.add("client id " + (clientId.isEmpty() ? "(empty)" : clientId));
            if (will) {
                if (level == MqttLevel.V5) {
                    properties("will properties", true);
                }
                String topic = in.text("will topic");
                in.binary("will payload", false);
                notes.add("Will on %s, QoS %d%s".formatted(topic, willQos, willRetain ? ", retained" : ""));
            }
            if (hasUser) {
                notes.add("user " + in.text("user name"));
            }
            if (hasPassword) {
                in.binary("password", true);
                notes.add("password [redacted]");
            }
        }

        private void connectFlagFaults(int at, int bits) {
            boolean will = (bits & 0x04) != 0;
            if ((bits & 1) != 0) {
                fault(at, "the lowest bit of the connect flags must be 0");
            }
            if ((bits >> 3 & 3) == 3) {
                fault(at, "the will QoS must be 0, 1 or 2, found 3");
            }
            if (!will && (bits & 0x38) != 0) {
                fault(at, "without a Will its QoS and its RETAIN must be 0");
            }
            if (level == MqttLevel.V3_1_1 && (bits & 0xc0) == 0x40) {
                fault(at, "MQTT 3.1.1 allows no password without a user name");
            }
        }

        private void connack() throws Malformed {
            int at = in.position();
            int acknowledge = in.peek("acknowledge flags");
            boolean present = (acknowledge & 1) != 0;
            in.byteField("acknowledge flags", "session present: " + (present ? "yes" : "no"));
            if ((acknowledge & 0xfe) != 0) {
                fault(at, "of the acknowledge flags only the lowest bit may be set, found " + bits8(acknowledge));
            }
            int codeAt = in.position();
            int code = reason(level == MqttLevel.V5 ? "reason code" : "return code");
            notes.add(present ? "session present" : "no session");
            if (code != 0 && present) {
                fault(codeAt, "a server that refuses must not say that a session is present");
            }
            if (level == MqttLevel.V5) {
                properties("properties", false);
            }
        }

        /** Reads a code and notes its words. */
        private int reason(String name) throws Malformed {
            int at = in.position();
            int code = in.peek(name);
            Optional<String> words = ReasonCodes.words(type.orElseThrow(), level, code);
            in.byteField(name, "0x%02x %s".formatted(code, words.orElse("(unknown)")));
            if (words.isEmpty()) {
                fault(at, "0x%02x is no code of MQTT %s's %s".formatted(code, level, name()));
            }
            notes.add(words.orElse("code 0x%02x".formatted(code)));
            return code;
        }

        private void publish() throws Malformed {
            int at = in.position();
            String topic = in.text("topic");
            topics.add(new MqttPacket.Subscription(topic, qos.orElse(0)));
            if (topic.contains("#") || topic.contains("+")) {
                fault(at, "a PUBLISH goes to one topic: no + and no # in \"%s\"".formatted(topic));
            }
            if (qos.orElse(0) > 0) {
                readPacketId();
            }
            boolean alias = false;
            if (level == MqttLevel.V5) {
                alias = properties("properties", false).contains(Property.TOPIC_ALIAS);
            }
            if (topic.isEmpty() && !alias) {
                fault(at, "the topic is empty");
            }
            payload = Optional.of(in.payload(there));
        }

        private void readPacketId() throws Malformed {
            int at = in.position();
            int id = in.twoBytes("packet id", Integer::toString);
            packetId = OptionalInt.of(id);
            if (id == 0) {
                fault(at, "a packet id is 1 to 65535, found 0");
            }
        }

        private void acknowledgement() throws Malformed {
            readPacketId();
            if (level == MqttLevel.V5 && in.left() > 0) {
                reason("reason code");
                if (in.left() > 0) {
                    properties("properties", false);
                }
            }
        }

        private void subscribe() throws Malformed {
            readPacketId();
            if (level == MqttLevel.V5) {
                properties("properties", false);
            }
            int at = in.position();
            while (in.left() > 0) {
                String filter = filter();
                int optionsAt = in.position();
                int options = in.peek("subscription options");
                int wanted = options & 3;
                in.byteField(level == MqttLevel.V5 ? "subscription options" : "requested QoS", bits8(options));
                in.deeper();
                in.note(optionsAt, 0, "QoS", Integer.toString(wanted), false);
                if (level == MqttLevel.V5) {
                    in.note(optionsAt, 0, "no local", bit((options & 4) != 0), false);
                    in.note(optionsAt, 0, "retain as published", bit((options & 8) != 0), false);
                    in.note(optionsAt, 0, "retain handling", Integer.toString(options >> 4 & 3), false);
                }
                in.higher();
                topics.add(new MqttPacket.Subscription(filter, wanted));
                int reserved = level == MqttLevel.V5 ? 0xc0 : 0xfc;
                if (wanted == 3) {
                    fault(optionsAt, "QoS must be 0, 1 or 2, found 3");
                } else if ((options & reserved) != 0) {
                    fault(optionsAt, "bits that are reserved must be 0, found " + bits8(options));
                }
                if (level == MqttLevel.V5 && (options >> 4 & 3) == 3) {
                    fault(optionsAt, "retain handling must be 0, 1 or 2, found 3");
                }
            }
            if (topics.isEmpty()) {
                fault(at, "a SUBSCRIBE needs at least one filter");
            }
        }

        private String filter() throws Malformed {
            int at = in.position();
            String filter = in.text("topic filter");
            if (filter.isEmpty()) {
                fault(at, "the topic filter is empty");
            }
            for (String part : filter.split("/", -1)) {
                boolean hash = part.equals("#") && filter.endsWith("#");
                if (part.length() > 1 && (part.contains("+") || part.contains("#")) || part.equals("#") && !hash) {
                    fault(at, "+ and # must be a whole level, and # the last, found \"%s\"".formatted(filter));
                    break;
                }
            }
            return filter;
        }

        private void unsubscribe() throws Malformed {
            readPacketId();
            if (level == MqttLevel.V5) {
                properties("properties", false);
            }
            int at = in.position();
            while (in.left() > 0) {
                topics.add(new MqttPacket.Subscription(filter(), -1));
            }
            if (topics.isEmpty()) {
                fault(at, "an UNSUBSCRIBE needs at least one filter");
            }
        }

        private void subscribed() throws Malformed {
            readPacketId();
            boolean codes = level == MqttLevel.V5;
            if (codes) {
                properties("properties", false);
            }
            int at = in.position();
            if (!codes && type.equals(Optional.of(PacketType.UNSUBACK))) {
                return;
            }
            int count = 0;
            while (in.left() > 0) {
                reason(codes ? "reason code" : "return code");
                count++;
            }
            if (count == 0) {
                fault(at, "%s needs a code for each filter".formatted(name()));
            }
        }

        private void farewell() throws Malformed {
            if (type.equals(Optional.of(PacketType.AUTH)) && level == MqttLevel.V3_1_1) {
                throw new Malformed(0, "MQTT 3.1.1 has no packet type 15; AUTH is of MQTT 5");
            }
            if (level == MqttLevel.V5 && in.left() > 0) {
                reason("reason code");
                if (in.left() > 0) {
                    properties("properties", false);
                }
            }
        }

        private Set<Property> properties(String name, boolean ofWill) throws Malformed {
            Set<Property> found = EnumSet.noneOf(Property.class);
            int at = in.position();
            int length = in.variable(name + " length");
            if (length > in.left()) {
                throw new Malformed(
                        at, "the %s take %d bytes, but only %s left".formatted(name, length, count(in.left())));
            }
            int end = in.position() + length;
            int outer = in.limitTo(end);
            in.deeper();
            while (in.left() > 0) {
                int start = in.position();
                int id = in.variablePeek("property identifier");
                Optional<Property> known = Property.of(id);
                if (known.isEmpty()) {
                    throw new Malformed(start, "%d (0x%02x) is no property of MQTT 5".formatted(id, id));
                }
                Property property = known.get();
                if (!property.isAllowed(type.orElseThrow(), ofWill)) {
                    fault(start, "%s is no property of %s".formatted(property.words(), ofWill ? "a Will" : name()));
                }
                if (!found.add(property) && !property.mayRepeat(type.orElseThrow())) {
                    fault(start, "%s is there twice".formatted(property.words()));
                }
                property(property);
            }
            in.higher();
            in.limitTo(outer);
            return found;
        }

        private void property(Property property) throws Malformed {
            int start = in.position();
            String name = property.words();
            switch (property.form()) {
                case FLAG -> {
                    int value = in.propertyByte(name);
                    if (value > 1) {
                        fault(start, "%s must be 0 or 1, found %d".formatted(name, value));
                    }
                }
                case TWO_BYTES -> {
                    int value = in.propertyTwoBytes(name);
                    boolean zeroAllowed =
                            property == Property.SERVER_KEEP_ALIVE || property == Property.TOPIC_ALIAS_MAXIMUM;
                    if (value == 0 && !zeroAllowed) {
                        fault(start, name + " must not be 0");
                    }
                }
                case FOUR_BYTES, SECONDS -> {
                    long value = in.propertyFourBytes(name, property.form() == Property.Form.SECONDS ? " s" : "");
                    if (value == 0 && property == Property.MAXIMUM_PACKET_SIZE) {
                        fault(start, name + " must not be 0");
                    }
                }
                case VARIABLE -> {
                    if (in.propertyVariable(name) == 0) {
                        fault(start, name + " must not be 0");
                    }
                }
                case TEXT -> {
                    String text = in.propertyText(name);
                    if (property == Property.REASON_STRING || property == Property.RESPONSE_TOPIC) {
                        notes.add("%s: %s".formatted(name, text));
                    }
                }
                case BINARY -> in.propertyBinary(name, false);
                case SECRET -> in.propertyBinary(name, true);
                case PAIR -> in.propertyPair(name);
            }
        }

        private static String count(int bytes) {
            return bytes == 1 ? "1 byte is" : bytes + " bytes are";
        }

        private static String bit(boolean set) {
            return set ? "1" : "0";
        }

        private static String bits(int half) {
            return bits8(half).substring(4);
        }

        private static String bits8(int value) {
            return String.format(Locale.ROOT, "%8s", Integer.toBinaryString(value))
                    .replace(' ', '0');
        }
    }

    /** Bytes as pairs of digits. */
    static String hex(byte[] bytes, int from, int to) {
        return HexFormat.ofDelimiter(" ").formatHex(Arrays.copyOfRange(bytes, from, to));
    }
}
