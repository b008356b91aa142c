package dev.waitingroom.servlet;

import java.io.IOException;
import java.nio.file.Path;

/** The shops of docs/protect/code.md that need an entry page. */
enum ShopKind {
    SERVLET {
        @Override
        ShopServer open(Path directory, String gateway) throws IOException {
            String filter = DocumentedSite.PAGE.blockWith("xml", "<filter>");
            return new WebAppShop(directory, filter.replace("http://default-gateway<", gateway + "<"));
        }
    },
    EXPRESS {
        @Override
        ShopServer open(Path directory, String gateway) throws IOException {
            return ExpressShop.startOrSkip(directory, gateway);
        }
    };

    /**
     * Starts the shop, or skips the test where it cannot run.
     *
     * @param gateway the URL of the gateway
     */
    abstract ShopServer open(Path directory, String gateway) throws IOException;

    /** A shop on a port of 127.0.0.1. */
    interface ShopServer extends AutoCloseable {
        int port();

        @Override
        void close();
    }
}
