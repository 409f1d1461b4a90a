package labchat.broker.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A key and certificates that were checked and fit together. Never changes. */
final class TlsMaterial {

    /** 1.0 and 1.1 are broken: RFC 8996. */
    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    /** With forward secrecy and authenticated encryption, those that are quick without special instructions last. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final char[] IN_MEMORY = "only in memory".toCharArray();

    private enum AskClient {
        NO,
        IF_IT_HAS_ONE,
        DEMAND
    }

    private final List<X509Certificate> chain;
    private final AskClient askMqttClient;
    private final SSLContext mqtt;
    private final SSLContext web;

    /**
     * @param chain the server's certificate first
     * @param clientAuthorities who signs clients' certificates; none if none is asked for
     * @param required whether a client without a certificate is refused
     */
    TlsMaterial(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> clientAuthorities, boolean required)
            throws GeneralSecurityException {
        this.chain = List.copyOf(chain);
        this.askMqttClient =
                clientAuthorities.isEmpty() ? AskClient.NO : required ? AskClient.DEMAND : AskClient.IF_IT_HAS_ONE;
        KeyManager[] keys = keyManagers(key, chain);
        this.mqtt = context(keys, trustManagers(clientAuthorities));
        // Apart from the other, so that no session of a page is taken up again where certificates are asked for.
        this.web = context(keys, trustManagers(List.of()));
    }

    List<X509Certificate> chain() {
        return chain;
    }

    /** For one connection of MQTT. */
    SSLEngine newMqttEngine() {
        return engine(mqtt, askMqttClient);
    }

    /** For one connection to the pages, which never asks for a client's certificate: browsers would bother people. */
    SSLEngine newWebEngine() {
        return engine(web, AskClient.NO);
    }

    private static SSLEngine engine(SSLContext context, AskClient ask) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        Set<String> supported = Set.of(engine.getSupportedCipherSuites());
        parameters.setCipherSuites(CIPHERS.stream().filter(supported::contains).toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        switch (ask) {
            case NO -> parameters.setWantClientAuth(false);
            case IF_IT_HAS_ONE -> parameters.setWantClientAuth(true);
            case DEMAND -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust, null);
        return context;
    }

    private static KeyManager[] keyManagers(PrivateKey key, List<X509Certificate> chain)
            throws GeneralSecurityException {
        KeyStore store = emptyStore();
        char[] password = Arrays.copyOf(IN_MEMORY, IN_MEMORY.length);
        store.setKeyEntry("server", key, password, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trustManagers(List<X509Certificate> authorities) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority" + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
