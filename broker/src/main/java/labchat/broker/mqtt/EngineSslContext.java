package labchat.broker.mqtt;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * What Moquette takes instead of a key store of its own: each connection's engine comes from a supplier, so that it has
 * the certificates of that moment.
 */
final class EngineSslContext extends SslContext {

    private final Supplier<SSLEngine> engines;

    /** @param engines gives engines in server mode; may be called by several threads at once */
    EngineSslContext(Supplier<SSLEngine> engines) {
        this.engines = engines;
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public List<String> cipherSuites() {
        return List.of(engines.get().getEnabledCipherSuites());
    }

    @Override
    @SuppressWarnings("deprecation")
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        // MQTT negotiates no protocol.
        return List::of;
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return engines.get();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
        return engines.get();
    }

    @Override
    public SSLSessionContext sessionContext() {
        return engines.get().getSession().getSessionContext();
    }
}
