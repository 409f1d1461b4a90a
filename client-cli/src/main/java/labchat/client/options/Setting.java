package labchat.client.options;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import labchat.client.session.MqttVersion;
import labchat.client.tls.Fingerprint;
import labchat.protocol.identity.ChatId;
import labchat.protocol.text.NearestWord;
import labchat.protocol.topic.ChatTopics;

/** The names that a configuration file may set, each with the rule for its value. */
enum Setting {
    HOST("host", "a name or an address") {
        @Override
        boolean allows(String value) {
            return !value.isBlank() && value.chars().noneMatch(Character::isWhitespace);
        }
    },
    PORT("port", "1 to 65535") {
        @Override
        boolean allows(String value) {
            return isNumber(value, 1, 65_535);
        }
    },
    USER("user", "an id of 1 to 32 characters out of A-Z a-z 0-9 _ -") {
        @Override
        boolean allows(String value) {
            return ChatId.isValid(value);
        }
    },
    PASSWORD_FILE("password_file", "the path of a file") {
        @Override
        boolean allows(String value) {
            return !value.isBlank();
        }
    },
    TLS("tls", "true or false") {
        @Override
        boolean allows(String value) {
            return value.equals("true") || value.equals("false");
        }
    },
    CAFILE("cafile", "the path of a file") {
        @Override
        boolean allows(String value) {
            return !value.isBlank();
        }
    },
    CERT("cert", "the path of a file") {
        @Override
        boolean allows(String value) {
            return !value.isBlank();
        }
    },
    KEY("key", "the path of a file") {
        @Override
        boolean allows(String value) {
            return !value.isBlank();
        }
    },
    FINGERPRINT("fingerprint", "a SHA-256 of 32 bytes such as AA:BB:…") {
        @Override
        boolean allows(String value) {
            return Fingerprint.parse(value).isPresent();
        }
    },
    MQTT_VERSION("mqtt_version", "3.1.1 or 5") {
        @Override
        boolean allows(String value) {
            return MqttVersion.parse(value).isPresent();
        }
    },
    QOS("qos", "0, 1 or 2") {
        @Override
        boolean allows(String value) {
            return isNumber(value, 0, 2);
        }
    },
    KEEPALIVE("keepalive", "0 to 65535 seconds, 0 for none") {
        @Override
        boolean allows(String value) {
            return isNumber(value, 0, 65_535);
        }
    },
    CHAT_ROOT("chat_root", "a topic such as ttm4175/chat, without wildcards and without / at its ends") {
        @Override
        boolean allows(String value) {
            try {
                return new ChatTopics(value).root().equals(value);
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    },
    CONTACTS("contacts", "ids with spaces or commas between them") {
        @Override
        boolean allows(String value) {
            List<String> ids = words(value);
            return !ids.isEmpty() && ids.stream().allMatch(ChatId::isValid);
        }
    },
    COLOR("color", "auto, always or never") {
        @Override
        boolean allows(String value) {
            return ColorMode.parse(value).isPresent();
        }
    };

    private final String word;
    private final String allowed;

    Setting(String word, String allowed) {
        this.word = word;
        this.allowed = allowed;
    }

    /** Whether the value follows the rule. */
    abstract boolean allows(String value);

    /** The rule, in words. */
    String allowed() {
        return allowed;
    }

    String word() {
        return word;
    }

    static Optional<Setting> of(String word) {
        return Arrays.stream(values()).filter(s -> s.word.equals(word)).findFirst();
    }

    /** The name most like a mistyped one, if one is near enough to be meant. */
    static Optional<String> like(String mistyped) {
        List<String> words =
                new ArrayList<>(Arrays.stream(values()).map(Setting::word).toList());
        words.add(ConfigFile.PROFILE);
        return NearestWord.to(mistyped, words);
    }

    /** The words of a list, split at spaces and commas. */
    static List<String> words(String value) {
        return Arrays.stream(value.split("[,\\s]+")).filter(w -> !w.isEmpty()).toList();
    }

    private static boolean isNumber(String value, int least, int most) {
        if (!value.matches("[0-9]{1,9}")) {
            return false;
        }
        int number = Integer.parseInt(value);
        return number >= least && number <= most;
    }

    @Override
    public String toString() {
        return word;
    }
}
