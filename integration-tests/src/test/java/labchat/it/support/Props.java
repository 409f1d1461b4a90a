package labchat.it.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The properties of one packet, in order. Numbers are {@code Long}, text is {@code String}, bytes are {@code String} of
 * Latin-1 characters, user properties are {@code Map.Entry}.
 *
 * @param entries as they stand in the packet; one property may occur several times
 */
public record Props(List<Map.Entry<Prop, Object>> entries) {

    public static final Props NONE = new Props(List.of());

    public Props {
        entries = List.copyOf(entries);
    }

    public Props with(Prop prop, long value) {
        return plus(prop, value);
    }

    public Props with(Prop prop, String value) {
        return plus(prop, value);
    }

    public Props withUser(String name, String value) {
        return plus(Prop.USER_PROPERTY, Map.entry(name, value));
    }

    private Props plus(Prop prop, Object value) {
        List<Map.Entry<Prop, Object>> longer = new ArrayList<>(entries);
        longer.add(Map.entry(prop, value));
        return new Props(longer);
    }

    /** All values of a property. */
    public List<Object> all(Prop prop) {
        return entries.stream()
                .filter(entry -> entry.getKey() == prop)
                .map(Map.Entry::getValue)
                .toList();
    }

    public Optional<Long> number(Prop prop) {
        return all(prop).stream().map(Long.class::cast).findFirst();
    }

    public Optional<String> text(Prop prop) {
        return all(prop).stream().map(String.class::cast).findFirst();
    }

    void write(PacketWriter to) {
        PacketWriter properties = new PacketWriter();
        for (Map.Entry<Prop, Object> entry : entries) {
            properties.u8(entry.getKey().code());
            Object value = entry.getValue();
            switch (entry.getKey().form()) {
                case BYTE -> properties.u8(((Long) value).intValue());
                case SHORT -> properties.u16(((Long) value).intValue());
                case INT -> properties.u32((Long) value);
                case VARINT -> properties.varint(((Long) value).intValue());
                case STRING -> properties.text((String) value);
                case BINARY -> properties.lengthAndBytes(Bytes.latin1((String) value));
                case PAIR -> {
                    Map.Entry<?, ?> pair = (Map.Entry<?, ?>) value;
                    properties.text((String) pair.getKey()).text((String) pair.getValue());
                }
            }
        }
        byte[] written = properties.toByteArray();
        to.varint(written.length).bytes(written);
    }

    static Props read(PacketReader from) {
        PacketReader properties = new PacketReader(from.bytes(from.varint()));
        Props props = NONE;
        while (properties.hasMore()) {
            Prop prop = Prop.of(properties.varint());
            Object value = switch (prop.form()) {
                case BYTE -> (long) properties.u8();
                case SHORT -> (long) properties.u16();
                case INT -> properties.u32();
                case VARINT -> (long) properties.varint();
                case STRING -> properties.text();
                case BINARY -> Bytes.toLatin1(properties.bytes(properties.u16()));
                case PAIR -> Map.entry(properties.text(), properties.text());
            };
            props = props.plus(prop, value);
        }
        return props;
    }
}
