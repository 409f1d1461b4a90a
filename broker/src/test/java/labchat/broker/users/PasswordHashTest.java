package labchat.broker.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordHashTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Salts of 12 and of 16 bytes, and a hash of 64. */
    private static final String SALT = "AAECAwQFBgcICQoL";

    private static final String SALT16 = "AAECAwQFBgcICQoLDA0ODw==";
    private static final String HASH = Base64.getEncoder().encodeToString(new byte[64]);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Made outside this code: Python's hashlib.pbkdf2_hmac and sha512, argon2's reference implementation, and
     * mosquitto_passwd 2.0.11 for both of its forms. A semicolon stands for a comma. */
    @ParameterizedTest
    @CsvSource({
        "$7$101$AAECAwQFBgcICQoL$kAg3s1PH3LJqr5Uo+RMIo6e//5gX0QOCRelXcja0DJ1dJKoFje88D2DdMgIbTSNdQ/z8MGY7LTx2vfyJduWJng==,team1a",
        "$7$1000$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==$nqBmYrNVTybRGxOewXaopLiG9H+wZzuczRWbuI2AA2t/mneX0b6IQfskN7086StvwvnCAv/k45/Xcf4kC1w5Pg==,Blåbær",
        "$6$AAECAwQFBgcICQoL$pz4S8c5Bk2wabG2vrc/IQ6KTIWU7TYcQYH/c7Y6rYR/0drIrwNdy8BPXHjahu3sbsXziftDLdvcWOzI4I30QZQ==,team1a",
        "$argon2id$v=19$m=256;t=2;p=1$c2FsdHNhbHRzYWx0$TTOucz388b/dBwBk0z0xuPKJwIywEiTSEt4m5pY9yss,Geheim!",
        "$argon2id$v=19$m=128;t=1;p=4$c2FsdHNhbHRzYWx0$Pf/Z6kG21x4cSV5qKWnH3B2Ao44tvvbGf16qrqCr3MxYmgC0HiQdaz30flyLmwjfo5b9V+ZCXI9dZo1UMsj+AQ,Geheim!",
        "$7$101$jDRyEzfLEw9HgNGv$cmYJ4yqoqFZl3pnnB9Wd/z2nnpCBDR9yv2snj8CnXQwg6o3Z5KMdHu2/Ui64ZLER7AGlhWa2f47NzY7w1Z/GLg==,Geheim!",
        "$6$GaL46t6eOEswrVyb$DD2vOtBCkHUuQOAA35uF7n1h2pxFhRLk3vVUmdjBAGNcCI0YJtt1K7+K16HONTtv9NuSnfdiNhHiW/pt4zAf7Q==,Blåbær"
    })
    void hash_madeElsewhere_verifiesItsPasswordOnly(String encoded, String password) {
        PasswordHash hash = PasswordHash.parse(encoded.replace(';', ','));

        assertThat(hash.verify(bytes(password))).isTrue();
        assertThat(hash.verify(bytes(password + "x"))).isFalse();
        assertThat(hash.verify(new byte[0])).isFalse();
        assertThat(hash.encoded()).isEqualTo(encoded.replace(';', ','));
    }

    /** Keys of HMAC-SHA512 that are empty, shorter than its block of 128 bytes, as long and longer. */
    @ParameterizedTest
    @CsvSource({"0,1", "1,2", "9,101", "127,3", "128,3", "129,3", "5000,2"})
    void hash_ofAnyLength_isThatOfTheJdksHmac(int length, int iterations) throws Exception {
        byte[] password = new byte[length];
        new Random(length).nextBytes(password);
        byte[] salt = Base64.getDecoder().decode(SALT);
        Mac mac = Mac.getInstance("HmacSHA512");
        mac.init(new SecretKeySpec(length == 0 ? new byte[1] : password, "HmacSHA512"));
        mac.update(salt);
        byte[] round = mac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] expected = round.clone();
        for (int i = 1; i < iterations; i++) {
            round = mac.doFinal(round);
            for (int k = 0; k < expected.length; k++) {
                expected[k] ^= round[k];
            }
        }

        PasswordHash hash = PasswordHash.parse(
                "$7$%d$%s$%s".formatted(iterations, SALT, Base64.getEncoder().encodeToString(expected)));
        assertThat(hash.verify(password)).isTrue();
        expected[63] ^= 1;
        assertThat(PasswordHash.parse("$7$%d$%s$%s"
                                .formatted(iterations, SALT, Base64.getEncoder().encodeToString(expected)))
                        .verify(password))
                .isFalse();
    }

    @Test
    void hash_created_verifiesItsPasswordAndIsReadAgain() {
        PasswordHash hash = PasswordHash.create(bytes("Blåbær 🫐"), 7, RANDOM);

        assertThat(hash.encoded()).startsWith("$7$7$");
        assertThat(PasswordHash.parse(hash.encoded()).verify(bytes("Blåbær 🫐")))
                .isTrue();
        assertThat(PasswordHash.parse(hash.encoded()).verify(bytes("Blabaer"))).isFalse();
    }

    @Test
    void hash_createdTwice_hasAnotherSalt() {
        assertThat(PasswordHash.create(bytes("a"), 1, RANDOM).encoded())
                .isNotEqualTo(PasswordHash.create(bytes("a"), 1, RANDOM).encoded());
    }

    @Test
    void password_ofBytesThatAreNoText_isComparedByteByByte() {
        byte[] password = {(byte) 0xff, 0, 1};
        PasswordHash hash = PasswordHash.create(password, 1, RANDOM);

        assertThat(hash.verify(password)).isTrue();
        assertThat(hash.verify(new byte[] {(byte) 0xfe, 0, 1})).isFalse();
    }

    @Test
    void decoy_ofAHash_doesNotKnowThePassword() {
        assertThat(PasswordHash.create(bytes("a"), 5, RANDOM).decoy(RANDOM).verify(bytes("a")))
                .isFalse();
    }

    @Test
    void toString_ofAHash_saysNothing() {
        PasswordHash hash = PasswordHash.create(bytes("a"), 5, RANDOM);

        assertThat(hash.toString()).isEqualTo("Pbkdf2Hash[REDACTED]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "secret~no password hash of a known form",
                "''~no password hash of a known form",
                "$5$a$b~no password hash of a known form",
                "$7$101$" + SALT + "~expected $7$<iterations>$<salt>$<hash>",
                "$7$0$" + SALT + "$x~expected iterations from 1 to 10,000,000",
                "$7$10000001$" + SALT + "$x~expected iterations from 1 to 10,000,000",
                "$7$99999999999$" + SALT + "$x~expected iterations from 1 to 10,000,000",
                "$7$-1$" + SALT + "$x~expected iterations from 1 to 10,000,000",
                "$7$101$!!!!$x~the salt is no Base64",
                "$7$101$AAA$x~the salt is no Base64 with padding",
                "$7$101$" + SALT16 + "$x~the salt has 16 bytes, expected 12 or 64",
                "$7$101$" + SALT + "$AAAA~the hash has 3 bytes, expected 64",
                "$7$101$" + SALT + "$~the hash is no Base64",
                "$6$" + SALT + "~expected $6$<salt>$<hash>",
                "$6$" + SALT + "$AAAA~the hash has 3 bytes, expected 64",
                "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ~expected $argon2id$v=19$",
                "$argon2id$v=16$m=64,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA~expected $argon2id$v=19$",
                "$argon2id$v=19$m=4,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA~expected m (memory in KiB) from 8",
                "$argon2id$v=19$m=9999999,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA~expected m (memory in KiB)",
                "$argon2id$v=19$m=64,t=999,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA~expected t (passes) from 1 to 100",
                "$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAA~expected a salt of 8 to 64 bytes"
            })
    void hash_malformed_isRefusedWithAReasonThatHoldsNothingOfIt(String encoded, String reason) {
        assertThatThrownBy(() -> PasswordHash.parse(encoded))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("secret")
                .doesNotContain(SALT);
    }

    @Test
    void salt_of64Bytes_isRead() {
        assertThat(PasswordHash.parse("$7$1$" + HASH + "$" + HASH).verify(bytes("a")))
                .isFalse();
    }

    @Test
    void iterations_outOfRange_areRefused() {
        assertThatThrownBy(() -> PasswordHash.create(bytes("a"), 0, RANDOM))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("0 iterations; expected 1 to 10000000");
    }
}
