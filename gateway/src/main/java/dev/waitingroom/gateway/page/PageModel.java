package dev.waitingroom.gateway.page;

import dev.waitingroom.gateway.page.PageState.Action;
import dev.waitingroom.gateway.page.PageState.Place;
import dev.waitingroom.gateway.session.ReturnPath;
import dev.waitingroom.queue.room.TicketStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The variables of a template. docs/page.md lists them. */
final class PageModel {
    private final PageView view;
    private final Language language;
    private final PageText text;
    private final Map<String, Object> model = new HashMap<>();

    private PageModel(PageView view) {
        this.view = view;
        this.language = view.language();
        this.text = new PageText(language);
    }

    /**
     * @param nonce of the Content-Security-Policy
     * @param key tells this visitor's joins from those of others
     */
    static Map<String, Object> of(PageView view, Languages languages, PageAssets assets, String nonce, String key) {
        PageModel page = new PageModel(view);
        page.document(assets, nonce, key);
        page.state();
        page.place();
        page.handover();
        page.labels();
        page.switcher(languages);
        return page.model;
    }

    /** The path of the page and its form. An event id consists of characters that stand for themselves. */
    private String action() {
        return "/waiting/" + view.eventId();
    }

    private void document(PageAssets assets, String nonce, String key) {
        String title = view.settings().title();
        model.put("nonce", nonce);
        model.put("lang", language.tag());
        model.put("dir", language.direction());
        model.put("documentTitle", stateText("title") + (title.isEmpty() ? "" : " · " + title));
        model.put("iconColour", view.settings().colours().accent().css().substring(1));
        model.put("colours", PageTheme.css(view.settings().colours()));
        model.put("style", assets.style());
        model.put("code", assets.code());
        model.put("data", ScriptData.of(view, action(), key));
        model.put("refresh", view.preview() ? "" : refresh());
        model.put("action", action());
        model.put("return", view.returnTo());
        model.put("key", key);
        model.put("title", title);
        model.put("logo", view.settings().logo().map(logo -> action() + "/logo").orElse(""));
        model.put("note", view.settings().message());
    }

    /** A page that answers a form has another address than the page that is asked for next. */
    private String refresh() {
        String address = view.handover().link().isPresent()
                ? "; url=" + new ReturnPath(view.returnTo()).from(view.eventId())
                : "";
        return view.refreshSeconds().map(seconds -> seconds + address).orElse("");
    }

    private String stateText(String part) {
        return language.text(view.state().label() + "." + part);
    }

    private void state() {
        PageState state = view.state();
        boolean hasReason = state == PageState.CLOSED && !view.reason().isEmpty();
        Action action = state.action();
        model.put("state", state.label());
        model.put("stateTitle", stateText("title"));
        model.put("stateText", hasReason ? view.reason() : stateText("text"));
        model.put("reason", hasReason);
        model.put("button", action == Action.NONE ? "" : language.text(action.text()));
        model.put("buttonAction", action.form());
        model.put("second", state == PageState.MOVED);
        boolean waits = view.status()
                .filter(status -> status.state() == TicketStatus.State.WAITING)
                .isPresent();
        model.put("mayLeave", waits && state.place() != Place.NONE && state != PageState.ENTERING);
        model.put(
                "turn",
                waits && state == PageState.READY
                        ? language.text("turn").replace("{duration}", text.duration(view.turn()))
                        : "");
    }

    private void place() {
        boolean shown = view.state().place() == Place.SHOWN
                && view.status().filter(status -> status.position() > 0).isPresent();
        model.put("place", shown);
        model.put("position", "");
        model.put("ahead", "");
        model.put("eta", "");
        model.put("updated", "");
        view.status().filter(status -> shown).ifPresent(status -> {
            model.put("position", text.number(status.position()));
            model.put("ahead", text.number(status.position() - 1));
            model.put("eta", view.state() == PageState.WAITING ? text.eta(status.eta()) : language.text("eta.unknown"));
            model.put("updated", language.text("updated").replace("{time}", text.time(status.asOf())));
        });
        model.put("progressKnown", view.progress().isPresent());
        model.put("progress", view.progress().map(String::valueOf).orElse("0"));
    }

    private void handover() {
        Handover handover = view.handover();
        QrPicture picture = handover.link().map(Handover.Link::picture).orElse(QrPicture.NONE);
        model.put("handoverCode", handover.code());
        model.put("link", handover.link().map(Handover.Link::url).orElse(""));
        model.put("linkOpen", handover.link().isPresent() && !view.preview());
        model.put("qrSize", String.valueOf(picture.size()));
        model.put("qrPath", picture.path());
    }

    private void labels() {
        model.put(
                "label",
                Map.ofEntries(
                        label("position", "position"),
                        label("ahead", "ahead"),
                        label("wait", "wait"),
                        label("progress", "progress"),
                        label("message", "message"),
                        label("options", "option.heading"),
                        label("auto", "option.auto"),
                        label("sound", "option.sound"),
                        label("tab", "option.title"),
                        label("refresh", "refresh"),
                        label("again", "action.again"),
                        label("handover", "handover"),
                        label("handoverText", "handover.text"),
                        label("handoverShow", "action.handover"),
                        label("qr", "handover.qr"),
                        label("leave", "action.leave"),
                        label("leaveConfirm", "leave.confirm"),
                        label("leaveYes", "action.leave.confirm"),
                        label("language", "language")));
        model.put("languageName", language.name());
    }

    private Map.Entry<String, String> label(String name, String key) {
        return Map.entry(name, language.text(key));
    }

    private void switcher(Languages languages) {
        String returnTo = URLEncoder.encode(view.returnTo(), StandardCharsets.UTF_8);
        String code = view.handover().code().isEmpty()
                ? ""
                : PageEndpoint.withCode(view.handover().code());
        String preview = view.preview() ? "&preview=" + view.state().label() : "";
        List<Map<String, Object>> entries = languages.all().stream()
                .map(other -> Map.<String, Object>of(
                        "tag", other.tag(),
                        "name", other.name(),
                        "direction", other.direction(),
                        "current", other.tag().equals(language.tag()),
                        "href", "?lang=" + other.tag() + "&return=" + returnTo + code + preview))
                .toList();
        model.put("languages", entries);
    }
}
