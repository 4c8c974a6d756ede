package com.example.invoices;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** Stands for the users that an application has; with the profile "demo" alone. Each one's password is the name. */
@Configuration(proxyBeanMethods = false)
@Profile("demo")
class DemoUsers {

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(
                User.withUsername("ann").password("{noop}ann").build(),
                User.withUsername("bob").password("{noop}bob").build(),
                User.withUsername("root").password("{noop}root").roles("ADMIN").build());
    }
}
