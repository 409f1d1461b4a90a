package labchat.client.mqtt;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;

/**
 * Puts the {@link WireTap} into connections that the process makes, while a session wants it. Netty finds this class as
 * a service. The library puts its own handlers in first, those of TLS at once and those of MQTT, where there is TLS,
 * when the handshake is done, which is behind the tap.
 */
public final class WireTapInitializer extends ChannelInitializerExtension {

    /** The library's name for the handler that turns packets into bytes. */
    private static final String ENCODER = "encoder";

    private static final String NAME = "labchat.wire";

    /** Netty reads this property when the first connection of the process is made. */
    static void switchOn() {
        System.setProperty("io.netty.bootstrap.extensions", "serviceload");
    }

    @Override
    public void postInitializeClientChannel(Channel channel) {
        if (!WireTap.isWanted()) {
            return;
        }
        channel.pipeline().addLast(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel opened) {
                ChannelHandlerContext encoder = opened.pipeline().context(ENCODER);
                if (encoder == null) {
                    opened.pipeline().addLast(NAME, new WireTap());
                } else {
                    opened.pipeline().addBefore(ENCODER, NAME, new WireTap());
                }
            }
        });
    }
}
