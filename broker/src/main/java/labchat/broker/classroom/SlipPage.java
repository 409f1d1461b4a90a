package labchat.broker.classroom;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Slips as HTML that is made to be printed: three on a sheet of A4, with a line to cut along. */
final class SlipPage {

    private static final Pattern SECTION = Pattern.compile("(?s)<!-- slip -->\\n(.*?)<!-- end of slip -->\\n");

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="robots" content="noindex">
            <title>%s</title>
            <style>
            @page { size: A4; margin: 9mm 12mm; }
            * { box-sizing: border-box; }
            body { margin: 0 auto; max-width: 186mm; font: 9.5pt/1.35 "Liberation Sans", Arial, sans-serif; color: #000; }
            .howto { padding: 3mm; background: #eee; }
            .slip { height: 92mm; padding: 4mm 0 3mm; border-bottom: 0.3mm dashed #888; break-inside: avoid; overflow: hidden; }
            .top { display: flex; justify-content: space-between; gap: 6mm; }
            h2 { margin: 0; font-size: 17pt; line-height: 1.1; }
            .people { color: #444; }
            dl { margin: 2mm 0 0; display: grid; grid-template-columns: max-content 1fr; gap: 0.6mm 3mm; align-items: baseline; }
            dt { color: #444; }
            dd { margin: 0; }
            code, pre { font-family: "Liberation Mono", "DejaVu Sans Mono", monospace; }
            .secret { font-size: 13pt; font-weight: bold; }
            .print { font-size: 6.8pt; overflow-wrap: anywhere; }
            pre { margin: 0.8mm 0 0; padding: 1.2mm 1.6mm; font-size: 7.3pt; line-height: 1.3; background: #f2f2f2; white-space: pre-wrap; overflow-wrap: anywhere; }
            h3 { margin: 1.8mm 0 0; font-size: 8.5pt; }
            figure { margin: 0; width: 29mm; flex: none; text-align: center; font-size: 7pt; overflow-wrap: anywhere; }
            .qr { display: block; width: 29mm; height: 29mm; }
            @media print { .howto { display: none; } }
            </style>
            </head>
            <body>
            """;

    private SlipPage() {}

    /** The page of one slip, or of many. */
    static String page(String title, List<String> sections) {
        StringBuilder page = new StringBuilder(HEAD.formatted(escaped(title)));
        page.append(
                        "<p class=\"howto\">Print this page (Ctrl-P, A4, no scaling) and cut along the lines. Each slip holds")
                .append(" a password: hand it to its owner only, and delete this file when all are handed out.</p>\n");
        sections.forEach(
                section -> page.append("<!-- slip -->\n").append(section).append("<!-- end of slip -->\n"));
        return page.append("</body>\n</html>\n").toString();
    }

    /** The slips of a page that {@link #page} has made. */
    static List<String> sections(String page) {
        List<String> sections = new ArrayList<>();
        Matcher section = SECTION.matcher(page);
        while (section.find()) {
            sections.add(section.group(1));
        }
        return sections;
    }

    /** One slip. */
    static String section(Slip slip, ClassSettings settings) {
        StringBuilder html = new StringBuilder("<section class=\"slip\">\n<div class=\"top\">\n<div>\n");
        html.append("<h2>%s</h2>\n".formatted(escaped(slip.user())));
        if (!slip.people().isEmpty()) {
            html.append("<div class=\"people\">%s</div>\n".formatted(escaped(slip.people())));
        }
        html.append("<dl>\n");
        html.append(entry("id", "<code class=\"secret\">%s</code>".formatted(escaped(slip.user()))));
        html.append(entry("password", "<code class=\"secret\">%s</code>".formatted(escaped(slip.password()))));
        html.append(entry("broker", "<code>%s</code>, %s".formatted(escaped(settings.host()), ports(settings))));
        settings.fingerprint()
                .ifPresent(print ->
                        html.append(entry("fingerprint", "<code class=\"print\">%s</code>".formatted(halves(print)))));
        settings.page().ifPresent(page -> html.append(entry("page", "<code>%s</code>".formatted(escaped(page)))));
        html.append("</dl>\n</div>\n");
        settings.page()
                .ifPresent(page ->
                        html.append("<figure>%s<code>%s</code></figure>\n".formatted(QrCode.svg(page), escaped(page))));
        html.append("</div>\n");
        html.append("<h3>Chat in the terminal%s</h3>\n<pre>%s</pre>\n"
                .formatted(
                        settings.tlsPort().isPresent()
                                ? " (say yes only if the fingerprint that it shows is the one above)"
                                : "",
                        escaped(client(slip, settings))));
        if (settings.port().isPresent() || settings.tlsPort().isPresent()) {
            html.append("<h3>Listen in Python (pip install paho-mqtt)%s</h3>\n<pre>%s</pre>\n"
                    .formatted(
                            settings.port().isPresent() ? "" : ", with the class's ca.crt beside it",
                            escaped(python(slip, settings))));
        }
        return html.append("</section>\n").toString();
    }

    /** In two lines of the same length, so that it can be compared by eye. */
    private static String halves(String fingerprint) {
        int middle = fingerprint.indexOf(':', fingerprint.length() / 2) + 1;
        return escaped(fingerprint.substring(0, middle)) + "<br>" + escaped(fingerprint.substring(middle));
    }

    private static String entry(String name, String value) {
        return "<dt>%s</dt><dd>%s</dd>\n".formatted(name, value);
    }

    private static String ports(ClassSettings settings) {
        List<String> ports = new ArrayList<>();
        settings.port().ifPresent(port -> ports.add("port %d".formatted(port)));
        settings.tlsPort().ifPresent(port -> ports.add("with TLS %d".formatted(port)));
        return String.join(", ", ports);
    }

    /** What to type; the password is asked for. */
    static String client(Slip slip, ClassSettings settings) {
        boolean tls = settings.tlsPort().isPresent();
        int standard = tls ? 8883 : 1883;
        String port = (tls ? settings.tlsPort() : settings.port())
                .filter(number -> number != standard)
                .map(" -p %d"::formatted)
                .orElse("");
        String root = settings.chatRoot().equals("ttm4175/chat") ? "" : " --chat-root " + settings.chatRoot();
        return "java -jar client-cli.jar%s -h %s%s -u %s%s"
                .formatted(tls ? " --tls" : "", settings.host(), port, slip.user(), root);
    }

    /** Four lines that print what comes; they run with paho-mqtt 1 and 2. */
    static String python(Slip slip, ClassSettings settings) {
        String where = settings.port().isPresent()
                ? "port=%d".formatted(settings.port().get())
                : "port=%d, tls={\"ca_certs\": \"ca.crt\"}"
                        .formatted(settings.tlsPort().orElseThrow());
        return """
                import paho.mqtt.subscribe as subscribe
                login = {"username": "%s", "password": "%s"}
                def show(client, userdata, message): print(message.topic, message.payload.decode())
                subscribe.callback(show, "%s/%s/#", qos=1, hostname="%s", %s, auth=login)""".formatted(slip.user(), slip.password(), settings.chatRoot(), slip.user(), settings.host(), where);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
