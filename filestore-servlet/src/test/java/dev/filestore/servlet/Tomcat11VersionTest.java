package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import org.apache.catalina.util.ServerInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The run named for Tomcat 11 really has it, and its servlet API in place of the one compiled against. */
@Tag("tomcat11")
class Tomcat11VersionTest {

    @Test
    void tomcat_onThisClassPath_is11() {
        assertThat(ServerInfo.getServerInfo()).startsWith("Apache Tomcat/11.0.");
    }

    @Test
    void servletApi_onThisClassPath_isTheContainers() {
        assertThat(ServletContext.class.getProtectionDomain().getCodeSource())
                .isEqualTo(ServerInfo.class.getProtectionDomain().getCodeSource());
    }
}
