package com.example.invoices;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/** Browsers log in by a form and have a session and CSRF tokens; programs have bearer tokens, where an issuer is named. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    SecurityFilterChain security(HttpSecurity http, ObjectProvider<JwtDecoder> tokens) throws Exception {
        http.authorizeHttpRequests(paths -> {
            // An invoice's files go with the invoice.
            paths.requestMatchers(HttpMethod.DELETE, "/api/files/**").denyAll();
            // The servlet asks for a user by itself, and needs none where an address is signed.
            paths.requestMatchers("/api/files/**").permitAll();
            paths.requestMatchers("/csrf", "/error", "/actuator/health").permitAll();
            paths.requestMatchers("/actuator/**").hasRole("ADMIN");
            paths.anyRequest().authenticated();
        });
        http.formLogin(login -> login.defaultSuccessUrl("/api/files"));
        // Programs are told 401. As the only entry point it would take Spring Security's login page away.
        http.exceptionHandling(errors -> errors.defaultAuthenticationEntryPointFor(
                new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED),
                PathPatternRequestMatcher.withDefaults().matcher("/api/**")));
        if (tokens.getIfAvailable() != null) {
            http.oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults()));
        }
        return http.build();
    }
}
