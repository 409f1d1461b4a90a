package labchat.it.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which numbered statements of the specifications a test shows to hold, as in {@code MQTT-3.1.4-3}. From these, and the
 * words in {@code conformance/statements.txt}, docs/conformance.md is made.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Statement {

    /** Of MQTT 3.1.1. */
    String[] v3() default {};

    /** Of MQTT 5. */
    String[] v5() default {};
}
