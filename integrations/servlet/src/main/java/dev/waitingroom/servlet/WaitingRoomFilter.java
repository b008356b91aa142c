package dev.waitingroom.servlet;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets in only requests with a reservation of the room: in {@code Authorization: Bearer}, or in the cookie of the entry page. It fails
 * closed. Init parameters are the settings of {@link WaitingRoomSettings}.
 */
public final class WaitingRoomFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable WaitingRoomSettings given;
    private final transient KeyTimes times;
    private final transient InstantSource clock;
    private transient @Nullable Gate gate;

    /** For web.xml: the settings are init parameters. */
    public WaitingRoomFilter() {
        this(null, KeyTimes.DEFAULT, InstantSource.system());
    }

    /** For a filter that a program registers. */
    public WaitingRoomFilter(WaitingRoomSettings settings) {
        this(settings, KeyTimes.DEFAULT, InstantSource.system());
    }

    WaitingRoomFilter(@Nullable WaitingRoomSettings settings, KeyTimes times, InstantSource clock) {
        this.given = settings;
        this.times = times;
        this.clock = clock;
    }

    /** What a filter in service has. */
    private record Gate(
            PathRules paths,
            GatewayKeys keys,
            ReservationCheck check,
            ReservationCookie cookie,
            EntryPage entry,
            Answers answers) {}

    @Override
    public void init() throws ServletException {
        WaitingRoomSettings settings = given == null ? initParameters() : given;
        GatewayKeys keys = new GatewayKeys(settings.jwks(), times);
        ReservationCheck check = new ReservationCheck(settings, keys, clock);
        ReservationCookie cookie = new ReservationCookie(settings.room());
        Answers answers = new Answers(settings.room());
        EntryPage entry = new EntryPage(settings.room(), check, cookie, answers);
        gate = new Gate(settings.paths(), keys, check, cookie, entry, answers);
    }

    @Override
    public void destroy() {
        if (gate != null) {
            gate.keys().close();
        }
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Gate open = gate;
        if (open == null) {
            throw new ServletException("the filter was not initialised");
        }
        String path = path(request);
        if (open.entry().owns(path)) {
            open.entry().handle(path, request, response);
        } else if (isPreflight(request) || !open.paths().isProtected(path)) {
            chain.doFilter(request, response);
        } else {
            Reservation best = best(open, request);
            if (best instanceof Reservation.Valid) {
                chain.doFilter(request, response);
            } else if (best instanceof Reservation.Unknown) {
                open.answers().unavailable(response);
            } else {
                open.answers().refuse(request, response);
            }
        }
    }

    /** As the container understood it: decoded, without the context path. */
    private static String path(HttpServletRequest request) {
        String info = request.getPathInfo();
        return info == null ? request.getServletPath() : request.getServletPath() + info;
    }

    /** The shop may have a use of its own for Authorization, so that the cookie counts as well. */
    private static Reservation best(Gate gate, HttpServletRequest request) {
        Reservation best = Reservation.INVALID;
        List<String> tokens = new ArrayList<>();
        BearerToken.of(request).ifPresent(tokens::add);
        tokens.addAll(gate.cookie().values(request));
        for (String token : tokens) {
            Reservation next = gate.check().judge(token);
            if (next instanceof Reservation.Valid) {
                return next;
            }
            best = next instanceof Reservation.Unknown ? next : best;
        }
        return best;
    }

    /** A browser sends it without cookies and Authorization, and the request itself after it. */
    private static boolean isPreflight(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS")
                && request.getHeader("Origin") != null
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    private WaitingRoomSettings initParameters() throws ServletException {
        try {
            for (String name : Collections.list(getInitParameterNames())) {
                if (!WaitingRoomSettings.NAMES.contains(name)) {
                    throw new InvalidSettingException(name, "it is unknown: use one of " + WaitingRoomSettings.NAMES);
                }
            }
            return WaitingRoomSettings.read(name -> Optional.ofNullable(getInitParameter(name)));
        } catch (InvalidSettingException e) {
            throw new ServletException(
                    "filter " + getFilterName() + ", init parameter " + e.setting() + ": " + e.getMessage(), e);
        }
    }
}
