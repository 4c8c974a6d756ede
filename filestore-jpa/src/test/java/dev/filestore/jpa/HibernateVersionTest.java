package dev.filestore.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import org.hibernate.Version;
import org.junit.jupiter.api.Test;

/** Each run of this module's tests really has the Hibernate that the build means it to have. */
class HibernateVersionTest {

    @Test
    void hibernate_onThisClassPath_isTheVersionOfThisRun() {
        assertThat(Version.getVersionString()).isEqualTo(System.getProperty("filestore.hibernate"));
    }
}
