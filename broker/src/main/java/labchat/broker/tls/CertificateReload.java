package labchat.broker.tls;

import java.util.List;
import labchat.broker.config.ConfigProblem;
import labchat.broker.config.TlsConfig;

/**
 * Replaces the certificates of a running broker. In two steps, so that it can be one part of a change that is made as a
 * whole or not at all. May be used by any thread.
 */
public interface CertificateReload {

    /** Files that were read and checked, and are not in force yet. */
    interface Prepared {

        /** What is wrong with them; empty if they may be applied. */
        List<ConfigProblem> problems();

        /** What staff should know although it works, such as a certificate that runs out soon. */
        List<String> warnings();

        /**
         * From now on new connections get them; those that are there stay as they are.
         *
         * @throws IllegalStateException if there are problems
         */
        void apply();
    }

    /**
     * Reads and checks the files, and changes nothing. Takes some milliseconds.
     *
     * @param config which files; its ports are not looked at
     */
    Prepared prepare(TlsConfig config);
}
