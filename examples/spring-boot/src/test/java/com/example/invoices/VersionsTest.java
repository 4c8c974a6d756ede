package com.example.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.catalina.util.ServerInfo;
import org.hibernate.Version;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;

/** Nothing that the files bring replaces what Spring Boot manages. */
class VersionsTest {

    private static final String BOOT = System.getProperty("invoices.boot", "4");

    @Test
    void classPath_isTheOneOfItsSpringBoot() {
        boolean older = BOOT.equals("3");
        assertThat(SpringBootVersion.getVersion()).startsWith(BOOT + ".");
        assertThat(Version.getVersionString()).startsWith(older ? "6.6." : "7.");
        assertThat(ServerInfo.getServerNumber()).startsWith(older ? "10.1." : "11.");
    }
}
