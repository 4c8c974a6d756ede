package com.example.invoices;

import jakarta.annotation.Resource;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings the tables up to date. Flyway's transactions are its own, too. */
public class Migrations implements ServletContextListener {

    @Resource(lookup = "java:jboss/datasources/files")
    private DataSource dataSource;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        Flyway.configure().dataSource(dataSource).load().migrate();
    }
}
