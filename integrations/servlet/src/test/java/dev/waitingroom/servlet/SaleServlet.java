package dev.waitingroom.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Sells whatever is asked for. It answers asynchronously, which works only if all filters allow it. */
public final class SaleServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AsyncContext async = request.startAsync();
        String query = request.getQueryString();
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().print("sold " + request.getRequestURI() + (query == null ? "" : "?" + query));
        async.complete();
    }
}
