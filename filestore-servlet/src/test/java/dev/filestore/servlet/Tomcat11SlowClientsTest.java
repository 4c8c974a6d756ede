package dev.filestore.servlet;

import org.junit.jupiter.api.Tag;

@Tag("tomcat11")
class Tomcat11SlowClientsTest extends TomcatSlowClientsTest {}
