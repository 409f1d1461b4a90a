package labchat.client.practice;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import labchat.protocol.codec.ProtocolLimits;
import labchat.protocol.identity.ChatId;
import labchat.protocol.topic.ChatKind;

/**
 * Something that a program should survive.
 *
 * @param name a word
 * @param broken whether it is none of the protocol's, so that a server that checks payloads refuses it
 * @param payload never changed by whoever has it
 */
public record OddPayload(String name, boolean broken, ChatKind kind, String payload) {

    public OddPayload {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(payload, "payload");
    }

    /** What is published, UTF-8. */
    public byte[] bytes() {
        return payload.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * All of them.
     *
     * @param mark makes the uuids new each time; a message with a known uuid is not passed on again
     */
    static List<OddPayload> all(ChatId me, ChatId team, String mark) {
        String people = "\"sender\":\"%s\",\"receiver\":\"%s\"".formatted(me, team);
        String uuid = "\"uuid\":\"" + mark;
        int longest = ProtocolLimits.DEFAULT.maxTextLength();
        return List.of(
                new OddPayload("cut off", true, ChatKind.MESSAGE, "{" + people + ",\"message\":\"the end is mis"),
                new OddPayload("an array", true, ChatKind.MESSAGE, "[1,2,3]"),
                new OddPayload("empty", true, ChatKind.MESSAGE, ""),
                new OddPayload("no text", true, ChatKind.MESSAGE, "{" + people + "," + uuid + "b4\"}"),
                new OddPayload(
                        "a number as text", true, ChatKind.MESSAGE, "{" + people + ",\"message\":42," + uuid + "b5\"}"),
                new OddPayload("no JSON", true, ChatKind.TYPING, "yes, I am typing"),
                new OddPayload(
                        "unknown fields, another order",
                        false,
                        ChatKind.MESSAGE,
                        "{" + uuid
                                + "o1\",\"mood\":{\"happy\":[true,null]},\"message\":\"unknown fields, another order\","
                                + people + "}"),
                new OddPayload(
                        "line breaks and spaces between the fields",
                        false,
                        ChatKind.MESSAGE,
                        "\n{\n  " + people.replace(",", ",\n  ")
                                + ",\n  \"message\" : \"spaces between the fields \\u2713\",\n  " + uuid
                                + "o2\"\n}\n"),
                new OddPayload(
                        "odd characters",
                        false,
                        ChatKind.MESSAGE,
                        "{" + people
                                + ",\"message\":\"odd: \\u001b[31m \\u0000 \\u202e\\u05e9\\u05dc\\u05d5\\u05dd"
                                + " \\ud83d\\udc69\\u200d\\ud83d\\udcbb e\\u0301 \\\\ \\\" </b>\\nsecond line\","
                                + uuid + "o3\"}"),
                new OddPayload(
                        "the longest text",
                        false,
                        ChatKind.MESSAGE,
                        "{" + people + ",\"message\":\""
                                + "long ".repeat(longest / 5 + 1).substring(0, longest) + "\"," + uuid + "o4\"}"),
                new OddPayload(
                        "an odd uuid",
                        false,
                        ChatKind.MESSAGE,
                        "{" + people + ",\"message\":\"an odd uuid\"," + uuid + "'%s\\\\/#+\"}"),
                new OddPayload(
                        "a receipt for a message that you never wrote",
                        false,
                        ChatKind.READ,
                        "{" + people + "," + uuid + "never\"}"),
                new OddPayload("typing without status", false, ChatKind.TYPING, "{" + people + "}"));
    }
}
