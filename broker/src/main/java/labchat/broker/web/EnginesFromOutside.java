package labchat.broker.web;

import java.net.InetSocketAddress;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Lets Jetty take the engine of each connection from a supplier, which may give another certificate at any time. */
final class EnginesFromOutside extends SslContextFactory.Server {

    private final Supplier<SSLEngine> engines;

    EnginesFromOutside(Supplier<SSLEngine> engines) {
        this.engines = engines;
    }

    @Override
    public SSLEngine newSSLEngine() {
        return engines.get();
    }

    @Override
    public SSLEngine newSSLEngine(String host, int port) {
        return engines.get();
    }

    @Override
    public SSLEngine newSSLEngine(InetSocketAddress address) {
        return engines.get();
    }
}
