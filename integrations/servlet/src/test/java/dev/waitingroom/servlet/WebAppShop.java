package dev.waitingroom.servlet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A shop as an archive with a web.xml, in a servlet container. */
final class WebAppShop implements ShopKind.ShopServer {
    private static final String WEB_XML = """
            <?xml version="1.0" encoding="UTF-8"?>
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
            FILTER
            <servlet>
              <servlet-name>sale</servlet-name>
              <servlet-class>dev.waitingroom.servlet.SaleServlet</servlet-class>
              <async-supported>true</async-supported>
            </servlet>
            <servlet-mapping>
              <servlet-name>sale</servlet-name>
              <url-pattern>/*</url-pattern>
            </servlet-mapping>
            </web-app>
            """;

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);

    /** @param filter the elements of web.xml that declare and map the filter */
    WebAppShop(Path directory, String filter) throws IOException {
        Path information = Files.createDirectories(directory.resolve("WEB-INF"));
        Files.writeString(information.resolve("web.xml"), WEB_XML.replace("FILTER", filter));
        WebAppContext application = new WebAppContext();
        application.setContextPath("/");
        application.setBaseResourceAsPath(directory);
        application.setThrowUnavailableOnStartupException(true);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(application);
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw new IllegalStateException("the shop does not start", e);
        }
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
