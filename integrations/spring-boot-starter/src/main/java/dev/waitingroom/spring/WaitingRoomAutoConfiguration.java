package dev.waitingroom.spring;

import dev.waitingroom.servlet.InvalidSettingException;
import dev.waitingroom.servlet.WaitingRoomFilter;
import dev.waitingroom.servlet.WaitingRoomSettings;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** Registers {@link WaitingRoomFilter} for all requests, unless the application has such a filter of its own. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(prefix = WaitingRoomProperties.PREFIX, name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(WaitingRoomProperties.class)
public class WaitingRoomAutoConfiguration {
    /** After the filter that reads {@code X-Forwarded-Proto}, since the cookie depends on the scheme; before sessions and logins. */
    static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 10;

    @Bean
    @ConditionalOnMissingBean(value = WaitingRoomFilter.class, parameterizedContainer = FilterRegistrationBean.class)
    FilterRegistrationBean<WaitingRoomFilter> waitingRoomFilter(WaitingRoomProperties properties) {
        var registration = new FilterRegistrationBean<>(new WaitingRoomFilter(settings(properties)));
        registration.setOrder(ORDER);
        return registration;
    }

    private static WaitingRoomSettings settings(WaitingRoomProperties properties) {
        try {
            return WaitingRoomSettings.read(properties::setting);
        } catch (InvalidSettingException e) {
            throw new InvalidPropertyException(WaitingRoomProperties.PREFIX + "." + e.setting(), e);
        }
    }
}
